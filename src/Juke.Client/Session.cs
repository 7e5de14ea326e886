using System.Net;
using Juke.Contract.Wire;

namespace Juke.Client;

/// <summary>
/// Who is signed in on this device, kept true by the rules of contract §10: one refresh at a time for everybody who waits, tokens stored
/// before they are used, nothing lost by a network that fails, nothing brought back by an answer that comes late.
/// </summary>
/// <remarks>Safe for use from many threads. One for an app; see <c>session.md</c> beside this file for its states.</remarks>
public sealed partial class Session : IAsyncDisposable
{
    /// <summary>How long signing out waits for the server before it leaves.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    private readonly SessionOptions options;
    private readonly TimeProvider time;
    private readonly HttpMessageHandler sender;
    private readonly HttpClient open;
    private readonly HttpClient signed;
    private readonly JukeClient doors;
    private readonly Announcer announcer;
    private readonly Lock gate = new();

    /// <summary>Cookies, where the session keeps them itself: cookie mode without a handler of the app.</summary>
    private readonly CookieContainer? jar;

    /// <summary>Held while the store is looked at and written, so that a late answer is never stored after a sign-out.</summary>
    private readonly SemaphoreSlim storing = new(1, 1);

    private Era era = new();
    private int signOuts;
    private bool isStarted;
    private bool isClosed;

