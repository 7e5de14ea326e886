using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Data;

/// <summary>An open link: whose, for which address, and since when.</summary>
internal sealed record EmailTokenRow(long UserId, string Email, string EmailKey, DateTimeOffset CreatedAt);

/// <summary>The tables <c>email_tokens</c> and <c>mails</c>: links, and the outbox that carries them.</summary>
internal static class EmailTokens
{
    public const string Verify = "verify";
    public const string Reset = "reset";

    /// <summary>Makes a pending account usable (Juke's registration).</summary>
    public const string Registration = "registration";

    private const string Open = "select user_id, email, email_key, created_at from email_tokens where id = $1 and purpose = $2 and used_at is null and expires_at > $3";

    /// <summary>Writes a link and its mail for the user that an earlier command of the same batch made.</summary>
    public static NpgsqlBatchCommand IssueForNewUser(
        byte[] id, string purpose, string email, string emailKey, DateTimeOffset now, TimeSpan lifetime, string? origin = null) =>
        Issue("select currval('users_id_seq') as id, $3::text as email, $4::text as email_key", id, purpose, email, emailKey, now, lifetime, origin);

    /// <summary>Writes a link and its mail for a known user.</summary>
    public static NpgsqlBatchCommand IssueFor(
        long userId, byte[] id, string purpose, string email, string emailKey, DateTimeOffset now, TimeSpan lifetime, string? origin = null) =>
        Issue("select $8::bigint as id, $3::text as email, $4::text as email_key", id, purpose, email, emailKey, now, lifetime, origin, P(userId));

    /// <summary>
    /// Writes a link and its mail for whoever owns the address, if anybody does: one statement either way, so that the
    /// time it takes says nothing (contract §4, ASVS 6.3.8).
    /// </summary>
    public static NpgsqlBatchCommand IssueForOwner(byte[] id, string purpose, string emailKey, DateTimeOffset now, TimeSpan lifetime) =>
        Issue("select id, email, email_key from users where email_key = $4 and state = 'active' and $3::text is not null", id, purpose, "", emailKey, now, lifetime, origin: null);

    /// <summary>The link's row when it is open, locked until the transaction ends; null otherwise.</summary>
    public static async Task<EmailTokenRow?> LockOpenAsync(NpgsqlTransaction transaction, byte[] id, string purpose, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Open + " for update", transaction.Connection, transaction);
        command.Parameters.AddAll(P(id), P(purpose), P(now));
        return await ReadAsync(command, cancellation);
    }

    /// <summary>The link's row when it is open, for showing a page; null otherwise.</summary>
    public static async Task<EmailTokenRow?> FindOpenAsync(NpgsqlDataSource database, byte[] id, string purpose, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Open);
        command.Parameters.AddAll(P(id), P(purpose), P(now));
        return await ReadAsync(command, cancellation);
    }

    /// <summary>Closes the open links of the user, of one purpose or of all: one was followed, or things are no longer as they were.</summary>
    public static NpgsqlBatchCommand CloseAll(long userId, DateTimeOffset now, string? purpose = null) =>
        Command("update email_tokens set used_at = $2 where user_id = $1 and used_at is null and ($3::text is null or purpose = $3)", P(userId), P(now), Text(purpose));

    /// <summary>A mail without a link.</summary>
    public static NpgsqlBatchCommand Notify(long userId, string kind, string address, DateTimeOffset now) =>
        Command("insert into mails (kind, address, user_id, created_at, next_try_at) values ($1, $2, $3, $4, $4)", P(kind), P(address), P(userId), P(now));

    private static async Task<EmailTokenRow?> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? new EmailTokenRow(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3)) : null;
    }

    private static NpgsqlBatchCommand Issue(
        string target, byte[] id, string purpose, string email, string emailKey, DateTimeOffset now, TimeSpan lifetime, string? origin, params NpgsqlParameter[] more) =>
        Command(
            $"""
            with target as ({target}),
            token as (
              insert into email_tokens (id, purpose, user_id, email, email_key, created_at, expires_at, origin)
              select $1, $2, target.id, target.email, target.email_key, $5, $6, $7::text from target
              returning id, purpose, user_id, email)
            insert into mails (kind, address, user_id, token_id, created_at, next_try_at)
            select token.purpose, token.email, token.user_id, token.id, $5, $5 from token
            """,
            [P(id), P(purpose), P(email), P(emailKey), P(now), P(now + lifetime), Text(origin), .. more]);
}
