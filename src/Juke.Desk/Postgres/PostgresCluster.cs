using Npgsql;

namespace Juke.Desk.Postgres;

/// <summary>
/// A private PostgreSQL in a folder of its own. It listens on a unix socket only, in a folder that no other user can enter, so it
/// needs no port and no password. It stops with us, however we end; a cluster that already runs is joined and left running.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    internal const string User = "juke";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Leash? leash;

    private PostgresCluster(DataFolder folder, string socketFolder, Leash? leash)
    {
        (this.leash, SocketFolder) = (leash, socketFolder);
        (Folder, BinFolder, Notice) = (folder.Folder, folder.Bin, folder.Notice);
    }

    /// <summary>Where the cluster's files are: the folder asked for, or another one that <see cref="Notice"/> then names.</summary>
    public string Folder { get; }

    /// <summary>PostgreSQL's programs (pg_dump, psql), of the version that runs here.</summary>
    public string BinFolder { get; }

    /// <summary>The folder of the unix socket: what libpq's programs take as host.</summary>
    public string SocketFolder { get; }

    /// <summary>One line for the person at the desk, or null.</summary>
    public string? Notice { get; }

    /// <summary>True when it ran already: then it is not ours to stop.</summary>
    public bool Joined => leash is null;

    /// <summary>PostgreSQL's own log of this start; the one before is beside it as postgres.log.1.</summary>
    public string LogFile => Path.Combine(Folder, "postgres.log");

    /// <summary>Ends when the server process has ended, with its exit code; never for a joined one.</summary>
    internal Task<int> Ended => leash?.Ended ?? new TaskCompletionSource<int>().Task;

    /// <summary>Makes the cluster when the folder is new, starts it when it does not run, and returns when it answers.</summary>
    /// <param name="folder">Its folder; made when missing. Relative paths count from the working directory.</param>
    /// <param name="durable">True: PostgreSQL's safe settings. False, for tests: no fsync; a crash of the machine may lose the cluster (a crash of PostgreSQL does not).</param>
    /// <param name="cancel">Gives up and stops what was started.</param>
    /// <exception cref="DeskException">PostgreSQL is missing or does not start; the message says what to do.</exception>
    public static async Task<PostgresCluster> StartAsync(string folder, bool durable, CancellationToken cancel = default)
    {
        folder = Path.GetFullPath(folder);
        await using var turn = await OneAtATimeAsync(folder, cancel);
        var files = await DataFolder.OpenAsync(folder, durable, cancel);
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            var present = PostmasterFile.Read(files.Data);
            if (present is not null && await present.IsLiveAsync(cancel))
            {
                if (present.SocketFolder is { } socket && await AnswersAsync(socket, cancel)) return new(files, socket, leash: null);
                if (DateTime.UtcNow > deadline) throw new DeskException($"A PostgreSQL (pid {present.Pid}) holds {files.Data} but does not answer: stop it and try again.");
                await Task.Delay(50, cancel);
                continue;
            }

            if (present is not null) File.Delete(present.Path);
            if (await TryStartAsync(files, durable, deadline, cancel) is { } started) return started;
            await Task.Delay(100, cancel);
        }
    }

    /// <summary>An Npgsql connection string for one database of this cluster. Holds no secret.</summary>
    public string ConnectionString(string database) => ConnectionString(SocketFolder, database);

    /// <summary>Makes a database unless it is there.</summary>
    /// <param name="name">Its name, any text.</param>
    /// <param name="template">The database to copy, to which nobody may be connected; null = an empty one.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task CreateDatabaseAsync(string name, string? template = null, CancellationToken cancel = default)
    {
        await using var connection = new NpgsqlConnection(Unpooled(SocketFolder));
        await connection.OpenAsync(cancel);
        await using var asked = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = name } } };
        if (await asked.ExecuteScalarAsync(cancel) is not null) return;
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names cannot be parameters; both are quoted.
        command.CommandText = $"CREATE DATABASE {Quoted(name)}" + (template is null ? "" : $" TEMPLATE {Quoted(template)}");
