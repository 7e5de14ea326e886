using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Passwords;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.SignUp;

/// <summary>A registration of a shipped Juke app: every field has passed its own rules already.</summary>
/// <param name="Username">A name that passed <see cref="Username.Check"/>.</param>
/// <param name="Email">An address that passed <see cref="EmailAddress.Check"/>.</param>
/// <param name="Password">A password that passed <see cref="NewPassword.Check"/>.</param>
/// <param name="Origin">Where the page of the mailed link is; null: at ours.</param>
internal sealed record PendingRegistration(string Username, string Email, string Password, string? Origin);

/// <summary>
/// Juke's registration: an account that nobody can use until the link of the mail was followed (contract §2). Nobody is signed
/// in by it, and after 7 days it gives its name and address to whoever wants them.
/// </summary>
internal sealed class RegisterPending(AccountCreation accounts, NpgsqlDataSource database, PasswordHashing hashing, TimeProvider time)
{
    /// <summary>Which of the two is somebody's already; null for what need not be asked.</summary>
    public Task<(bool Username, bool Email)> AreTakenAsync(string? username, string? email, CancellationToken cancellation) => Users.AreTakenAsync(
        database, username is null ? null : Username.Key(username), email is null ? null : EmailAddress.Key(email), time.GetUtcNow(), cancellation);

    public async Task<Outcome<Account>> RunAsync(PendingRegistration registration, CancellationToken cancellation)
    {
        var hash = await hashing.HashAsync(registration.Password, cancellation);
        if (hash.Failed) return hash.Problem;
        return await accounts.CreateAsync(
            new NewAccount("email", registration.Email, Username: registration.Username, PasswordHash: hash.Value, Pending: true, Origin: registration.Origin),
            session: null, cancellation);
    }
}
