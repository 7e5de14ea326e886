using Juke.Contract.Wire;
using static Juke.Client.Call;

namespace Juke.Client;

/// <summary>
/// One method for each endpoint, named as its operation in <c>contract/openapi.json</c>. It keeps nothing: who is signed in is the
/// matter of <see cref="Session"/>, whose <see cref="Session.Juke"/> is a client that carries the session's token.
/// </summary>
/// <remarks>
/// Every method throws <see cref="ProblemException"/> when the server refuses, <see cref="HttpRequestException"/> when there is no
/// readable answer (network, time-out), and <see cref="OperationCanceledException"/> when the caller no longer waits.
/// </remarks>
public sealed partial class JukeClient
{
    private readonly Call call;
    private readonly bool isWeb;

    /// <summary>A client over an <see cref="HttpClient"/> whose base address is the server's.</summary>
    /// <param name="http">Not disposed by this client.</param>
    /// <param name="time">The clock of the time-out.</param>
    /// <param name="timeout">How long an answer may take, body included; 15 seconds unless told.</param>
    /// <param name="cookies">Say <c>X-Client: web</c> where the refresh token travels as a cookie (contract §5).</param>
    public JukeClient(HttpClient http, TimeProvider? time = null, TimeSpan? timeout = null, bool cookies = false)
    {
        ArgumentNullException.ThrowIfNull(http);
        call = new Call(http, time ?? TimeProvider.System, timeout ?? DefaultTimeout);
        isWeb = cookies;
    }

    /// <summary>How long an answer may take unless told.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(15);

    /// <summary><c>POST /auth/register</c>: a new account with an address and a password. Hand it to <see cref="Session.SignInAsync"/>.</summary>
    public Task<AuthResult> RegisterAsync(RegisterRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/auth/register", Json(request, ClientJson.Default.RegisterRequest), ClientJson.Default.AuthResult, cancellation, Web);

    /// <summary><c>POST /auth/login</c>: an address or username, and the password. Hand it to <see cref="Session.SignInAsync"/>.</summary>
    public Task<AuthResult> LoginAsync(LoginRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/auth/login", Json(request, ClientJson.Default.LoginRequest), ClientJson.Default.AuthResult, cancellation, Web);

    /// <summary><c>POST /auth/google</c>: an ID token of Google's. Hand it to <see cref="Session.SignInAsync"/>.</summary>
    public Task<AuthResult> SignInWithGoogleAsync(GoogleSignInRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/auth/google", Json(request, ClientJson.Default.GoogleSignInRequest), ClientJson.Default.AuthResult, cancellation, Web);

    /// <summary><c>POST /auth/spotify</c>: an authorization code of Spotify's with its PKCE verifier. Hand it to <see cref="Session.SignInAsync"/>.</summary>
    public Task<AuthResult> SignInWithSpotifyAsync(SpotifySignInRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/auth/spotify", Json(request, ClientJson.Default.SpotifySignInRequest), ClientJson.Default.AuthResult, cancellation, Web);

    /// <summary><c>POST /auth/refresh</c>. <see cref="Session"/> does it, one at a time; calling it beside a session signs its user out.</summary>
    public Task<TokenPair> RefreshAsync(RefreshRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/auth/refresh", Json(request, ClientJson.Default.RefreshRequest), ClientJson.Default.TokenPair, cancellation, Web);

    /// <summary><c>POST /auth/logout</c>. Use <see cref="Session.SignOutAsync"/>, which forgets the tokens too.</summary>
    public Task<LogoutResult> LogoutAsync(LogoutRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/auth/logout", Json(request, ClientJson.Default.LogoutRequest), ClientJson.Default.LogoutResult, cancellation, Web);

    /// <summary><c>GET /auth/me</c>. Screens read <see cref="Session.State"/> instead (contract §10).</summary>
    public Task<User> MeAsync(CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Get, "/auth/me", null, ClientJson.Default.User, cancellation);

    /// <summary>With this token, whoever is signed in.</summary>
    internal Task<User> MeAsync(string accessToken, CancellationToken cancellation) =>
        call.SendAsync(HttpMethod.Get, "/auth/me", null, ClientJson.Default.User, cancellation, headers => headers.Authorization = new("Bearer", accessToken));

    /// <summary>By refresh token, else by access token, else by the cookie.</summary>
    internal Task<LogoutResult> LogoutAsync(string? refreshToken, string? accessToken, CancellationToken cancellation) =>
        call.SendAsync(
            HttpMethod.Post, "/auth/logout", Json(new LogoutRequest(refreshToken), ClientJson.Default.LogoutRequest), ClientJson.Default.LogoutResult, cancellation,
            headers =>
            {
                Web(headers);
                if (accessToken is not null) headers.Authorization = new("Bearer", accessToken);
            });

    /// <summary>Ends the session of this access token and leaves the cookie alone, which signing out takes away whosever it is.</summary>
    internal async Task RevokeAsync(string accessToken, CancellationToken cancellation)
    {
        var list = await call.SendAsync(HttpMethod.Get, "/auth/sessions", null, ClientJson.Default.SessionList, cancellation, Sign);
        if (list.Sessions.FirstOrDefault(s => s.Current) is not { } own) return;
        await call.SendAsync(HttpMethod.Delete, "/auth/sessions/" + Uri.EscapeDataString(own.Id), null, ClientJson.Default.Revoked, cancellation, Sign);

        void Sign(System.Net.Http.Headers.HttpRequestHeaders headers) => headers.Authorization = new("Bearer", accessToken);
    }

    /// <summary><c>GET /auth/sessions</c>: where the user is signed in.</summary>
    public Task<SessionList> ListSessionsAsync(CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Get, "/auth/sessions", null, ClientJson.Default.SessionList, cancellation);

    /// <summary><c>DELETE /auth/sessions/{id}</c>: sign out there. 404 when there is no such session.</summary>
    public Task<Revoked> RevokeSessionAsync(string id, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Delete, "/auth/sessions/" + Uri.EscapeDataString(id), null, ClientJson.Default.Revoked, cancellation);

    /// <summary><c>POST /auth/sessions/revoke-all</c>: sign out everywhere. Here too: <see cref="Session.SignOutAsync"/> afterwards.</summary>
    public Task<Revoked> RevokeAllSessionsAsync(CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/auth/sessions/revoke-all", null, ClientJson.Default.Revoked, cancellation, Web);

    private void Web(System.Net.Http.Headers.HttpRequestHeaders headers)
    {
        if (isWeb) headers.Add(ClientHeader, "web");
    }
}