#pragma warning restore CA2100
        try
        {
            await command.ExecuteNonQueryAsync(cancel);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Two of us at the same moment, and the other one won.
        }
    }

    /// <summary>Stops the server (fast: open transactions roll back) and waits for it; a joined one stays.</summary>
    public async ValueTask DisposeAsync()
    {
        if (leash is null) return;
        await leash.DisposeAsync();
        DataFolder.RemoveSocketFolder(SocketFolder);
    }

    private static async Task<PostgresCluster?> TryStartAsync(DataFolder files, bool durable, DateTime deadline, CancellationToken cancel)
    {
        var log = Path.Combine(files.Folder, "postgres.log");
        if (File.Exists(log)) File.Move(log, log + ".1", overwrite: true);
        var socket = await files.MakeSocketFolderAsync(cancel);
        var started = Leash.Start(
          [.. files.Account.Prefix, Path.Combine(files.Bin, "postgres"), "-D", files.Data, "-k", socket, .. Settings(durable)], "INT", Patience, log);
        var cluster = new PostgresCluster(files, socket, started);
        try
        {
            while (!started.Ended.IsCompleted)
            {
                if (await AnswersAsync(socket, cancel)) return cluster;
                if (DateTime.UtcNow > deadline) throw new DeskException($"PostgreSQL did not answer within {Patience.TotalSeconds:0} s; its log is {log}.");
                await Task.Delay(20, cancel);
            }
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        await cluster.DisposeAsync();
        var said = await File.ReadAllTextAsync(log, cancel);
        // The backends of a killed server need a moment to see that it is gone; until then a new one must not start.
        if (said.Contains("shared memory block", StringComparison.Ordinal) && DateTime.UtcNow < deadline) return null;
        var reason = said.Split('\n').LastOrDefault(line => line.Contains("FATAL", StringComparison.Ordinal)) ?? said.Trim().Split('\n').Last();
        throw new DeskException($"PostgreSQL did not start: {reason.Trim()} (log: {log})");
    }

    private static string[] Settings(bool durable)
    {
        string[] ours = ["listen_addresses=", "port=5432", "max_connections=250", "timezone=UTC", "log_timezone=UTC", "lc_messages=C"];
        string[] hasty = durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
        return [.. ours.Concat(hasty).SelectMany(setting => (string[])["-c", setting])];
    }

    private static async Task<bool> AnswersAsync(string socketFolder, CancellationToken cancel)
    {
        if (!File.Exists(Path.Combine(socketFolder, ".s.PGSQL.5432"))) return false;
        try
        {
            await using var connection = new NpgsqlConnection(Unpooled(socketFolder));
            await connection.OpenAsync(cancel);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>Two desks on one folder take turns to start: the second then finds the first one's server.</summary>
    private static async Task<FileStream> OneAtATimeAsync(string folder, CancellationToken cancel)
    {
        var deadline = DateTime.UtcNow + (2 * Patience);
        while (true)
        {
            try
            {
                Directory.CreateDirectory(folder);
                return new FileStream(Path.Combine(folder, "starting"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new DeskException($"Cannot write in {folder}: it belongs to another user. Set JUKE_DATA to a folder of your own.", e);
            }
            catch (IOException) when (Directory.Exists(folder) && DateTime.UtcNow < deadline)
            {
                await Task.Delay(50, cancel);
            }
        }
    }

    private static string ConnectionString(string socketFolder, string database) =>
      new NpgsqlConnectionStringBuilder { Host = socketFolder, Database = database, Username = User }.ConnectionString;

    private static string Unpooled(string socketFolder) =>
      new NpgsqlConnectionStringBuilder(ConnectionString(socketFolder, "postgres")) { Pooling = false, Timeout = 5 }.ConnectionString;

    private static string Quoted(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
