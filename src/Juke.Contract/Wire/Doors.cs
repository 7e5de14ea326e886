using System.ComponentModel.DataAnnotations;

namespace Juke.Contract.Wire;

/// <summary><c>POST /auth/spotify</c>: what Spotify gave at the redirect URI, and what the app kept beside it (PKCE).</summary>
/// <param name="Code">The code, once, within minutes.</param>
/// <param name="CodeVerifier">The verifier of the challenge that the app sent to Spotify (RFC 7636).</param>
/// <param name="RedirectUri">Where Spotify sent the code: one of the addresses that this server allows; for native apps a loopback IP with any port.</param>
public sealed record SpotifySignInRequest(
    [property: Required, StringLength(SpotifySignInRequest.MaxCode, MinimumLength = 1)] string? Code = null,
    [property: Required, StringLength(128, MinimumLength = 43), RegularExpression("^[A-Za-z0-9._~-]*$")] string? CodeVerifier = null,
    [property: Required, Url] string? RedirectUri = null)
{
    /// <summary>Characters of a code at most.</summary>
    public const int MaxCode = 2048;
}

/// <summary><c>POST /auth/google</c>: an ID token of one of this server's client ids.</summary>
/// <param name="IdToken">The ID token as Google made it.</param>
/// <param name="Nonce">The nonce that the app gave to Google; the token must then hold the same one.</param>
public sealed record GoogleSignInRequest(
    [property: Required, StringLength(GoogleSignInRequest.MaxToken, MinimumLength = 1)] string? IdToken = null,
    [property: StringLength(200, MinimumLength = 1)] string? Nonce = null)
{
    /// <summary>Characters of an ID token at most.</summary>
    public const int MaxToken = 10_000;
}

/// <summary><c>POST /api/v1/auth/social-login/</c>: a code with its verifier and redirect URI, or (old clients, where switched on) a bare access token.</summary>
/// <param name="Code">The code, once, within minutes.</param>
/// <param name="CodeVerifier">The verifier of the challenge that the app sent to Spotify (RFC 7636).</param>
/// <param name="RedirectUri">Where Spotify sent the code: one of the addresses that this server allows; for native apps a loopback IP with any port.</param>
/// <param name="AccessToken">An access token of Spotify. Deprecated: it cannot be bound to this app.</param>
public sealed record SocialLoginRequest(
    [property: StringLength(SpotifySignInRequest.MaxCode)] string? Code = null,
    [property: StringLength(128, MinimumLength = 43), RegularExpression("^[A-Za-z0-9._~-]*$")] string? CodeVerifier = null,
    [property: Url] string? RedirectUri = null,
    [property: StringLength(SpotifySignInRequest.MaxCode)] string? AccessToken = null);

/// <summary>The answer of <c>POST /api/v1/auth/social-login/</c>: the old keys, and where to go next.</summary>
/// <param name="Url">Address of the user: <c>GET /api/v1/users/{user_id}/</c>.</param>
/// <param name="Username">Empty until onboarding sets it.</param>
/// <param name="Email">Empty when there is none.</param>
/// <param name="Groups">Always empty.</param>
/// <param name="IsActive">Always true: who is not active does not sign in.</param>
/// <param name="Token">For <c>Authorization: Token</c>; 40 hex digits.</param>
/// <param name="OnboardingRequired">Route by this one: true means onboarding comes first.</param>
/// <param name="IsNewUser">Whether this call made the account. Never route by it: a lost reply makes a first sign-in look like a second.</param>
public sealed record SocialLoginResult(
    [property: Url] string Url,
    string Username,
    string Email,
    IReadOnlyList<string> Groups,
    bool IsActive,
    string Token,
    bool OnboardingRequired,
    bool IsNewUser);
