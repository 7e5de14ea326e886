using System.Net;
using Juke.Contract.Wire;

namespace Juke.Client.Tests.Faults;

/// <summary>
/// One random story: an app over the SDK, a real server on a real database, a network between them that does what it likes. Server and
/// app share one clock, which runs about a thousand times as fast as ours.
/// </summary>
internal sealed class FaultSchedule(int seed, FaultyNetwork network, JukeServer server, Func<Task> restartServer) : IAsyncDisposable
{
    private const int Steps = 14;

    /// <summary>How long the network may have been back until the app must be well again, by the clock: a few of the longest pauses.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly Random random = new(seed);
    private readonly MemoryTokenStore store = new();
    private readonly OneRefreshAtATime counter = new(network);
    private Session session = null!;
    private volatile bool isGuest;

    public async Task RunAsync()
    {
        network.Clear();
        network.Weather = () => Fault.None;
        Open();
        var user = await session.SignInAsync((juke, stop) => juke.RegisterAsync(new RegisterRequest(TestClient.NewEmail(), TestClient.Password), stop));
        network.Weather = RandomFault;
        for (var i = 0; i < Steps; i++)
        {
            await StepAsync();
            if (isGuest) Fail("signed out");
        }
        network.Weather = () => Fault.None;
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
        switch (random.Next(10))
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

    private Fault RandomFault()
    {
        lock (random) return random.Next(2) == 0 ? Fault.None : (Fault)random.Next(1, 8);
    }

    private void Open()
    {
        session = new Session(new SessionOptions { Server = network.Url, Store = store, Time = server.Clock, Handler = counter.NewHandler() });
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
