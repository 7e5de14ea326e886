using System.Threading.Channels;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Import;

/// <summary>What a run did.</summary>
internal sealed record ImportCounts
{
    public long Arrived { get; set; }
    public long Changed { get; set; }
    public long Unchanged { get; set; }

    /// <summary>Imported once and deleted here since: they do not come back.</summary>
    public long DeletedHere { get; set; }

    /// <summary>The database refused even their bare rows.</summary>
    public long Rejected { get; set; }

    /// <summary>Old rows that belong to nobody; kept.</summary>
    public long Strays { get; set; }

    public long Aside { get; set; }
    public long Conflicts { get; set; }

    public long Users => Arrived + Changed + Unchanged + DeletedHere + Rejected;
}

/// <summary>
/// Brings the users of the old Juke into a running system (docs/migration.md). Reads, understands and writes at once: one
/// connection reads pages, the cores make accounts of them, one connection writes each page in a transaction of its own. A
/// page that was written is known by the hash of its rows, so that a run that was killed goes on where it ended, and a later
/// run takes only what changed.
/// </summary>
internal sealed class ImportJuke(NpgsqlDataSource database, TimeProvider time, Func<string, string> seal, bool isDryRun, int pageSize = ImportJuke.UsualPageSize, DryRunReport? report = null)
{
    /// <summary>Users in one transaction.</summary>
    public const int UsualPageSize = 2000;

    /// <summary>Of those who share a name or an address; they are read by their ids, whatever their rows weigh.</summary>
    private const int ContestedAtOnce = 100;

    /// <summary>Accounts that are locked at once: whoever signs in meanwhile waits for them.</summary>
    private const int ChangesAtOnce = 100;

    /// <summary>Pages in the hands of the cores at once: bounds the memory.</summary>
    private const int Ahead = 4;

    /// <summary>Any number, as long as it is always this one: two imports at once would only wait for each other.</summary>
    private const long LockKey = 0x4A756B65_496D7074;

    private readonly ImportCounts counts = new();
    private KeyOwners owners = new([]);

