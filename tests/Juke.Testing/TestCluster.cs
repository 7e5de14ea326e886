using Juke.Desk.Postgres;
using Juke.Server.Data;
using Npgsql;

namespace Juke.Testing;

/// <summary>
/// One private PostgreSQL for the test process, and a migrated database to copy for each test server. Thrown away at the end.
/// </summary>
public static class TestCluster
{
    private const string Template = "juke_template";

    private static readonly Lazy<Task<PostgresCluster>> Shared = new(StartAsync);
    private static int databases;
    private static Func<Task> stop = () => Task.CompletedTask;

    /// <summary>The cluster, started on first use.</summary>
    public static Task<PostgresCluster> GetAsync() => Shared.Value;

    /// <summary>Stops it, if it was started, and throws it away.</summary>
    public static Task StopAsync() => stop();

    /// <summary>A fresh, migrated database of its own; the answer is its connection string.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var cluster = await GetAsync();
        var name = $"juke_{Interlocked.Increment(ref databases)}";
        await cluster.CreateDatabaseAsync(name, Template);
        return cluster.ConnectionString(name);
    }

    /// <summary>A fresh, empty database; the answer is its connection string.</summary>
    public static async Task<string> NewEmptyDatabaseAsync()
    {
        var cluster = await GetAsync();
        var name = $"empty_{Interlocked.Increment(ref databases)}";
        await cluster.CreateDatabaseAsync(name);
        return cluster.ConnectionString(name);
    }

    private static async Task<PostgresCluster> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("juke-test-").FullName;
        var cluster = await PostgresCluster.StartAsync(Path.Combine(folder, "pg"), durable: false);
        var stopped = 0;
        stop = async () =>
        {
            if (Interlocked.Exchange(ref stopped, 1) != 0) return;
            await cluster.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        };
        // For suites that do not register StopCluster.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => stop().GetAwaiter().GetResult();
        await cluster.CreateDatabaseAsync(Template);
        await using var database = NpgsqlDataSource.Create(cluster.ConnectionString(Template) + ";Pooling=false");
        await Migrations.ApplyAsync(database, TimeProvider.System);
        return cluster;
    }
}

/// <summary>
/// Register with <c>[assembly: AssemblyFixture(typeof(StopCluster))]</c>: the cluster goes while the test run still lasts. At the
/// end of the process the runner waits ten seconds only, and hundreds of databases may take longer on a busy machine.
/// </summary>
public sealed class StopCluster : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await TestCluster.StopAsync();
}
