using System.Globalization;
using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Mail;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.SignUp;

/// <summary>What stands in the mailed link.</summary>
internal sealed record RegistrationLink(string UserId, string Timestamp, string Signature);

/// <summary>
/// The link of Juke's registration: makes a pending account usable, once, within 7 days. The account keeps the password that
/// it was made with (contract §4, recorded residual); onboarding is asked of it as of everybody.
/// </summary>
internal sealed class VerifyRegistration(NpgsqlDataSource database, Keys keys, TimeProvider time, Limits limits, Audit audit)
{
    /// <summary>Unknown, used, replaced, too old, for another account: nothing tells which.</summary>
    public static Problem InvalidSignature { get; } = new(ProblemCode.InvalidLink, "Invalid signature");

    /// <summary>Makes the account usable.</summary>
    /// <param name="link">The link.</param>
    /// <param name="session">The session to open with it; null to sign nobody in.</param>
    /// <param name="address">Of the caller, for the limits.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task<Outcome<Account>> RunAsync(RegistrationLink link, NewSession? session, string address, CancellationToken cancellation)
    {
        if (EmailLink.Read(keys, link.Signature) is not { } id) return InvalidSignature;
        if (limits.CheckIdentifier(address, "verify registration", Convert.ToHexString(id)) is { } tooMany) return tooMany;
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await EmailTokens.LockOpenAsync(transaction, id, EmailTokens.Registration, now, cancellation) is not { } token || !IsFor(link, token)) return InvalidSignature;
        if (!await ActivateAsync(transaction, token, now, cancellation)) return InvalidSignature;

        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(EmailTokens.CloseAll(token.UserId, now));
        if (session is not null) batch.BatchCommands.Add(SessionRows.InsertFor(token.UserId, session.Row));
        batch.BatchCommands.Add(Command(Accounts.ById, P(token.UserId)));
        Account account;
        await using (var reader = await batch.ExecuteReaderAsync(cancellation))
        {
            if (session is not null) await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            account = Accounts.Read(reader);
        }
        await transaction.CommitAsync(cancellation);
        audit.AddressProved(account.Id, "registration link");
        if (session is not null) audit.SignedIn(account.Id, "registration link", session.Caller.Address);
        return account;
    }

    /// <summary>The address that the link was mailed to, for the page that asks; null when the link is not good.</summary>
    public async Task<string?> FindAsync(RegistrationLink link, CancellationToken cancellation) =>
        EmailLink.Read(keys, link.Signature) is { } id
        && await EmailTokens.FindOpenAsync(database, id, EmailTokens.Registration, time.GetUtcNow(), cancellation) is { } token && IsFor(link, token) ? token.Email : null;

    private static bool IsFor(RegistrationLink link, EmailTokenRow token) =>
        link.UserId == token.UserId.ToString(CultureInfo.InvariantCulture) && link.Timestamp == token.CreatedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>Only while the account is pending and the address still its own: after 7 days another may have taken it.</summary>
    private static async Task<bool> ActivateAsync(NpgsqlTransaction transaction, EmailTokenRow token, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "update users set state = 'active', email_proved_at = $3 where id = $1 and email_key = $2 and state = 'pending'", transaction.Connection, transaction);
        command.Parameters.AddAll(P(token.UserId), P(token.EmailKey), P(now));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }
}
