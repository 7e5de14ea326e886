using System.Data.Common;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Data;

/// <summary>A session together with its account: what a request is judged by, read in one query.</summary>
internal sealed record SessionRow(
    byte[] Sid, string Kind, int Gen, bool Confirmed, bool IsEnded, DateTimeOffset IdleEndsAt, DateTimeOffset AbsoluteEndsAt,
    DateTimeOffset SeenAt, bool ByBareToken, Account Account);

/// <summary>A row about to be inserted.</summary>
internal sealed record NewSessionRow(
    byte[] Sid, string Kind, byte[] Salt, byte[]? SecretHash, DateTimeOffset Now, DateTimeOffset IdleEndsAt, DateTimeOffset AbsoluteEndsAt,
    string? Device, string? Address, bool ByBareToken);

/// <summary>The table <c>sessions</c>.</summary>
internal static class SessionRows
{
    private const string InsertColumns =
        "insert into sessions (sid, user_id, kind, issued_at, salt, secret_hash, created_at, seen_at, idle_ends_at, absolute_ends_at, device, address, by_bare_token) ";

    // The update serialises the sign-in with a reset, a password change and disabling: whoever comes second sees the
    // other's row. No row back means that the account is no longer what was just verified.
    private static readonly string InsertForVerified =
        """
        with u as (
          update users set last_sign_in_at = $3, password_hash = coalesce($12, password_hash)
           where id = $13 and state = 'active' and ($11::text is null or password_hash = $11)
          returning id)
        """ + "\n" + InsertFrom("u", "u.id") + " returning user_id";

    private static readonly string InsertForNew = InsertColumns + $"values ({InsertValues("currval('users_id_seq')")})";

    private const string Select =
        "select s.sid, s.kind, s.gen, s.confirmed, s.ended_at is not null, s.idle_ends_at, s.absolute_ends_at, s.seen_at, s.by_bare_token, "
        + Accounts.Columns + " from sessions s join accounts a on a.id = s.user_id where ";

    private const string BySid = Select + "s.sid = $1";

    private const string BySecret = Select + "s.secret_hash = $1";

