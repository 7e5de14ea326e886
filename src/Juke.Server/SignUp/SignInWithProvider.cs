using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Mail;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.SignUp;

/// <summary>
/// The door behind Google and Spotify: who was proved signs in, or gets an account (contract §4). Nothing is read first in order
/// to decide a race: the unique keys do, and who loses one finds the winner's row on the next round.
/// </summary>
internal sealed class SignInWithProvider(NpgsqlDataSource database, AccountCreation accounts, TokenSeal seal, TimeProvider time, Audit audit, MailSignal mail)
{
    /// <summary>Each round is lost only to somebody who changed something meanwhile.</summary>
    private const int Rounds = 6;

    /// <summary>Signs in or signs up.</summary>
    /// <param name="person">Whom the provider proved.</param>
    /// <param name="session">The session to open; one of a bare token opens no account that has another way in (C8).</param>
    /// <param name="tokens">Spotify's tokens for this app, or null.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task<Outcome<SignedIn>> RunAsync(ProviderPerson person, NewSession session, SpotifyTokens? tokens, CancellationToken cancellation)
    {
        // Tokens that only say who somebody is are of no further use, so they are not kept.
        var credential = tokens is not null && SpotifyScopes.AllowMore(tokens.Scopes) ? seal.Seal(tokens, session.Now) : null;
        for (var round = 0; round < Rounds; round++)
        {
            try
            {
                if (await SignInAsync(person, session, credential, cancellation) is { } known) return known;
                if (await SignUpAsync(person, session, credential, cancellation) is { } made) return made;
            }
            catch (PostgresException e) when (Identities.IsTaken(e))
            {
                // Somebody signed in with this very account of the provider, just now.
            }
        }
        return new Problem(ProblemCode.ServiceUnavailable, "Juke is busy with this account. Please try again.") { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    /// <summary>Null when nobody has the identity.</summary>
    private async Task<Outcome<SignedIn>?> SignInAsync(ProviderPerson person, NewSession session, CredentialRow? credential, CancellationToken cancellation)
    {
        if (await Identities.SignInAsync(database, person, session.Row, cancellation) is not { } found) return null;
        if (found.Account.State == "pending") return Refuse(person, session, "pending", InvalidToken);
        if (!found.Account.IsActive) return Refuse(person, session, "disabled", Problem.AccountDisabled);
        if (!found.SignedIn && session.ByBareToken) return Refuse(person, session, "a bare token, and the account has another way in", BareTokenOff);
        // Active when it was read, and not when its row was locked: disabled or reset in this moment. Look once more.
        if (!found.SignedIn) return null;
        if (credential is not null) await KeepAsync(found.Account.Id, person, credential, cancellation);
        return Enter(person, found.Account, session, isNew: false);
    }

    private async Task KeepAsync(long userId, ProviderPerson person, CredentialRow credential, CancellationToken cancellation)
    {
        try
        {
            await Sql.ExecuteAsync(database, ProviderCredentials.Keep(userId, person, credential), cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            // The identity was taken off its user since: there is nothing left to keep tokens for.
        }
    }

    /// <summary>Null when somebody was quicker: there is an identity now, or the address is free again.</summary>
    private async Task<Outcome<SignedIn>?> SignUpAsync(ProviderPerson person, NewSession session, CredentialRow? credential, CancellationToken cancellation)
    {
        // An address without the provider's word is a hint: it stays beside the identity and is never looked up.
        string? email = null;
        if (person.EmailWord != EmailWord.Hint && EmailAddress.Check(person.Email, out var checkedEmail) is null) email = checkedEmail;
        var made = await accounts.CreateAsync(
            new NewAccount(person.Provider, email, EmailIsProved: email is not null && person.EmailWord == EmailWord.Authoritative, Name: DisplayName.Of(person))
            {
                Image = person.Image,
                Identity = person,
                Credential = credential,
            },
            session, cancellation);
        if (!made.Failed) return Enter(person, made.Value, session, isNew: true);
        return made.Problem.Code == ProblemCode.EmailTaken ? await LinkAsync(person, email!, session, cancellation) : null;
    }

    /// <summary>The address has an account already: the table says what becomes of it. Null: look again.</summary>
    private async Task<Outcome<SignedIn>?> LinkAsync(ProviderPerson person, string email, NewSession session, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await HolderAsync(transaction, EmailAddress.Key(email), person, cancellation) is not { } holder) return null;
        if (holder.HasThis) return null;

        var decision = Linking.Decide(person.EmailWord, holder.State, holder.IsProved, holder.HasOther);
        await using var batch = new NpgsqlBatch(connection, transaction);
        switch (decision)
        {
            case LinkDecision.Refuse:
                return Refuse(person, session, "the address has an account", EmailTaken);
            case LinkDecision.RefuseDisabled:
                return Refuse(person, session, "disabled", Problem.AccountDisabled);
            case LinkDecision.ClaimYields:
                batch.BatchCommands.Add(Command("update users set email = null, email_key = null where id = $1 and state = 'pending'", P(holder.Id)));
                batch.BatchCommands.Add(EmailTokens.CloseAll(holder.Id, now));
                await batch.ExecuteNonQueryAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                audit.AddressRemoved(holder.Id, "never proved, and " + person.Provider + " proved it for somebody");
                return null;
            case LinkDecision.TakeOver:
                batch.BatchCommands.Add(SessionRows.EndAll(holder.Id, keep: null, "address proved by somebody else", now));
                batch.BatchCommands.Add(Identities.RemoveAll(holder.Id));
                break;
        }
        foreach (var command in Identities.InsertFor(holder.Id, person, now)) batch.BatchCommands.Add(command);
        batch.BatchCommands.Add(Command(
            """
            update users set password_hash = case when $3 then null else password_hash end,
                   -- Taken away counts as set here: no later import brings the old one back.
                   password_set_at = case when $3 then $2 else password_set_at end,
                   email_proved_at = coalesce(email_proved_at, $2)
             where id = $1
            """,
            P(holder.Id), P(now), P(decision == LinkDecision.TakeOver)));
        batch.BatchCommands.Add(EmailTokens.CloseAll(holder.Id, now));
        batch.BatchCommands.Add(EmailTokens.Notify(
            holder.Id, decision == LinkDecision.TakeOver ? MailKind.AddressProvedByGoogle : MailKind.GoogleLinked, holder.Email, now));
        batch.BatchCommands.Add(SessionRows.InsertFor(holder.Id, session.Row));
        batch.BatchCommands.Add(Command(Accounts.ById, P(holder.Id)));
        Account account;
        await using (var reader = await batch.ExecuteReaderAsync(cancellation))
        {
            await reader.NextResultAsync(cancellation); // Behind the session's own.
            await reader.ReadAsync(cancellation);
            account = Accounts.Read(reader);
        }
        await transaction.CommitAsync(cancellation);
        audit.IdentityLinked(account.Id, person.Provider, decision == LinkDecision.TakeOver ? "address proved for the first time" : "address proved on both sides");
        mail.Wake();
        return Enter(person, account, session, isNew: false);
    }

    /// <summary>Who has the address, locked until the transaction ends.</summary>
    private static async Task<Holder?> HolderAsync(NpgsqlTransaction transaction, string emailKey, ProviderPerson person, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select u.id, u.state, u.email, u.email_proved_at is not null,
                   exists (select from identities i where i.user_id = u.id and i.provider = $2 and i.subject = $3),
                   exists (select from identities i where i.user_id = u.id and i.provider = $2 and i.subject is distinct from $3)
              from users u where u.email_key = $1 for no key update
            """,
            transaction.Connection, transaction);
        command.Parameters.AddAll(P(emailKey), P(person.Provider), Text(person.Subject));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new Holder(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4), row.GetBoolean(5))
            : null;
    }

    private SignedIn Enter(ProviderPerson person, Account account, NewSession session, bool isNew)
    {
        audit.SignedIn(account.Id, person.Provider, session.Caller.Address);
        Metrics.SignedIn(person.Provider, success: true);
        return new SignedIn(account, session, isNew);
    }

    private Problem Refuse(ProviderPerson person, NewSession session, string reason, Problem problem)
    {
        audit.SignInRefused(person.Provider, reason, session.Caller.Address);
        Metrics.SignedIn(person.Provider, success: false);
        return problem;
    }

    /// <summary>The same for whatever was not good about the code or token; which it was, the audit line says.</summary>
    public static Problem InvalidToken { get; } = new(ProblemCode.InvalidProviderToken, "This sign-in is not valid any more. Please start again.");

    private static Problem EmailTaken { get; } =
        new(ProblemCode.EmailTaken, "There is an account with this e-mail address already. Sign in to it as before, or set a new password.");

    private static Problem BareTokenOff { get; } =
        new(ProblemCode.AccessTokenSignInOff, "This account cannot be opened with an access token. Send 'code', 'code_verifier' and 'redirect_uri' instead.");

    private sealed record Holder(long Id, string State, string Email, bool IsProved, bool HasThis, bool HasOther);
}
