using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Juke.Contract.Wire;

/// <summary>Who is signed in: the answer of <c>GET /auth/me</c>, and <c>user</c> in every sign-in (contract §4).</summary>
/// <param name="Id">64-bit integer; accounts made by this system count from 1,000,000,000.</param>
/// <param name="Email">The address as it was typed, or null.</param>
/// <param name="Username">Null until onboarding sets it.</param>
/// <param name="Name">Display name, or null.</param>
/// <param name="Image">Absolute URL of a picture, or null.</param>
/// <param name="Role"><c>user</c> or <c>admin</c>; treat one that you do not know as <c>user</c>.</param>
/// <param name="OnboardingRequired">The gate: true means onboarding comes first. Decided by the server on each request.</param>
/// <param name="HasPassword">Whether the account can sign in with a password.</param>
public sealed record User(
    long Id,
    [property: EmailAddress] string? Email,
    string? Username,
    string? Name,
    [property: Url] string? Image,
    string Role,
    bool OnboardingRequired,
    bool HasPassword);

/// <summary>A sign-in, whichever the door.</summary>
/// <param name="User">Who signed in.</param>
/// <param name="AccessToken">JWT for <c>Authorization: Bearer</c>.</param>
/// <param name="RefreshToken">For <c>POST /auth/refresh</c>; single use, replaced by each refresh.</param>
/// <param name="ExpiresIn">Seconds until the access token ends.</param>
/// <param name="IsNewUser">Whether this call made the account. Never route by it; route by <see cref="User.OnboardingRequired"/>.</param>
public sealed record AuthResult(User User, string AccessToken, string RefreshToken, int ExpiresIn, bool IsNewUser);

/// <summary>The answer of <c>POST /auth/refresh</c>.</summary>
/// <param name="AccessToken">A fresh JWT.</param>
/// <param name="RefreshToken">The token of the next refresh.</param>
/// <param name="ExpiresIn">Seconds until the access token ends.</param>
public sealed record TokenPair(string AccessToken, string RefreshToken, int ExpiresIn);

/// <summary><c>POST /auth/register</c>.</summary>
/// <param name="Email">An address; unique whatever its case.</param>
/// <param name="Password">8–200 characters, exactly as typed; not digits only, not one of the commonest.</param>
/// <param name="Username">Optional; onboarding asks for it otherwise.</param>
/// <param name="Name">Optional display name, at most 255 characters.</param>
public sealed record RegisterRequest(
    [property: Required, EmailAddress, StringLength(Contract.EmailAddress.MaxLength)] string? Email = null,
    [property: Required, StringLength(Contract.Password.MaxLength, MinimumLength = Contract.Password.MinLength)] string? Password = null,
    [property: StringLength(Contract.Username.MaxLength, MinimumLength = Contract.Username.MinLength)] string? Username = null,
    [property: StringLength(255)] string? Name = null);

/// <summary><c>POST /auth/login</c>.</summary>
/// <param name="EmailOrUsername">Either one.</param>
/// <param name="Password">The password, exactly as it was set.</param>
public sealed record LoginRequest(
    [property: Required] string? EmailOrUsername = null,
    [property: Required] string? Password = null);

/// <summary><c>POST /auth/refresh</c>.</summary>
/// <param name="RefreshToken">May be left out when the cookie <c>user_refresh_token</c> comes with <c>X-Client: web</c>.</param>
/// <param name="Attempt">
/// Optional: at least 128 random bits as text (22–128 characters), stored by the client beside its token before sending.
/// With it a lost reply can be asked again, and a thief who came first cannot.
/// </param>
public sealed record RefreshRequest(
    string? RefreshToken = null,
    [property: StringLength(128, MinimumLength = 22), RegularExpression("^[A-Za-z0-9_+/=-]*$")] string? Attempt = null);

/// <summary><c>POST /auth/logout</c>.</summary>
/// <param name="RefreshToken">Any generation of the session's token; or the cookie, or the access token or token in <c>Authorization</c>.</param>
public sealed record LogoutRequest(string? RefreshToken = null);

/// <summary><c>POST /auth/change-password</c>.</summary>
/// <param name="CurrentPassword">The password so far.</param>
/// <param name="NewPassword">The next one.</param>
public sealed record ChangePasswordRequest(
    [property: Required, StringLength(Password.MaxTypedLength, MinimumLength = 1)] string? CurrentPassword = null,
    [property: Required, StringLength(Password.MaxLength, MinimumLength = Password.MinLength)] string? NewPassword = null);

/// <summary><c>POST /auth/forgot-password</c>.</summary>
/// <param name="Email">The address of the account.</param>
public sealed record ForgotPasswordRequest([property: Required, EmailAddress, StringLength(Contract.EmailAddress.MaxLength)] string? Email = null);

/// <summary><c>POST /auth/reset-password</c>.</summary>
/// <param name="Token">From the link in the mail; good for 15 minutes, once.</param>
/// <param name="NewPassword">The next password.</param>
public sealed record ResetPasswordRequest(
    [property: Required] string? Token = null,
    [property: Required, StringLength(Password.MaxLength, MinimumLength = Password.MinLength)] string? NewPassword = null);

/// <summary><c>POST /auth/verify-email</c> and <c>POST /auth/verify-email/reject</c>.</summary>
/// <param name="Token">From the link in the mail.</param>
public sealed record EmailTokenRequest([property: Required] string? Token = null);

/// <summary><c>POST /auth/email</c>: add or change the address; it counts once its link was followed.</summary>
/// <param name="Email">The new address, or the same one for another mail.</param>
/// <param name="CurrentPassword">Required when a proved address is replaced and the account has a password.</param>
public sealed record AddEmailRequest(
    [property: Required, EmailAddress, StringLength(Contract.EmailAddress.MaxLength)] string? Email = null,
    [property: StringLength(Password.MaxTypedLength)] string? CurrentPassword = null);

/// <summary>A plain success with a sentence for the person.</summary>
/// <param name="Success">Always true.</param>
/// <param name="Message">A sentence.</param>
public sealed record Done([property: AllowedValues(true)] bool Success, string Message);

/// <summary><c>GET /auth/username/check</c>.</summary>
/// <param name="Available">True when the caller could take the name now (their own name counts as available).</param>
public sealed record UsernameAvailability(bool Available);

/// <summary><c>POST /auth/onboarding/complete</c>.</summary>
/// <param name="Username">3–50 letters, digits, <c>_</c> or <c>-</c>; unique whatever its case.</param>
/// <param name="Profile">Answers to save with it, in the same transaction, under the keys of the submission; absent or null saves none. The limits of the definition bind as well.</param>
public sealed record CompleteRequest(
    [property: Required, StringLength(Contract.Username.MaxLength, MinimumLength = Contract.Username.MinLength)] string? Username = null,
    [property: ShapedAs(typeof(ProfileAnswers))] JsonElement? Profile = null);

/// <summary><c>POST /api/onboarding/skip</c>: do not ask this again.</summary>
/// <param name="Step">Name of a step that <c>definition</c> calls skippable.</param>
public sealed record SkipRequest(
    [property: Required, AllowedValues("genres", "artist", "hated", "rainy", "workout", "decade", "listening", "age", "city", "connect")] string? Step = null);

/// <summary>The answer of a completion.</summary>
/// <param name="Success">Always true.</param>
/// <param name="User">The user after it.</param>
public sealed record CompleteResult([property: AllowedValues(true)] bool Success, User User);