    /// <summary>A session that knows nothing yet: <see cref="StartAsync"/> looks whether somebody is signed in.</summary>
    public Session(SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Timeout <= TimeSpan.Zero || options.Timeout > LongestTimeout)
            throw new ArgumentOutOfRangeException(nameof(options), options.Timeout, $"The time-out must be above zero and at most {LongestTimeout}.");
        announcer = new Announcer(state => Changed?.Invoke(this, new SessionChangedEventArgs(state)));
        this.options = options;
        time = options.Time;
        jar = options is { UseCookies: true, Handler: null } ? new CookieContainer() : null;
        sender = options.Handler ?? NewSender(jar);
        open = NewHttp(sender);
        signed = NewHttp(new SessionHandler(this, sender));
        doors = new JukeClient(open, time, options.Timeout, options.UseCookies);
        Juke = new JukeClient(signed, time, options.Timeout, options.UseCookies);
    }

    /// <summary>Each new state, in order, on no particular thread.</summary>
    public event EventHandler<SessionChangedEventArgs>? Changed;

    /// <summary>The state now.</summary>
    public SessionState State => announcer.Current;

    /// <summary>The endpoints, with the token of whoever is signed in.</summary>
    public JukeClient Juke { get; }

    /// <summary>The state now and each new one, in order, until the session is disposed.</summary>
    public IAsyncEnumerable<SessionState> WatchAsync(CancellationToken cancellation = default) => announcer.WatchAsync(cancellation);

    /// <summary>
    /// App start: looks whether somebody is signed in, and asks the server who. It goes on trying for as long as the server cannot be
    /// reached; the task ends once the state is no longer loading. Cancelling it stops the wait, not the start.
    /// </summary>
    public Task StartAsync(CancellationToken cancellation = default)
    {
        Era? begun = null;
        lock (gate)
        {
            if (!isStarted && State.Status == SessionStatus.Loading) begun = era;
            isStarted = true;
        }
        if (begun is not null) _ = BeginAsync(begun);
        return announcer.Settled.WaitAsync(cancellation);
    }

    /// <summary>Signs in by any door, and stores the tokens before anybody hears of it. Whoever was signed in here is signed out.</summary>
    /// <param name="door">For example <c>(juke, stop) => juke.LoginAsync(new(email, password), stop)</c>. What it throws is thrown.</param>
    /// <param name="cancellation">Stops the door; once it has answered, the sign-in is kept.</param>
    /// <returns>The user. Route by <see cref="User.OnboardingRequired"/>.</returns>
    /// <exception cref="OperationCanceledException">Cancelled, or <see cref="SignOutAsync"/> was called before the answer came: it was dropped.</exception>
    public async Task<User> SignInAsync(Func<JukeClient, CancellationToken, Task<AuthResult>> door, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(door);
        int before;
        lock (gate) before = signOuts;
        var asked = time.GetUtcNow();
        var answer = await door(doors, cancellation);
        var adoption = default(Adoption);
        try
        {
            var fresh = Grant.Of(answer.AccessToken, answer.ExpiresIn, asked, options.Jitter());
            adoption = await AdoptAsync(answer.User, fresh, new StoredTokens(answer.RefreshToken), before);
        }
        finally
        {
            // Nobody will ever use it: not left open on the server.
            if (!adoption.IsKept) await LeaveAsync(answer.RefreshToken, answer.AccessToken, CancellationToken.None);
            if (!adoption.IsKept && State.Status == SessionStatus.Guest) TakeCookie();
        }
        // Nor is the one that stood here before.
        if (adoption.Former is { } former) await LeaveAsync(former.RefreshToken, null, cancellation);
        else if (adoption.FormerGrant is { } grant) await LeaveAsync(stop => doors.RevokeAsync(grant.Token, stop), cancellation);
        return adoption.IsKept ? answer.User : throw new OperationCanceledException("Signed out before the sign-in was answered.");
    }

    /// <summary>
    /// Signs out here at once, and on the server if it can be reached. Never throws; again is fine. An answer still on its way is dropped.
    /// </summary>
    /// <param name="cancellation">Stops waiting for the server. This device is signed out all the same.</param>
    public async Task SignOutAsync(CancellationToken cancellation = default)
    {
        Grant? grant;
        lock (gate)
        {
            signOuts++;
            grant = era.Grant;
            Replace(new Era());
            announcer.Set(new SessionState(SessionStatus.Guest));
        }
        var kept = await ForgetAsync();
        announcer.Tell();
        if (kept is not null || grant is not null || options.UseCookies) await LeaveAsync(kept?.RefreshToken, grant?.Token, cancellation);
    }

    /// <summary>Asks <c>/auth/me</c> anew: after the user changed a name, or came back to the app. Null when nobody is signed in.</summary>
    public async Task<User?> ReloadUserAsync(CancellationToken cancellation = default)
    {
        Era now;
        lock (gate) now = era;
        return State.Status == SessionStatus.Guest ? null : await AskAsync(now, Join.None, cancellation);
    }

    /// <summary>
    /// Tries now what <see cref="SessionState.IsUnreachable"/> waits for: a button, or a network that came back. The only thing that
    /// comes before a <c>Retry-After</c> of the server: somebody asked for it.
    /// </summary>
    public void RetryNow()
    {
        lock (gate)
        {
            era.Respite = null;
            era.Wake();
        }
    }

    /// <summary>Stops. Nobody is signed out: the next start finds the session again.</summary>
    public ValueTask DisposeAsync()
    {
        lock (gate)
        {
            isClosed = true;
            era.Dispose();
        }
        announcer.Close();
        open.Dispose();
        signed.Dispose();
        sender.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SocketsHttpHandler NewSender(CookieContainer? jar)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = jar is not null, PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        if (jar is not null) handler.CookieContainer = jar;
        return handler;
    }

    private HttpClient NewHttp(HttpMessageHandler handler)
    {
        // The time-out is the call's, by the clock that tests can move.
        var http = new HttpClient(handler, disposeHandler: false) { BaseAddress = options.Server, Timeout = Timeout.InfiniteTimeSpan };
        if (options.Device is { Length: > 0 } device) http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", device);
        return http;
    }

    /// <summary>Under the lock: from here on, answers to the former era mean nothing.</summary>
    private void Replace(Era next)
    {
        era.Dispose();
        era = next;
    }

    private Task LeaveAsync(string? refreshToken, string? accessToken, CancellationToken cancellation) =>
        LeaveAsync(stop => doors.LogoutAsync(refreshToken, refreshToken is null ? accessToken : null, stop), cancellation);

    private async Task LeaveAsync(Func<CancellationToken, Task> farewell, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Farewell, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await farewell(either.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever the app's handler throws.
            // The session ends on the server when it is idle for 30 days; this device holds nothing of it any more.
        }
    }
}
