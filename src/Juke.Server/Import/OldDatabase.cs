using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Import;

/// <summary>
/// The old Juke's database (Django), read in one repeatable-read snapshot that nothing written meanwhile disturbs. Rows come
/// as JSON text, so that columns of any type, added or missing ones are all the same to it.
/// </summary>
internal sealed class OldDatabase : IAsyncDisposable
{
    /// <summary>Ids from here on belong to accounts made here.</summary>
    public const long FirstIdMadeHere = 1_000_000_000;

    private const string UserTable = "juke_auth_jukeuser";
    private const string ProfileTable = "juke_auth_musicprofile";
    private const string TokenTable = "authtoken_token";
    private const string LinkTable = "social_auth_usersocialauth";

    /// <summary>Without these columns there is nothing to import; every other one may be missing.</summary>
    private static readonly (string Table, string[] Columns)[] Needed =
    [
        (UserTable, ["id", "username", "email", "password", "is_active", "first_name", "last_name", "date_joined", "last_login"]),
        (ProfileTable, ["id", "user_id", "favorite_genres"]),
        (TokenTable, ["key", "user_id"]),
        (LinkTable, ["id", "provider", "uid", "user_id", "extra_data"]),
    ];

    private readonly NpgsqlDataSource source;
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction snapshot;

    private OldDatabase(NpgsqlDataSource source, NpgsqlConnection connection, NpgsqlTransaction snapshot) =>
        (this.source, this.connection, this.snapshot) = (source, connection, snapshot);

