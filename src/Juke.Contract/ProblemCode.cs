namespace Juke.Contract;

/// <summary>
/// The closed list of problem codes. Clients branch on <c>code</c>, never on texts (RFC 9457; contract rule E1).
/// <see cref="StatusOf"/> is the one table from code to HTTP status.
/// </summary>
public static class ProblemCode
{
    /// <summary>400: the request cannot be carried out as it stands: it cannot be read (broken JSON, wrong JSON type, bad header), or it lacks what <c>detail</c> names.</summary>
    public const string BadRequest = "BAD_REQUEST";

    /// <summary>400: one or more fields are wrong; <c>errors</c> names them.</summary>
    public const string ValidationFailed = "VALIDATION_FAILED";

    /// <summary>400: the link from a mail is unknown, used, expired or replaced by a newer one.</summary>
    public const string InvalidLink = "INVALID_LINK";

    /// <summary>400: the account has no password to change (it signs in with a provider).</summary>
    public const string NoPassword = "NO_PASSWORD";

    /// <summary>400: signing in with a bare Spotify access token is switched off; send <c>code</c>, <c>code_verifier</c> and <c>redirect_uri</c>.</summary>
    public const string AccessTokenSignInOff = "ACCESS_TOKEN_SIGN_IN_OFF";

    /// <summary>400: the music profile was saved before, so it cannot be created; save it at <c>me/</c>.</summary>
    public const string ProfileExists = "PROFILE_EXISTS";

    /// <summary>400: there is no Spotify account to take a token from.</summary>
    public const string SpotifyNotConnected = "SPOTIFY_NOT_CONNECTED";

    /// <summary>400: Spotify no longer accepts the connection; connect again.</summary>
    public const string SpotifyRefreshFailed = "SPOTIFY_REFRESH_FAILED";

    /// <summary>400: the connection holds no usable token; connect again.</summary>
    public const string SpotifyAccessTokenUnavailable = "SPOTIFY_ACCESS_TOKEN_UNAVAILABLE";

    /// <summary>400: the <c>Juke-Contract</c> header names a version that does not exist.</summary>
    public const string UnsupportedContractVersion = "UNSUPPORTED_CONTRACT_VERSION";

    /// <summary>401: no credential, or one that is no longer good. Refresh once, then sign in again.</summary>
    public const string Unauthorized = "UNAUTHORIZED";

    /// <summary>401: unknown name, wrong password, or an account that may not sign in yet; nothing tells which.</summary>
    public const string InvalidCredentials = "INVALID_CREDENTIALS";

    /// <summary>401: the code or token of Google or Spotify is not good: forged, used, expired, or meant for another app.</summary>
    public const string InvalidProviderToken = "INVALID_PROVIDER_TOKEN";

    /// <summary>401: the refresh token is not good any more. Sign in again.</summary>
    public const string InvalidRefreshToken = "INVALID_REFRESH_TOKEN";

    /// <summary>401: the session ran past its idle or absolute end. Sign in again.</summary>
    public const string SessionExpired = "SESSION_EXPIRED";

    /// <summary>403: onboarding is to be finished first; <c>missing</c> says what is still asked. Keep the tokens.</summary>
    public const string OnboardingRequired = "ONBOARDING_REQUIRED";

    /// <summary>403: the account was disabled. Said only to who proved to own it.</summary>
    public const string AccountDisabled = "ACCOUNT_DISABLED";

    /// <summary>403: the provider knows the person but does not let this app in (Spotify: not on the app's list).</summary>
    public const string ProviderRefused = "PROVIDER_REFUSED";

    /// <summary>403: nobody can register with a password for now; who has an account signs in as ever.</summary>
    public const string RegistrationOff = "REGISTRATION_OFF";

    /// <summary>403: signed in, but not allowed to do this.</summary>
    public const string Forbidden = "FORBIDDEN";

    /// <summary>404: there is nothing here.</summary>
    public const string NotFound = "NOT_FOUND";

    /// <summary>405: the path exists, not with this method.</summary>
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";

    /// <summary>408: the request body came too slowly.</summary>
    public const string RequestTimeout = "REQUEST_TIMEOUT";

    /// <summary>409: the username is somebody else's; <c>suggestion</c> is free.</summary>
    public const string UsernameTaken = "USERNAME_TAKEN";

