using System.Net;
using Juke.Contract.Wire;

namespace Juke.Client.Tests.Faults;

/// <summary>
/// One random story: an app over the SDK, a real server on a real database, a network between them that does what it likes. Server and
/// app share one clock, which runs about a thousand times as fast as ours.
/// </summary>
/// <remarks>
/// The seed decides the steps, what happens to the n-th request of each path, and the jitter: each from a stream of its own, so that the
/// same seed tells the same story however the threads of a run interleave.
/// </remarks>
internal sealed class FaultSchedule(int seed, FaultyNetwork network, JukeServer server, Func<Task> restartServer) : IAsyncDisposable
{
    private const int Steps = 14;

    /// <summary>How long the network may have been back until the app must be well again, by the clock: a few of the longest pauses.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly Random random = new(seed);
    private readonly Random jitter = new(seed ^ 0x5bd1e995);
    private readonly Dictionary<string, Random> weather = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private int burst;
    private readonly MemoryTokenStore store = new();
    private readonly OneRefreshAtATime counter = new(network);
    private Session session = null!;
    private volatile bool isGuest;

    public async Task RunAsync()
    {
        network.Clear();
        network.Weather = _ => Fault.None;
        Open();
        var user = await session.SignInAsync((juke, stop) => juke.RegisterAsync(new RegisterRequest(TestClient.NewEmail(), TestClient.Password), stop));
        network.Weather = FaultOf;
        for (var i = 0; i < Steps; i++)
        {
            await StepAsync();
            if (isGuest) Fail("signed out");
        }
        network.Weather = _ => Fault.None;
        await UntilWellAsync(user.Id);
        if (counter.Most > 1) Fail($"{counter.Most} refreshes at once");
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        counter.Dispose();
    }

    private async Task StepAsync()
    {
        switch (random.Next(11))
        {
            case < 3:
                await PassAsync(TimeSpan.FromSeconds(random.Next(1, 60)));
                break;
            case < 5:
                network.Note("-- the access token ends");
                await PassAsync(TimeSpan.FromSeconds(1000));
                break;
            case < 8:
                await CallAsync(random.Next(1, 5));
                break;
            case 8:
                network.Note("-- the app is started anew");
                await session.DisposeAsync();
                Open();
                _ = session.StartAsync();
                break;
            case 9:
                network.Note("-- a burst of 5xx");
                lock (gate) burst = random.Next(2, 7);
                break;
            default:
                if (random.Next(4) == 0)
                {
                    network.Note("-- the server is started anew");
                    await restartServer();
                }
                else session.RetryNow();
                break;
        }
    }

    /// <summary>Screens that call, some of which lose patience.</summary>
    private async Task CallAsync(int count)
    {
        using var impatient = new CancellationTokenSource();
        var calls = Enumerable.Range(0, count).Select(i => OneAsync(i == 0 && count > 1 ? impatient.Token : default)).ToList();
        if (random.Next(2) == 0) await impatient.CancelAsync();
        while (!calls.TrueForAll(c => c.IsCompleted)) await PassAsync(TimeSpan.FromSeconds(1));
        await Task.WhenAll(calls);

        async Task OneAsync(CancellationToken stop)
        {
            try
            {
                await session.Juke.ListSessionsAsync(stop);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException || e is ProblemException { IsTransient: true })
            {
                // What a screen shows as "no connection".
            }
            catch (ProblemException e)
            {
                network.Note($"-- a screen was refused: {(int)e.Status} {e.Code}");
                if (e.Status == HttpStatusCode.Unauthorized) isGuest = true;
            }
        }
    }

    private async Task UntilWellAsync(long userId)
    {
        network.Note("-- the network is back");
        await PassAsync(TimeSpan.FromSeconds(5)); // The last 503 may still hold the session back.
        var deadline = server.Clock.GetUtcNow() + Patience;
        while (server.Clock.GetUtcNow() < deadline && !isGuest)
        {
            if (session.State is { Status: SessionStatus.Authed, IsUnreachable: false, User: { } user } && user.Id == userId)
            {
                (await session.Juke.ListSessionsAsync()).Sessions.Count.ShouldBe(1);
                return;
            }
            _ = session.StartAsync();
            await PassAsync(TimeSpan.FromSeconds(5));
        }
        Fail($"{session.State} though the network is back");
    }

    /// <summary>Little by little, so that what falls due can be done before the next thing does.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        var slice = TimeSpan.FromSeconds(Math.Max(1, time.TotalSeconds / 20));
        for (var passed = TimeSpan.Zero; passed < time; passed += slice)
        {
            // A request that is minutes late on its way, by this clock, would be another story: no rotation survives a spent token that
            // overtakes its own successor by more than the grace (docs/decisions/0005).
            while (network.IsBusy) await Task.Delay(1);
            server.Clock.Advance(slice);
            await Task.Delay(2);
        }
    }

    private Fault FaultOf(string call)
    {
        lock (gate)
        {
            if (!weather.TryGetValue(call, out var stream))
                weather[call] = stream = new Random(call.Aggregate(seed, (hash, letter) => unchecked(hash * 31 + letter))); // Not GetHashCode, which differs from run to run.
            var fault = stream.Next(2) == 0 ? Fault.None : (Fault)stream.Next(1, 8);
            return burst > 0 && burst-- > 0 ? fault == Fault.None ? Fault.BadGateway : Fault.Unavailable : fault;
        }
    }

    private double Jitter()
    {
        lock (jitter) return jitter.NextDouble();
    }

    private void Open()
    {
        session = new Session(new SessionOptions { Server = network.Url, Store = store, Time = server.Clock, Handler = counter.NewHandler(), Jitter = Jitter });
        session.Changed += (_, e) =>
        {
            if (e.State.Status == SessionStatus.Guest) isGuest = true;
        };
    }

    private void Fail(string what) => Assert.Fail($"JUKE_SEED={seed}: {what}\n{network.Log}");
}

/// <summary>Counts the refreshes that are on their way at the same time, where the SDK hands them to the network.</summary>
internal sealed class OneRefreshAtATime(FaultyNetwork network) : IDisposable
{
    private readonly FaultyNetwork network = network;
    private readonly List<IDisposable> handlers = [];
    private int now;
    private int most;

    public int Most => most;

    public HttpMessageHandler NewHandler()
    {
        var handler = new Counting(this) { InnerHandler = new SocketsHttpHandler { UseCookies = false } };
        handlers.Add(handler);
        return handler;
    }

    public void Dispose() => handlers.ForEach(h => h.Dispose());

    private sealed class Counting(OneRefreshAtATime counter) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var name = counter.network.Sent(request);
            try
            {
                return request.RequestUri!.AbsolutePath == "/auth/refresh" ? await CountAsync(request, cancellationToken) : await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                counter.network.Gone(name);
            }
        }

        private async Task<HttpResponseMessage> CountAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var together = Interlocked.Increment(ref counter.now);
            int seen;
            while (together > (seen = counter.most) && Interlocked.CompareExchange(ref counter.most, together, seen) != seen)
            {
                // Somebody else counted meanwhile: look again.
            }
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref counter.now);
            }
        }
    }
}