    /// <summary>Opens a session for an account that was just verified, and nothing if it changed meanwhile.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="session">The session.</param>
    /// <param name="userId">Whose.</param>
    /// <param name="verifiedHash">The password hash that the password was verified against; null when it was another proof.</param>
    /// <param name="rehash">A newer hash of the same password, or null.</param>
    /// <param name="cancellation">The request's.</param>
    /// <returns>False when the account was disabled or its password changed in between.</returns>
    public static async Task<bool> InsertAsync(
        NpgsqlDataSource database, NewSessionRow session, long userId, string? verifiedHash, string? rehash, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(InsertForVerified);
        AddParameters(command.Parameters, session);
        command.Parameters.Add(Text(verifiedHash));
        command.Parameters.Add(Text(rehash));
        command.Parameters.Add(P(userId));
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    /// <summary>The insert for the user that an earlier command of the same batch made.</summary>
    public static NpgsqlBatchCommand InsertForNewUser(NewSessionRow session)
    {
        var command = new NpgsqlBatchCommand(InsertForNew);
        AddParameters(command.Parameters, session);
        return command;
    }

    /// <summary>The insert for an account that this transaction has just made usable, or proved in another way than by its password.</summary>
    public static NpgsqlBatchCommand InsertFor(long userId, NewSessionRow session)
    {
        var command = new NpgsqlBatchCommand(InsertForVerified);
        AddParameters(command.Parameters, session);
        command.Parameters.AddAll(Text(null), Text(null), P(userId));
        return command;
    }

    public static Task<SessionRow?> FindBySidAsync(NpgsqlDataSource database, byte[] sid, CancellationToken cancellation) => FindAsync(database, BySid, sid, cancellation);

    public static Task<SessionRow?> FindBySecretAsync(NpgsqlDataSource database, byte[] hash, CancellationToken cancellation) => FindAsync(database, BySecret, hash, cancellation);

    private static async Task<SessionRow?> FindAsync(NpgsqlDataSource database, string sql, byte[] key, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(P(key));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? Read(row) : null;
    }

    /// <summary>Generation <paramref name="gen"/> has been used: from now on a spent parent is reuse (contract §5).</summary>
    public static Task ConfirmAsync(NpgsqlDataSource database, byte[] sid, int gen, DateTimeOffset now, CancellationToken cancellation) =>
        ExecuteAsync(database, "update sessions set confirmed = true, seen_at = $3 where sid = $1 and gen = $2 and not confirmed and ended_at is null",
            cancellation, P(sid), P(gen), P(now));

    /// <summary>Moves the idle end of a session that has no refresh to move it.</summary>
    public static Task TouchAsync(NpgsqlDataSource database, byte[] sid, DateTimeOffset now, TimeSpan idle, CancellationToken cancellation) =>
        ExecuteAsync(database, "update sessions set seen_at = $2, idle_ends_at = least($3, absolute_ends_at) where sid = $1 and ended_at is null",
            cancellation, P(sid), P(now), P(now + idle));

    /// <summary>Ends one session of the user.</summary>
    /// <returns>False when there is no such live session.</returns>
    public static async Task<bool> EndAsync(NpgsqlDataSource database, byte[] sid, long userId, string reason, DateTimeOffset now, CancellationToken cancellation) =>
        await ExecuteAsync(database, "update sessions set ended_at = $3, end_reason = $4 where sid = $1 and user_id = $2 and ended_at is null",
            cancellation, P(sid), P(userId), P(now), P(reason)) > 0;

    /// <summary>Ends every session of the user, whatever its kind, but the one to keep.</summary>
    public static NpgsqlBatchCommand EndAll(long userId, byte[]? keep, string reason, DateTimeOffset now) =>
        new("update sessions set ended_at = $3, end_reason = $4 where user_id = $1 and ended_at is null and sid is distinct from $2")
        {
            Parameters =
            {
                P(userId),
                Bytes(keep),
                P(now),
                P(reason),
            },
        };

    public static async Task<List<Contract.Wire.SessionInfo>> ListAsync(
        NpgsqlDataSource database, long userId, byte[] current, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select sid, kind, device, address, created_at, seen_at, idle_ends_at from sessions
             where user_id = $1 and ended_at is null and idle_ends_at > $2 and absolute_ends_at > $2
             order by seen_at desc, created_at desc, sid limit 200
            """);
        command.Parameters.Add(P(userId));
        command.Parameters.Add(P(now));
        var list = new List<Contract.Wire.SessionInfo>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var sid = row.GetFieldValue<byte[]>(0);
            list.Add(new(
                System.Buffers.Text.Base64Url.EncodeToString(sid), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
                row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6),
                sid.AsSpan().SequenceEqual(current)));
        }
        return list;
    }

    /// <summary>An insert with the parameters of <see cref="AddParameters"/> ($1 to $10; $3 is now), one row for each that <paramref name="source"/> has.</summary>
    public static string InsertFrom(string source, string userId) => InsertColumns + $"select {InsertValues(userId)} from {source}";

    private static string InsertValues(string userId) => $"$1, {userId}, $2, $3, $4, $5, $3, $3, $6, $7, $8, $9, $10";

    private static SessionRow Read(DbDataReader row) => new(
        row.GetFieldValue<byte[]>(0), row.GetString(1), row.GetInt32(2), row.GetBoolean(3), row.GetBoolean(4),
        row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6), row.GetFieldValue<DateTimeOffset>(7), row.GetBoolean(8),
        Accounts.Read(row, 9));

    public static void AddParameters(NpgsqlParameterCollection parameters, NewSessionRow session)
    {
        parameters.Add(P(session.Sid));
        parameters.Add(P(session.Kind));
        parameters.Add(P(session.Now));
        parameters.Add(P(session.Salt));
        parameters.Add(Bytes(session.SecretHash));
        parameters.Add(P(session.IdleEndsAt));
        parameters.Add(P(session.AbsoluteEndsAt));
        parameters.Add(Text(session.Device));
        parameters.Add(Text(session.Address));
        parameters.Add(P(session.ByBareToken));
    }
}
