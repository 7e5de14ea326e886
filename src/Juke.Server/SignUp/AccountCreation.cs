using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Mail;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Npgsql;

namespace Juke.Server.SignUp;

/// <summary>What a new account starts with, whichever the door.</summary>
/// <param name="Door"><c>email</c>, <c>google</c>, <c>spotify</c> or <c>admin</c>: for logs and metrics.</param>
/// <param name="Email">The address, or null.</param>
/// <param name="EmailIsProved">Whether the door proved that the address is the person's.</param>
/// <param name="Username">A name that passed <see cref="Username.Check"/>, or null.</param>
/// <param name="Name">Display name, or null.</param>
/// <param name="PasswordHash">Or null for an account without a password.</param>
/// <param name="Role"><c>user</c> or <c>admin</c>.</param>
/// <param name="Pending">The account can be used only once the link of its mail was followed; else the mail asks to confirm the address.</param>
/// <param name="Origin">Where the page of that link is; null: at ours.</param>
internal sealed record NewAccount(
    string Door, string? Email, bool EmailIsProved = false, string? Username = null, string? Name = null, string? PasswordHash = null, string Role = "user",
    bool Pending = false, string? Origin = null)
{
    /// <summary>https address of a picture, or null.</summary>
    public string? Image { get; init; }

    /// <summary>How the person signs in through a provider, or null.</summary>
    public ProviderPerson? Identity { get; init; }

    /// <summary>What the provider allows us to do for the person, sealed; or null.</summary>
    public CredentialRow? Credential { get; init; }
}

/// <summary>
/// The one creation path (the seed's <c>ensureUserProfile</c>): user, profile, identity, verification mail and session in one
/// transaction and one round trip.
/// </summary>
internal sealed class AccountCreation(NpgsqlDataSource database, TimeProvider time, Audit audit, MailSignal mail)
{
    /// <summary>Makes the account, or says which unique thing is taken. Nothing is read first: the constraint decides races.</summary>
    /// <param name="account">The account.</param>
    /// <param name="session">The session to open with it; null for the administrator, who does not sign in as the user.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task<Outcome<Account>> CreateAsync(NewAccount account, NewSession? session, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var batch = database.CreateBatch();
        var emailKey = account.Email is null ? null : EmailAddress.Key(account.Email);
        var usernameKey = account.Username is null ? null : Username.Key(account.Username);
        if (usernameKey is not null || emailKey is not null) batch.BatchCommands.Add(Users.YieldPending(account.Username, emailKey, now));
        batch.BatchCommands.Add(Users.InsertWithProfile(
            account.Email, emailKey, account.EmailIsProved ? now : null, account.Username, usernameKey,
            account.Name, account.Image, account.Role, account.PasswordHash, now, account.Pending));
        if (account.Identity is not null) foreach (var command in Identities.InsertForNewUser(account.Identity, now)) batch.BatchCommands.Add(command);
        if (account is { Identity: { } identity, Credential: { } credential })
            batch.BatchCommands.Add(ProviderCredentials.Store(userId: null, identity.Provider, credential, isConnect: false));
        if (session is not null) batch.BatchCommands.Add(SessionRows.InsertForNewUser(session.Row));
        if (account.Email is not null && !account.EmailIsProved)
            batch.BatchCommands.Add(account.Pending
                ? EmailTokens.IssueForNewUser(EmailLink.NewId(), EmailTokens.Registration, account.Email, emailKey!, now, Users.PendingFor, account.Origin)
                : EmailTokens.IssueForNewUser(EmailLink.NewId(), EmailTokens.Verify, account.Email, emailKey!, now, EmailLink.VerifyLifetime));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select " + Accounts.Columns + " from accounts a where a.id = currval('users_id_seq')"));
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var made = Accounts.Read(reader);
            await reader.CloseAsync(); // The deferred constraints speak here, at the commit of the batch.
            audit.AccountMade(made.Id, account.Door);
            Metrics.SignedUp(account.Door);
            mail.Wake();
            return made;
        }
        catch (PostgresException e) when (Identities.IsTaken(e))
        {
            return new Problem(Problem.IdentityTaken, "This account of the provider belongs to an account already");
        }
        catch (PostgresException e) when (Database.UniqueViolation(e) is Users.EmailKeyUnique)
        {
            return new Problem(ProblemCode.EmailTaken, "Email already registered");
        }
        catch (PostgresException e) when (Database.UniqueViolation(e) is Users.UsernameKeyUnique)
        {
            return new Problem(ProblemCode.UsernameTaken, "Username already taken");
        }
    }
}