    /// <summary>Opens it and takes the snapshot.</summary>
    /// <exception cref="InvalidOperationException">It is not an old Juke; the message says what is missing.</exception>
    public static async Task<OldDatabase> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        NpgsqlConnectionStringBuilder text;
        try
        {
            text = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Not the driver's text: it may quote the password.
            throw new InvalidOperationException("--from is no connection string. It looks like: Host=...;Database=...;Username=...;Password=...", e);
        }
        (text.ApplicationName, text.CommandTimeout, text.Timezone, text.IncludeErrorDetail, text.Pooling) = ("juke-import", 0, "UTC", false, false);
        var pool = NpgsqlDataSource.Create(text.ConnectionString);
        NpgsqlConnection? opened = null;
        try
        {
            opened = await pool.OpenConnectionAsync(cancellation);
            var view = await opened.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            await ExecuteAsync(opened, view, "set transaction read only", cancellation);
            var old = new OldDatabase(pool, opened, view);
            await old.CheckShapeAsync(cancellation);
            return old;
        }
        catch (Exception e)
        {
            if (opened is not null) await opened.DisposeAsync();
            await pool.DisposeAsync();
            if (e is not NpgsqlException) throw;
            throw new InvalidOperationException(
                e is PostgresException p ? $"The old database refused: {p.SqlState} {p.MessageText}" : "The old database cannot be reached with --from.", e);
        }
    }

    /// <summary>How many users there are.</summary>
    public async Task<long> CountAsync(CancellationToken cancellation) =>
        (long)(await ScalarAsync($"select count(*) from {UserTable}", cancellation))!;

    /// <summary>Rows that belong to no user: foreign keys forbid them, a dump may hold them all the same.</summary>
    public async Task<long> CountOrphansAsync(CancellationToken cancellation) =>
        (long)(await ScalarAsync(
            string.Join(" + ", Needed.Skip(1).Select(t => $"(select count(*) from {t.Table} r where not exists (select from {UserTable} u where u.id = r.user_id))"))
                .Insert(0, "select "), cancellation))!;

    /// <summary>What decides who holds a name or an address: of every user, in the order of ids.</summary>
    public async IAsyncEnumerable<KeyClaim> ReadClaimsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select id::bigint, username::text, email::text, is_active::text, password::text, to_json(last_login) #>> '{{}}' from {UserTable} order by id", connection, snapshot);
        await using var row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var (id, username, email, active, password, seen) = (row.GetInt64(0), Get(1), Get(2), Get(3), Get(4), Get(5));
            yield return KeyClaim.Of(id, username, email, active is "true" or "t" or "1", password, seen);
        }

        string? Get(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    /// <summary>Users in pages, in the order of ids.</summary>
    public async IAsyncEnumerable<IReadOnlyList<OldUser>> ReadPagesAsync(int size, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var after = long.MinValue;
        while (true)
        {
            var users = await ReadAsync(UserTable, "id", "id > $1", "id", $"limit {size}", cancellation, P(after));
            if (users.Count == 0) yield break;
            var last = users[^1].Id;
            yield return await WithTheirRowsAsync(users, "user_id > $1 and user_id <= $2", [after, last], cancellation);
            after = last;
        }
    }

    /// <summary>These users, in no particular order.</summary>
    public async Task<IReadOnlyList<OldUser>> ReadAsync(long[] ids, CancellationToken cancellation)
    {
        var users = await ReadAsync(UserTable, "id", "id = any ($1)", "id", "", cancellation, P(ids));
        return await WithTheirRowsAsync(users, "user_id = any ($1)", [ids], cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await snapshot.DisposeAsync();
        await connection.DisposeAsync();
        await source.DisposeAsync();
    }

    private async Task<IReadOnlyList<OldUser>> WithTheirRowsAsync(List<(long Id, string Row)> users, string which, object[] values, CancellationToken cancellation)
    {
        var profiles = await RowsAsync(ProfileTable, "id desc");
        var tokens = await RowsAsync(TokenTable, "key");
        var links = await RowsAsync(LinkTable, "id desc");
        return [.. users.Select(u => new OldUser(u.Id, u.Row, [.. profiles[u.Id]], [.. tokens[u.Id]], [.. links[u.Id]]))];

        async Task<ILookup<long, string>> RowsAsync(string table, string order) =>
            (await ReadAsync(table, "user_id", which, $"user_id, {order}", "", cancellation, [.. values.Select(v => new NpgsqlParameter { Value = v })]))
                .ToLookup(r => r.Id, r => r.Row);
    }

    private async Task<List<(long Id, string Row)>> ReadAsync(
        string table, string key, string which, string order, string limit, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand($"select {key}::bigint, row_to_json(r)::text from {table} r where {which} order by {order} {limit}", connection, snapshot);
        command.Parameters.AddAll(parameters);
        await using var row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
        var rows = new List<(long, string)>();
        while (await row.ReadAsync(cancellation)) rows.Add((row.GetInt64(0), row.GetString(1)));
        return rows;
    }

    private async Task CheckShapeAsync(CancellationToken cancellation)
    {
        var missing = new List<string>();
        foreach (var (table, columns) in Needed)
        {
            await using var command = new NpgsqlCommand(
                "select column_name::text from information_schema.columns where table_name = $1 and table_schema = any (current_schemas(false))", connection, snapshot);
            command.Parameters.Add(P(table));
            await using var row = await command.ExecuteReaderAsync(cancellation);
            var there = new List<string>();
            while (await row.ReadAsync(cancellation)) there.Add(row.GetString(0));
            if (there.Count == 0) missing.Add($"the table {table}");
            else missing.AddRange(columns.Except(there, StringComparer.Ordinal).Select(c => $"{table}.{c}"));
        }
        if (missing.Count > 0) throw new InvalidOperationException($"--from is not a whole old Juke database. Missing: {string.Join(", ", missing)}.");
        if (await ScalarAsync($"select max(id)::bigint from {UserTable}", cancellation) is long last && last >= FirstIdMadeHere)
            throw new InvalidOperationException($"The old database has a user with id {last}. Ids from {FirstIdMadeHere} on belong to accounts made here, so nothing was imported.");
    }

    private async Task<object?> ScalarAsync(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection, snapshot);
        return await command.ExecuteScalarAsync(cancellation);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
