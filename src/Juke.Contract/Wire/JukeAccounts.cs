using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Juke.Contract.Wire;

/// <summary><c>POST /api/v1/auth/api-auth-token/</c>.</summary>
/// <param name="Username">The username, in any case; not an address. Taken as it is, with its spaces.</param>
/// <param name="Password">The password, exactly as it was set.</param>
public sealed record TokenRequest([property: Required] string? Username = null, [property: Required] string? Password = null);

/// <summary>A sign-in of the Juke dialect.</summary>
/// <param name="Token">For <c>Authorization: Token</c>: 40 hex digits, another one for each sign-in. 90 days unused, a year at most.</param>
public sealed record TokenResult(string Token);

/// <summary><c>POST /api/v1/auth/accounts/register/</c>.</summary>
/// <param name="Username">The name to be known by: 3–50 letters, digits, <c>_</c> or <c>-</c>; unique whatever its case.</param>
/// <param name="Email">Gets the link that makes the account usable.</param>
/// <param name="Password">8–200 characters, exactly as typed; not digits only, not one of the commonest.</param>
/// <param name="PasswordConfirm">The same password again.</param>
public sealed record RegistrationRequest(
    [property: Required, StringLength(Contract.Username.MaxLength, MinimumLength = Contract.Username.MinLength)] string? Username = null,
    [property: Required, EmailAddress, StringLength(Contract.EmailAddress.MaxLength)] string? Email = null,
    [property: Required, StringLength(Contract.Password.MaxLength, MinimumLength = Contract.Password.MinLength)] string? Password = null,
    [property: Required] string? PasswordConfirm = null);

/// <summary>An account that waits for its link to be followed. It cannot sign in before, and nobody is signed in by this answer.</summary>
/// <param name="Id">64-bit integer.</param>
/// <param name="Username">The name as it is kept.</param>
/// <param name="FirstName">Empty.</param>
/// <param name="LastName">Empty.</param>
/// <param name="Email">The address, its domain in lower case.</param>
public sealed record Registration(long Id, string Username, string FirstName, string LastName, string Email);

/// <summary><c>POST /api/v1/auth/accounts/verify-registration/</c>: the three parameters of the mailed link.</summary>
/// <param name="UserId">Text or number.</param>
/// <param name="Timestamp">Seconds since 1970, as a number or its digits.</param>
/// <param name="Signature">The secret of the link; good once, for 7 days.</param>
public sealed record VerificationRequest(
    [property: Required] JsonElement? UserId = null,
    [property: Required] long? Timestamp = null,
    [property: Required] string? Signature = null);

/// <summary>The account is usable from now on, and signed in.</summary>
/// <param name="Detail">A sentence for the person.</param>
/// <param name="Token">For <c>Authorization: Token</c>, as at sign-in.</param>
/// <param name="Username">Empty when the name was given to somebody else in the meantime; onboarding asks for another.</param>
public sealed record Verification(string Detail, string Token, string Username);

/// <summary><c>POST /api/v1/auth/accounts/resend-registration/</c>: one of the two.</summary>
/// <param name="Email">The address, in any case.</param>
/// <param name="Username">The name, in any case.</param>
public sealed record ResendRequest(string? Email = null, string? Username = null);

/// <summary>Done, in words.</summary>
/// <param name="Detail">A sentence for the person.</param>
public sealed record Said(string Detail);