    /// <summary>Runs to the end.</summary>
    /// <param name="old">The old database.</param>
    /// <param name="done">Is told how many users were looked at.</param>
    /// <param name="cancellation">Stops after the page at hand.</param>
    /// <exception cref="InvalidOperationException">Another import is running.</exception>
    public async Task<ImportCounts> RunAsync(OldDatabase old, Action<long> done, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        if (isDryRun) await ExecuteAsync(connection, "set default_transaction_read_only = on", cancellation);
        else await LockAsync(connection, cancellation);
        try
        {
            owners = new KeyOwners(await old.ReadClaimsAsync(cancellation).ToListAsync(cancellation));
            // Holders before those without a key: see Neighbours.Settle.
            foreach (var ids in owners.Contested.OrderBy(id => owners.NameHolder(id) ?? owners.AddressHolder(id) ?? 0).Chunk(Math.Min(pageSize, ContestedAtOnce)))
                await WriteAsync(connection, Understand(await old.ReadAsync(ids, cancellation)), cancellation);
            done(counts.Users);
            await foreach (var page in ReadAsync(old, cancellation))
            {
                await WriteAsync(connection, (await page).FindAll(user => !owners.Contested.Contains(user.Id)), cancellation);
                done(counts.Users);
            }
            if (!isDryRun) await AskAgainAsync(old, connection, cancellation);
            counts.Strays = await Stray.KeepAsync(old, connection, isDryRun ? null : new Arrivals(connection, seal, time.GetUtcNow()), cancellation);
            return counts;
        }
        finally
        {
            if (isDryRun) await ExecuteAsync(connection, "set default_transaction_read_only = off", CancellationToken.None);
            else await ExecuteAsync(connection, $"select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    private static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            // One that was killed lets go as soon as PostgreSQL sees that it is gone.
            await ExecuteAsync(connection, $"set lock_timeout = '30s'; select pg_advisory_lock({LockKey}); set lock_timeout = 0", cancellation, seconds: 60);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new InvalidOperationException("Another import is running.", e);
        }
    }

    // Pages come in order; while one is written the next ones are understood.
    private async IAsyncEnumerable<Task<List<Incoming>>> ReadAsync(OldDatabase old, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pages = Channel.CreateBounded<Task<List<Incoming>>>(Ahead);
        var reading = FillAsync();
        try
        {
            await foreach (var page in pages.Reader.ReadAllAsync(cancellation)) yield return page;
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }

        async Task FillAsync()
        {
            Exception? fault = null;
            try
            {
                await foreach (var page in old.ReadPagesAsync(pageSize, stop.Token))
                    await pages.Writer.WriteAsync(Task.Run(() => Understand(page), stop.Token), stop.Token);
            }
            catch (Exception e)
            {
                fault = e; // It reaches whoever reads the channel.
            }
            pages.Writer.Complete(fault);
        }
    }

    private static List<Incoming> Understand(IReadOnlyList<OldUser> page) => [.. page.Select(Incoming.ReadAnyhow)];

    private async Task WriteAsync(NpgsqlConnection connection, List<Incoming> page, CancellationToken cancellation)
    {
        var known = await FindKnownAsync(connection, null, page, cancellation);
        await RetryAsync(connection, page.FindAll(user => !known.ContainsKey(user.Id)), ArriveAsync, cancellation);
        var changed = page.FindAll(user => known.TryGetValue(user.Id, out var hash) && !hash.AsSpan().SequenceEqual(user.SourceHash));
        counts.Unchanged += page.Count(user => known.ContainsKey(user.Id)) - changed.Count;
        foreach (var some in changed.Chunk(ChangesAtOnce)) await RetryAsync(connection, [.. some], ChangeAsync, cancellation);
    }

    /// <summary>What meets somebody's write is tried again; what holds a value that the database refuses is halved until it is alone.</summary>
    /// <param name="connection">Ours.</param>
    /// <param name="users">Some of a page.</param>
    /// <param name="write">Says false when somebody came in with a Spotify account of theirs: at most once for each of them, for the next look sees it.</param>
    /// <param name="cancellation">Stops it.</param>
    private async Task RetryAsync(
        NpgsqlConnection connection, List<Incoming> users, Func<NpgsqlConnection, List<Incoming>, CancellationToken, Task<bool>> write, CancellationToken cancellation)
    {
        if (users.Count == 0) return;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await write(connection, users, cancellation)) return;
            }
            catch (PostgresException e) when (attempt < 10 && IsMeeting(e))
            {
                // Live traffic took a name, an address or a row in between: look again.
            }
            catch (PostgresException e) when (IsAboutData(e))
            {
                break;
            }
        }
        if (users.Count > 1)
        {
            await RetryAsync(connection, users[..(users.Count / 2)], write, cancellation);
            await RetryAsync(connection, users[(users.Count / 2)..], write, cancellation);
        }
        else if (users[0].Retreat() is { } less) await RetryAsync(connection, [less], write, cancellation);
        else await RejectAsync(connection, users[0], cancellation);
    }

    private async Task<bool> ArriveAsync(NpgsqlConnection connection, List<Incoming> users, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // A run that was killed may have committed this page at the last moment.
        var known = await FindKnownAsync(connection, transaction, users, cancellation);
        var arrivals = new List<(Incoming Incoming, StoredAccount Account, IReadOnlyList<Remark> Remarks)>();
        var neighbours = await Neighbours.ReadAsync(connection, transaction, users, owners, holdNames: !isDryRun, cancellation);
        foreach (var user in users.Where(user => !known.ContainsKey(user.Id)))
        {
            var remarks = user.Remarks.ToList();
            arrivals.Add((user, neighbours.Settle(user.Account, remarks), remarks));
        }
        if (!isDryRun)
        {
            await TakeAddressesAsync(connection, transaction, neighbours, cancellation);
            await new Arrivals(connection, seal, time.GetUtcNow()).WriteAsync(arrivals, cancellation);
            if (await Neighbours.CameInAsync(connection, transaction, arrivals.Select(a => a.Account.SpotifyId), cancellation)) return false;
            await transaction.CommitAsync(cancellation);
        }
        else
        {
            foreach (var (user, _, remarks) in arrivals) report?.Add(user.Id, "new", remarks);
        }
        counts.Arrived += arrivals.Count;
        counts.Unchanged += known.Count;
        counts.Aside += arrivals.Sum(a => a.Remarks.Count);
        return true;
    }

    /// <summary>
    /// Who lost an address or a Spotify account to somebody who has given it up since: in this run, which met the two in the
    /// wrong order, or here. Their own rows may never change again.
    /// </summary>
    private async Task AskAgainAsync(OldDatabase old, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var losers = await Losers.FindAsync(connection, cancellation);
        foreach (var ids in losers.Keys.OrderBy(IsSecond).ThenBy(id => id).Chunk(Math.Min(pageSize, ContestedAtOnce)))
        {
            var users = Understand(await old.ReadAsync(ids, cancellation));
            var neighbours = await Neighbours.ReadAsync(connection, null, users, owners, holdNames: false, cancellation);
            var free = users.Where(user => neighbours.IsFree(user.Account, losers[user.Id])).OrderBy(user => IsSecond(user.Id)).ThenBy(user => user.Id);
            await RetryAsync(connection, [.. free], (c, some, stop) => ChangeAsync(c, some, isCounted: false, stop), cancellation);
        }

        // Of several who lost one address its holder among the old users asks first.
        bool IsSecond(long id) => owners.AddressHolder(id) is not null;
    }

    private Task<bool> ChangeAsync(NpgsqlConnection connection, List<Incoming> users, CancellationToken cancellation) => ChangeAsync(connection, users, isCounted: true, cancellation);

    private async Task<bool> ChangeAsync(NpgsqlConnection connection, List<Incoming> users, bool isCounted, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var changes = new Changes(connection, transaction, seal, time.GetUtcNow());
        long[] ids = [.. users.Select(user => user.Id)];
        if (!isDryRun) await changes.LockAsync(ids, cancellation);
        var here = await HereRows.ReadAsync(connection, transaction, ids, cancellation);
        var (deleted, aside, conflicts) = (0, 0, 0);
        var links = new List<string?>();
        // One after the other, each with its own look at the neighbours: two of them may change to one name.
        foreach (var user in users)
        {
            var row = here[user.Id];
            if (row.Account is null)
            {
                deleted++;
                continue;
            }
            var merge = Merge.Of(user, row);
            // Only for a name that is new here: who holds an old twin's name may be handing it on at this moment, waiting for us.
            var holdNames = !isDryRun && merge.Account.Username != row.Account.Username;
            var neighbours = await Neighbours.ReadAsync(connection, transaction, [user with { Account = merge.Account }], owners, holdNames, cancellation);
            List<Remark> remarks = [.. user.Remarks, .. merge.Conflicts];
            var account = neighbours.Settle(merge.Account, remarks);
            (aside, conflicts) = (aside + remarks.Count, conflicts + merge.Conflicts.Count);
            if (isDryRun)
            {
                report?.Add(user.Id, "changed", remarks);
                continue;
            }
            await TakeAddressesAsync(connection, transaction, neighbours, cancellation);
            await changes.WriteAsync(user, row, merge, account, cancellation);
            if (merge.Fields.Contains(ImportField.Spotify)) links.Add(account.SpotifyId);
            await new Arrivals(connection, seal, time.GetUtcNow()).WriteRemarksAsync(remarks.Select(r => (user.Id, r)), cancellation);
        }
        if (await Neighbours.CameInAsync(connection, transaction, links, cancellation)) return false;
        await transaction.CommitAsync(cancellation);
        if (!isCounted) return true;
        counts.DeletedHere += deleted;
        counts.Changed += users.Count - deleted;
        counts.Aside += aside - conflicts;
        counts.Conflicts += conflicts;
        return true;
    }

    private async Task RejectAsync(NpgsqlConnection connection, Incoming user, CancellationToken cancellation)
    {
        counts.Rejected++;
        if (isDryRun) return;
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var forget = new NpgsqlCommand("delete from import_remarks where user_id = $1", connection, transaction) { Parameters = { P(user.Id) } };
        await forget.ExecuteNonQueryAsync(cancellation);
        var remark = new Remark(Remark.Rejected, "user", user.Old.Row, "The database refuses the account.");
        await new Arrivals(connection, seal, time.GetUtcNow()).WriteRemarksAsync([(user.Id, remark)], cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task TakeAddressesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Neighbours neighbours, CancellationToken cancellation)
    {
        if (neighbours.LosersOfAddress.Count == 0) return;
        var lost = Neighbours.AddressLost;
        await using var command = new NpgsqlCommand(
            """
            with losers as (update users set email_key = null where id = any ($1) and email_proved_at is null returning id)
            insert into import_remarks (user_id, kind, field, reason) select id, $2, $3, $4 from losers where id < $5
            """,
            connection, transaction)
        { Parameters = { P(neighbours.LosersOfAddress.ToArray()), P(lost.Kind), P(lost.Field), P(lost.Reason), P(OldDatabase.FirstIdMadeHere) } };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<Dictionary<long, byte[]>> FindKnownAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, List<Incoming> users, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select id, source_hash from imported_users where id = any ($1)", connection, transaction)
        {
            Parameters = { P(users.Select(user => user.Id).ToArray()) },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var known = new Dictionary<long, byte[]>();
        while (await row.ReadAsync(cancellation)) known.Add(row.GetInt64(0), row.GetFieldValue<byte[]>(1));
        return known;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, int seconds = 15)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = seconds };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    // Nobody else makes old ids or old tokens: whoever meets one of those meets it again.
    private static bool IsMeeting(PostgresException e) => e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
        || (e.SqlState is PostgresErrorCodes.UniqueViolation && e.ConstraintName is not ("users_pkey" or "sessions_secret_hash_unique"));

    // Class 22: a value; 54: a limit. 23: a constraint, should a rule here and one in the database ever differ.
    private static bool IsAboutData(PostgresException e) => e.SqlState.AsSpan(0, 2) is "22" or "23" or "54";
}
