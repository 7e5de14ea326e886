using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Juke.Contract;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.WebUtilities;

namespace Juke.Server.Spotify;

/// <summary>Spotify, as far as this server speaks with it: accounts service and Web API. Each quirk is cited at its line.</summary>
internal sealed class SpotifyService(Settings settings, TimeProvider time, ILogger<SpotifyService> logger) : IDisposable
{
    private static readonly Problem NotSetUp = new(ProblemCode.ProviderUnavailable, "Spotify is not set up here. Please use another way.") { RetryAfter = TimeSpan.FromHours(1) };

    private static readonly Problem NotGood = new(ProblemCode.InvalidProviderToken, "Spotify does not know this sign-in, or it is too old. Please try again.");

    private static readonly Problem Refused = new(ProblemCode.ProviderRefused, "Spotify does not let this account use Juke. Please use another way.");

    private static readonly Problem Ended = new(ProblemCode.SpotifyRefreshFailed, "Spotify authentication expired. Please reconnect your account.");

    private const string NoAnswer = "Spotify authentication is temporarily unavailable. Please try again.";

    private readonly ProviderHttp http = new(ProviderPerson.Spotify, time);
    private readonly Shared<string, Outcome<ClientToken>> tokens = new();
    private readonly Pause limited = new(time);
    private ClientToken? clientToken;

    /// <summary>Whether this server is registered at Spotify.</summary>
    public bool IsSetUp => settings.Spotify is not null;

