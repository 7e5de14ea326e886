using Npgsql;

namespace Juke.Testing;

/// <summary>A row that a test locks. Who wants it queues up in PostgreSQL, so that the test decides who comes first, and both are in there at once.</summary>
internal sealed class HeldRow : IAsyncDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly NpgsqlConnection connection;
    private readonly List<int> queue;

    private HeldRow(NpgsqlDataSource database, NpgsqlConnection connection) =>
        (this.database, this.connection, queue) = (database, connection, [connection.ProcessID]);

    /// <summary>Locks what a statement selects or changes.</summary>
    /// <param name="server">Whose database.</param>
    /// <param name="sql">The statement; what it changes is there for others when the row is let go.</param>
    /// <param name="userId">Its parameter.</param>
    public static async Task<HeldRow> HoldAsync(JukeServer server, string sql, long userId)
    {
        var connection = await server.Database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("begin; " + sql.Replace("$1", userId.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal), connection);
        await command.ExecuteNonQueryAsync();
        return new HeldRow(server.Database, connection);
    }

    /// <summary>Waits until somebody stands in the queue behind who was seen there last, and nobody else between them.</summary>
    /// <param name="doing">What is to queue up: it must not end.</param>
    public async Task UntilQueuedAsync(Task doing)
    {
        while (true)
        {
            await using var command = database.CreateCommand("select pid from pg_stat_activity where $1 = any (pg_blocking_pids(pid)) and pid <> all ($2)");
            command.Parameters.AddWithValue(queue[^1]);
            command.Parameters.AddWithValue(queue.ToArray());
            if (await command.ExecuteScalarAsync() is int behind)
            {
                queue.Add(behind);
                return;
            }
            if (doing.IsCompleted) throw new InvalidOperationException("It should have waited for the row.");
        }
    }

    /// <summary>Lets the first in the queue have the row.</summary>
    public async Task LetGoAsync()
    {
        await using var command = new NpgsqlCommand("commit", connection);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
