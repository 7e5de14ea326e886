using System.Data;
using System.Globalization;
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

    /// <summary>JSON of one table in one page, in bytes; a single user may have more. Bounds the memory, whatever is in the rows.</summary>
    public const int PageBytes = 8 * 1024 * 1024;

    /// <summary>The first page is small: it shows how large the rows are.</summary>
    private const int FirstPage = 100;

    private readonly Dictionary<(string Table, string Column), string> types = [];
    private readonly NpgsqlDataSource source;
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction snapshot;

    private OldDatabase(NpgsqlDataSource source, NpgsqlConnection connection, NpgsqlTransaction snapshot) =>
        (this.source, this.connection, this.snapshot) = (source, connection, snapshot);

    /// <summary>Opens it and takes the snapshot.</summary>
    /// <exception cref="ArgumentException">The text is no connection string.</exception>
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
            throw new FormatException("--from is no connection string. It looks like: Host=...;Database=...;Username=...;Password=...", e);
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
        (long)(await ScalarAsync($"select count({UserKey}) from {UserTable} r", cancellation))!;

    /// <summary>
    /// Rows that belong to no user, and users whose id is no number: keys and types forbid them, a dump may hold them all the same.
    /// </summary>
    public async IAsyncEnumerable<Stray> ReadStraysAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (table, part) in (IEnumerable<(string, string)>)[(UserTable, "user"), (ProfileTable, "profile"), (TokenTable, "token"), (LinkTable, "spotify")])
        {
            var (id, reason) = table == UserTable ? (Key(UserTable, "id", "r"), Stray.NoNumber) : (Key(table, "user_id", "r"), Stray.NoUser);
            var which = table == UserTable ? $"{id} is null" : $"not exists (select from {UserTable} u where {Key(UserTable, "id", "u")} = {id})";
            await using var command = new NpgsqlCommand($"select {id}::bigint, row_to_json(r)::text from {table} r where {which}", connection, snapshot);
            await using var row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
            while (await row.ReadAsync(cancellation)) yield return new(part, row.IsDBNull(0) ? 0 : row.GetInt64(0), row.GetString(1), reason);
        }
    }

    /// <summary>What decides who holds a name or an address: of every user, in the order of ids.</summary>
    public async IAsyncEnumerable<KeyClaim> ReadClaimsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select {UserKey}::bigint, username::text, email::text, is_active::text, password::text, to_json(last_login) #>> '{{}}' from {UserTable} r where {UserKey} is not null order by 1",
            connection, snapshot);
        await using var row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var (id, username, email, active, password, seen) = (row.GetInt64(0), Get(1), Get(2), Get(3), Get(4), Get(5));
            yield return KeyClaim.Of(id, username, email, active is "true" or "t" or "1", password, seen);
        }

        string? Get(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    /// <summary>Users in pages, in the order of ids.</summary>
    /// <param name="size">Users in a page at most; fewer where they are large, see <see cref="PageBytes"/>.</param>
    /// <param name="cancellation">Stops it.</param>
    public async IAsyncEnumerable<IReadOnlyList<OldUser>> ReadPagesAsync(int size, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (after, count) = (long.MinValue, Math.Min(size, FirstPage));
        while (true)
        {
            var (users, isCut) = await ReadAsync(UserTable, "id", "{0} > $1", "r.ctid", $"limit {count}", [after], cancellation);
            if (users.Count == 0) yield break;
            var last = users[^1].Id;
            var children = new List<ILookup<long, string>>();
            foreach (var (table, order) in Children)
            {
                var (rows, isShort) = await ReadAsync(table, "user_id", "{0} > $1 and {0} <= $2", Order(table, order), "", [after, last], cancellation);
                // Whose rows did not fit is for the next page.
                if (isShort) (last, isCut) = (rows[^1].Id, true);
                children.Add(rows.ToLookup(r => r.Id, r => r.Row));
            }
            users.RemoveAll(u => u.Id > last);
            if (users.Count > 0) yield return Together(users, children);
            after = last;
            count = isCut ? Math.Clamp(users.Count, 1, size) : (int)Math.Min(2L * count, size);
        }
    }

    /// <summary>These users, in no particular order; all at once, so ask for few.</summary>
    public async Task<IReadOnlyList<OldUser>> ReadAsync(long[] ids, CancellationToken cancellation)
    {
        var (users, _) = await ReadAsync(UserTable, "id", "{0} = any ($1)", "r.ctid", "", [ids], cancellation, long.MaxValue);
        var children = new List<ILookup<long, string>>();
        foreach (var (table, order) in Children)
            children.Add((await ReadAsync(table, "user_id", "{0} = any ($1)", Order(table, order), "", [ids], cancellation, long.MaxValue)).Rows.ToLookup(r => r.Id, r => r.Row));
        return Together(users, children);
    }

    public async ValueTask DisposeAsync()
    {
        await snapshot.DisposeAsync();
        await connection.DisposeAsync();
        await source.DisposeAsync();
    }

    private static readonly (string Table, string Order)[] Children = [(ProfileTable, "id desc"), (TokenTable, "key"), (LinkTable, "id desc")];

    private string UserKey => Key(UserTable, "id", "r");

    private static List<OldUser> Together(List<(long Id, string Row)> users, List<ILookup<long, string>> children) =>
        [.. users.Select(u => new OldUser(u.Id, u.Row, [.. children[0][u.Id]], [.. children[1][u.Id]], [.. children[2][u.Id]]))];

    /// <summary>Rows in the order of ids up to so many bytes, all rows of one id together; and whether there are more.</summary>
    private async Task<(List<(long Id, string Row)> Rows, bool IsCut)> ReadAsync(
        string table, string column, string which, string order, string limit, object[] values, CancellationToken cancellation, long bytes = PageBytes)
    {
        var key = Key(table, column, "r");
        await using var command = new NpgsqlCommand(
            $"""
            select id, json, n from (
              select id, json, nr, count(*) over () as n, sum(octet_length(json)) over (order by id) as total, dense_rank() over (order by id) as place from (
                select id, json, row_number() over () as nr from (
                  select {key}::bigint as id, row_to_json(r)::text as json from {table} r where {string.Format(CultureInfo.InvariantCulture, which, key)}
                   order by {key}, {order} {limit}) rows) numbered) sized
             where total <= {bytes} or place = 1 order by nr
            """, connection, snapshot);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
        var rows = new List<(long, string)>();
        var all = 0L;
        while (await row.ReadAsync(cancellation))
        {
            rows.Add((row.GetInt64(0), row.GetString(1)));
            all = row.GetInt64(2);
        }
        return (rows, rows.Count < all);
    }

    // Ids that are texts count where they read as whole numbers; null for the others.
    private string Key(string table, string column, string alias) => IsInteger(table, column)
        ? $"{alias}.{column}"
        : $"(case when btrim({alias}.{column}::text) ~ '^[+-]?0*[0-9]{{1,18}}$' then btrim({alias}.{column}::text)::bigint end)";

    private bool IsInteger(string table, string column) => types[(table, column)] is "smallint" or "integer" or "bigint";

    // Not every type has an order.
    private string Order(string table, string order) =>
        types[(table, order.Split(' ')[0])] is "json" or "xml" or "ARRAY" or "USER-DEFINED" or "point" ? "r.ctid" : "r." + order;

    private async Task CheckShapeAsync(CancellationToken cancellation)
    {
        var missing = new List<string>();
        foreach (var (table, columns) in Needed)
        {
            await using var command = new NpgsqlCommand(
                "select column_name::text, data_type::text from information_schema.columns where table_name = $1 and table_schema = any (current_schemas(false))", connection, snapshot);
            command.Parameters.Add(P(table));
            await using var row = await command.ExecuteReaderAsync(cancellation);
            var there = new List<string>();
            while (await row.ReadAsync(cancellation))
            {
                there.Add(row.GetString(0));
                types[(table, there[^1])] = row.GetString(1);
            }
            if (there.Count == 0) missing.Add($"the table {table}");
            else missing.AddRange(columns.Except(there, StringComparer.Ordinal).Select(c => $"{table}.{c}"));
        }
        if (missing.Count > 0) throw new InvalidOperationException($"--from is not a whole old Juke database. Missing: {string.Join(", ", missing)}.");
        foreach (var (table, _) in Needed)
        {
            var column = table == UserTable ? "id" : "user_id";
            if (types[(table, column)] is not ("smallint" or "integer" or "bigint" or "numeric" or "text" or "character varying" or "character"))
                throw new InvalidOperationException($"{table}.{column} is of type {types[(table, column)]}. Ids are whole numbers, so nothing was imported.");
        }
        if (await ScalarAsync($"select {UserKey}::bigint from {UserTable} r where {UserKey} is not null group by 1 having count(*) > 1 limit 1", cancellation) is long twice)
            throw new InvalidOperationException($"The old database has two users with id {twice}. Which of them owns the rest cannot be known, so nothing was imported.");
        // More digits than a key has are none, but a text or a numeric may hold them.
        var last = IsInteger(UserTable, "id") ? null : await ScalarAsync($"select btrim(id::text) from {UserTable} where btrim(id::text) ~ '^[+]?0*[1-9][0-9]{{18,}}$' limit 1", cancellation);
        last ??= await ScalarAsync($"select {UserKey}::bigint from {UserTable} r where {UserKey} >= {FirstIdMadeHere} limit 1", cancellation);
        if (last is not null)
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