    /// <summary>Where a browser is sent to sign in.</summary>
    /// <param name="redirectUri">Exactly as registered (developer.spotify.com/documentation/web-api/concepts/redirect_uri).</param>
    /// <param name="state">One-time, bound to the browser.</param>
    /// <param name="codeChallenge">S256 of the verifier. Once sent, the exchange must carry the verifier, beside the secret too (FormidableLabs/react-native-app-auth#666).</param>
    /// <param name="scope">Separated by spaces; may be empty.</param>
    /// <param name="showDialog">Asks the person even if they agreed before.</param>
    public Uri AuthorizeUrl(string redirectUri, string state, string codeChallenge, string scope, bool showDialog)
    {
        var spotify = settings.Spotify ?? throw new InvalidOperationException("Spotify is not set up: ask IsSetUp first.");
        return new Uri(QueryHelpers.AddQueryString(new Uri(spotify.Accounts, "/authorize").AbsoluteUri, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["client_id"] = spotify.ClientId,
            ["response_type"] = "code",
            ["redirect_uri"] = redirectUri,
            ["state"] = state,
            ["scope"] = scope.Length == 0 ? null : scope,
            ["show_dialog"] = showDialog ? "true" : null,
            ["code_challenge_method"] = "S256",
            ["code_challenge"] = codeChallenge,
        }));
    }

    /// <summary>The tokens for a code. Sent once and never again: a code is good for one try, and a second one could end what the first began.</summary>
    public async Task<Outcome<SpotifyTokens>> ExchangeAsync(string code, string codeVerifier, string redirectUri, CancellationToken cancellation)
    {
        if (settings.Spotify is not { } spotify) return NotSetUp;
        var reply = await http.SendAsync(
            "exchange", () => TokenRequest(spotify, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectUri), ("code_verifier", codeVerifier)),
            again: false, cancellation);
        return reply switch
        {
            { Status: 200 } when SpotifyJson.Tokens(reply) is { } given => given,
            { Status: 400 or 401 or 403, OAuthError: "invalid_client" } => WrongSecret(reply),
            { Status: 400 or 401 or 403, OAuthError: "invalid_grant" or "invalid_request" } or { Status: 401 } => NotGood,
            { Status: 403 } => Refused,
            _ => reply.Unavailable(NoAnswer),
        };
    }

    /// <summary>New tokens for a refresh token.</summary>
    /// <returns>
    /// <c>SPOTIFY_REFRESH_FAILED</c> when the token is dead: revoked, or six months after the person agreed (blog 2026-06-18);
    /// <c>PROVIDER_UNAVAILABLE</c> when only the answer is missing, and the token may be as good as before.
    /// </returns>
    public async Task<Outcome<SpotifyTokens>> RefreshAsync(string refreshToken, CancellationToken cancellation)
    {
        if (settings.Spotify is not { } spotify) return NotSetUp;
        var reply = await http.SendAsync("refresh", () => TokenRequest(spotify, ("grant_type", "refresh_token"), ("refresh_token", refreshToken)), again: true, cancellation);
        return reply switch
        {
            { Status: 200 } when SpotifyJson.Tokens(reply) is { } given => given,
            { Status: 400 or 401 or 403, OAuthError: "invalid_grant" } => Ended,
            // Our own secret, not the person's token: a mistake in our settings must not cost everybody their connection.
            { Status: 400 or 401 or 403, OAuthError: "invalid_client" } => WrongSecret(reply),
            _ => reply.Unavailable(NoAnswer),
        };
    }

    /// <summary>Who a token belongs to. That it was made for this app nobody can tell (RFC 9700 §4.6).</summary>
    public async Task<Outcome<ProviderPerson>> WhoIsAsync(string accessToken, CancellationToken cancellation)
    {
        if (settings.Spotify is not { } spotify) return NotSetUp;
        if (!SpotifyJson.IsToken(accessToken)) return NotGood;
        var reply = await http.SendAsync("me", () => ApiRequest(spotify, "/v1/me", accessToken), again: true, cancellation);
        return reply switch
        {
            { Status: 200 } when SpotifyJson.Person(reply) is { } person => person,
            // 400 "Only valid bearer authentication supported": not a token of theirs.
            { Status: 400 or 401 } => NotGood,
            // Not on the app's list: plain text of 46 bytes (zmb3/spotify#232), or JSON. So is an owner without Premium (blastbeng/spotisub#105).
            { Status: 403 } => Refused,
            _ => reply.Unavailable(NoAnswer),
        };
    }

    /// <summary>Artists by name, or by <c>genre:"…"</c>, in this server's own name.</summary>
    /// <param name="query">Spotify's search syntax.</param>
    /// <param name="limit">1..10: more is refused in Development Mode (changes/february-2026).</param>
    /// <param name="cancellation">The caller's.</param>
    public async Task<Outcome<SpotifyArtist[]>> SearchArtistsAsync(string query, int limit, CancellationToken cancellation)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/v1/search?q={Uri.EscapeDataString(query)}&type=artist&limit={Math.Clamp(limit, 1, 10)}");
        var reply = await CatalogueAsync("search", path, cancellation);
        if (reply.Failed) return reply.Problem;
        return reply.Value.Status == 200 && SpotifyJson.Artists(reply.Value) is { } found ? found : reply.Value.Unavailable(NoAnswer);
    }

    /// <summary>The artist of an id, in this server's own name; nobody when there is none.</summary>
    /// <param name="id">22 characters.</param>
    /// <param name="cancellation">The caller's.</param>
    public async Task<Outcome<SpotifyArtist[]>> ArtistAsync(string id, CancellationToken cancellation)
    {
        var reply = await CatalogueAsync("artist", "/v1/artists/" + Uri.EscapeDataString(id), cancellation);
        if (reply.Failed) return reply.Problem;
        return reply.Value switch
        {
            { Status: 200 } when SpotifyJson.Artist(reply.Value) is { } found => (SpotifyArtist[])[found],
            { Status: 400 or 404 } => Array.Empty<SpotifyArtist>(),
            _ => reply.Value.Unavailable(NoAnswer),
        };
    }

    public void Dispose() => http.Dispose();

    private async Task<Outcome<ProviderReply>> CatalogueAsync(string call, string path, CancellationToken cancellation)
    {
        if (settings.Spotify is not { } spotify) return NotSetUp;
        // The limit is the app's (rate-limits): whichever call was told to wait, all that can wait do. Sign-ins are tried all the same.
        if (limited.Left is { Ticks: > 0 } wait) return new Problem(ProblemCode.ProviderUnavailable, NoAnswer) { RetryAfter = wait };
        var token = await ClientTokenAsync(spotify, cancellation);
        if (token.Failed) return token.Problem;
        var reply = await http.SendAsync(call, () => ApiRequest(spotify, path, token.Value.Text), again: false, cancellation);
        if (reply.Status == 429) limited.AtLeast(reply.Unavailable(NoAnswer).RetryAfter!.Value);
        if (reply.Status == 401) Interlocked.CompareExchange(ref clientToken, null, token.Value); // Ended before its time: the next call takes a new one.
        return reply;
    }

    private async Task<Outcome<ClientToken>> ClientTokenAsync(SpotifySettings spotify, CancellationToken cancellation)
    {
        if (Volatile.Read(ref clientToken) is { } known && known.EndsAt > time.GetUtcNow()) return known;
        return await tokens.RunAsync("client", async () =>
        {
            var asked = time.GetUtcNow();
            if (Volatile.Read(ref clientToken) is { } since && since.EndsAt > asked) return since; // Taken since the caller looked.
            var reply = await http.SendAsync("client_token", () => TokenRequest(spotify, ("grant_type", "client_credentials")), again: true, CancellationToken.None);
            if (reply.Status == 429) limited.AtLeast(reply.Unavailable(NoAnswer).RetryAfter!.Value);
            if (reply.Status != 200 || SpotifyJson.Tokens(reply) is not { } given)
                return reply.OAuthError == "invalid_client" ? WrongSecret(reply) : reply.Unavailable(NoAnswer);
            var token = new ClientToken(given.AccessToken, asked + (given.ExpiresIn ?? TimeSpan.FromHours(1)) - TimeSpan.FromMinutes(1));
            Volatile.Write(ref clientToken, token);
            return (Outcome<ClientToken>)token;
        }, cancellation);
    }

    private Problem WrongSecret(ProviderReply reply)
    {
        logger.LogError("Spotify does not accept JUKE_SPOTIFY_CLIENT_ID and JUKE_SPOTIFY_CLIENT_SECRET");
        return reply.Unavailable(NoAnswer);
    }

    private static HttpRequestMessage TokenRequest(SpotifySettings spotify, params (string Name, string Value)[] form) =>
        new(HttpMethod.Post, new Uri(spotify.Accounts, "/api/token"))
        {
            Content = new FormUrlEncodedContent(form.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))),
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{spotify.ClientId}:{spotify.ClientSecret}"))) },
        };

    private static HttpRequestMessage ApiRequest(SpotifySettings spotify, string path, string accessToken) =>
        new(HttpMethod.Get, new Uri(spotify.Api, path)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", accessToken) } };

    private sealed record ClientToken(string Text, DateTimeOffset EndsAt);
}
