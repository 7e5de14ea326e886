using Juke.Contract;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.WebUtilities;

namespace Juke.Server.Google;

/// <summary>Google, as far as this server speaks with it: ID tokens, and the code flow of the hosted pages.</summary>
internal sealed class GoogleService : IDisposable
{
    public const string NoAnswer = "Google sign-in is temporarily unavailable. Please try again.";

    private static readonly Problem NotSetUp = new(ProblemCode.ProviderUnavailable, "Google is not set up here. Please use another way.") { RetryAfter = TimeSpan.FromHours(1) };

    // One answer for every fault of a token: which check failed is of use to forgers only.
    private static readonly Problem NotGood = new(ProblemCode.InvalidProviderToken, "Invalid Google ID token");

    private readonly GoogleSettings? google;
    private readonly TimeProvider time;
    private readonly ProviderHttp http;
    private readonly GoogleKeys keys;
    private readonly ILogger<GoogleService> logger;
    private readonly Uri authorize;
    private readonly Uri token;

    public GoogleService(Settings settings, TimeProvider time, ILogger<GoogleService> logger)
    {
        (google, this.time, this.logger) = (settings.Google, time, logger);
        http = new ProviderHttp(ProviderPerson.Google, time);
        // Fixed, not discovered: keys come from a place that was configured beforehand (ASVS 9.1.3).
        authorize = new Uri(google?.Elsewhere ?? new Uri("https://accounts.google.com"), "/o/oauth2/v2/auth");
        token = new Uri(google?.Elsewhere ?? new Uri("https://oauth2.googleapis.com"), "/token");
        keys = new GoogleKeys(http, new Uri(google?.Elsewhere ?? new Uri("https://www.googleapis.com"), "/oauth2/v3/certs"), time);
    }

    /// <summary>Whether ID tokens can be checked here.</summary>
    public bool IsSetUp => google is not null;

    /// <summary>Whether the hosted pages can send people to Google: that takes a secret too.</summary>
    public bool HasPages => google?.ClientSecret is not null;

    /// <summary>Who an ID token names.</summary>
    /// <param name="idToken">As it came from outside.</param>
    /// <param name="nonce">What the token must carry; null when the sender has none of ours, then none is asked.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task<Outcome<ProviderPerson>> VerifyAsync(string idToken, string? nonce, CancellationToken cancellation)
    {
        if (google is null) return NotSetUp;
        if (GoogleClaims.KeyId(idToken) is not { } id) return NotGood;
        var key = await keys.FindAsync(id, cancellation);
        if (key.Failed) return key.Problem;
        if (key.Value is not { } found || !await GoogleSignature.IsGoodAsync(idToken, found, cancellation)) return NotGood;
        return GoogleClaims.Read(idToken, google, nonce, time.GetUtcNow()) is { } person ? person : NotGood;
    }

    /// <summary>Where a browser is sent to sign in.</summary>
    /// <param name="redirectUri">Exactly as registered.</param>
    /// <param name="state">One-time, bound to the browser.</param>
    /// <param name="codeChallenge">S256 of the verifier.</param>
    /// <param name="nonce">Comes back inside the ID token.</param>
    /// <param name="chooseAccount">Asks which account, even if the browser is signed in with one.</param>
    public Uri AuthorizeUrl(string redirectUri, string state, string codeChallenge, string nonce, bool chooseAccount = false)
    {
        if (!HasPages) throw new InvalidOperationException("Google is not set up for pages: ask HasPages first.");
        return new Uri(QueryHelpers.AddQueryString(authorize.AbsoluteUri, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["client_id"] = google!.ClientIds[0],
            ["response_type"] = "code",
            ["redirect_uri"] = redirectUri,
            ["scope"] = "openid email profile",
            ["state"] = state,
            ["nonce"] = nonce,
            ["code_challenge_method"] = "S256",
            ["code_challenge"] = codeChallenge,
            ["prompt"] = chooseAccount ? "select_account" : null,
        }));
    }

    /// <summary>Who a code of the hosted pages stands for. Sent once and never again.</summary>
    public async Task<Outcome<ProviderPerson>> ExchangeAsync(string code, string codeVerifier, string redirectUri, string nonce, CancellationToken cancellation)
    {
        if (google is not { ClientSecret: { } secret }) return NotSetUp;
        var reply = await http.SendAsync(
            "exchange", () => new HttpRequestMessage(HttpMethod.Post, token)
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["grant_type"] = "authorization_code",
                    ["client_id"] = google.ClientIds[0],
                    ["client_secret"] = secret,
                    ["code"] = code,
                    ["code_verifier"] = codeVerifier,
                    ["redirect_uri"] = redirectUri,
                }),
            }, again: false, cancellation);
        switch (reply)
        {
            case { Status: 200 } when reply.Json()?.Text("id_token", GoogleClaims.Longest) is { } idToken:
                return await VerifyAsync(idToken, nonce, cancellation);
            case { Status: 400 or 401 or 403, OAuthError: "invalid_client" or "unauthorized_client" or "redirect_uri_mismatch" }:
                logger.LogError("Google does not accept the first of JUKE_GOOGLE_CLIENT_IDS with JUKE_GOOGLE_CLIENT_SECRET and this server's callback address");
                return reply.Unavailable(NoAnswer);
            case { Status: 400 or 401 or 403, OAuthError: "invalid_grant" or "invalid_request" }:
            case { Status: 401 }:
                return new Problem(ProblemCode.InvalidProviderToken, "Google does not know this sign-in, or it is too old. Please try again.");
            case { Status: 403 }:
                return new Problem(ProblemCode.ProviderRefused, "Google does not let this account use Juke. Please use another way.");
            default:
                return reply.Unavailable(NoAnswer);
        }
    }

    public void Dispose() => http.Dispose();
}