    /// <summary>409: the address belongs to an account already.</summary>
    public const string EmailTaken = "EMAIL_TAKEN";

    /// <summary>409: this is a door for guests, and the request carries a credential.</summary>
    public const string AlreadySignedIn = "ALREADY_SIGNED_IN";

    /// <summary>412: <c>If-Match</c> names a version that is no longer the stored one. Read again, then save.</summary>
    public const string PreconditionFailed = "PRECONDITION_FAILED";

    /// <summary>413: the body is larger than the server reads: 128 KiB, and 512 KiB where a music profile comes with it.</summary>
    public const string PayloadTooLarge = "PAYLOAD_TOO_LARGE";

    /// <summary>415: the body is not JSON.</summary>
    public const string UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE";

    /// <summary>422: onboarding cannot end yet; <c>missing</c> names the required fields without an answer.</summary>
    public const string OnboardingIncomplete = "ONBOARDING_INCOMPLETE";

    /// <summary>429: too many attempts; <c>Retry-After</c> says when to come back, in seconds.</summary>
    public const string TooManyRequests = "TOO_MANY_REQUESTS";

    /// <summary>500: a fault of ours. <c>Trace-Id</c> finds it in the logs.</summary>
    public const string Internal = "INTERNAL";

    /// <summary>503: the database cannot be reached right now; try again.</summary>
    public const string ServiceUnavailable = "SERVICE_UNAVAILABLE";

    /// <summary>503: Google or Spotify does not answer, or is not set up here; try again, or use another door.</summary>
    public const string ProviderUnavailable = "PROVIDER_UNAVAILABLE";

    /// <summary>Every code with its HTTP status and its constant title (RFC 9457 §3.1.3).</summary>
    public static IReadOnlyDictionary<string, (int Status, string Title)> All { get; } = new Dictionary<string, (int, string)>(StringComparer.Ordinal)
    {
        [BadRequest] = (400, "Bad request"),
        [ValidationFailed] = (400, "Some fields are not right"),
        [InvalidLink] = (400, "Invalid or expired link"),
        [NoPassword] = (400, "No password set"),
        [AccessTokenSignInOff] = (400, "Access token sign-in is off"),
        [ProfileExists] = (400, "Profile exists"),
        [SpotifyNotConnected] = (400, "Spotify not connected"),
        [SpotifyRefreshFailed] = (400, "Spotify refresh failed"),
        [SpotifyAccessTokenUnavailable] = (400, "Spotify access token unavailable"),
        [UnsupportedContractVersion] = (400, "Unsupported contract version"),
        [Unauthorized] = (401, "Unauthorized"),
        [InvalidCredentials] = (401, "Invalid credentials"),
        [InvalidProviderToken] = (401, "Invalid provider token"),
        [InvalidRefreshToken] = (401, "Invalid refresh token"),
        [SessionExpired] = (401, "Session expired"),
        [OnboardingRequired] = (403, "Onboarding required"),
        [AccountDisabled] = (403, "Account disabled"),
        [ProviderRefused] = (403, "Refused by the provider"),
        [RegistrationOff] = (403, "Registration is off"),
        [Forbidden] = (403, "Forbidden"),
        [NotFound] = (404, "Not found"),
        [MethodNotAllowed] = (405, "Method not allowed"),
        [RequestTimeout] = (408, "Request timeout"),
        [UsernameTaken] = (409, "Username taken"),
        [EmailTaken] = (409, "E-mail taken"),
        [AlreadySignedIn] = (409, "Already signed in"),
        [PreconditionFailed] = (412, "Precondition failed"),
        [PayloadTooLarge] = (413, "Payload too large"),
        [UnsupportedMediaType] = (415, "Unsupported media type"),
        [OnboardingIncomplete] = (422, "Onboarding incomplete"),
        [TooManyRequests] = (429, "Too many requests"),
        [Internal] = (500, "Internal error"),
        [ServiceUnavailable] = (503, "Service unavailable"),
        [ProviderUnavailable] = (503, "Provider unavailable"),
    };

    /// <summary>The HTTP status of a code of this list.</summary>
    public static int StatusOf(string code) => All[code].Status;
}
