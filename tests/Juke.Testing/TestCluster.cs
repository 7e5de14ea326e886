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

    /// <summary>The cluster, started on first use.</summary>
    public static Task<PostgresCluster> GetAsync() => Shared.Value;

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
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Directory.Delete(folder, recursive: true);
        };
        await cluster.CreateDatabaseAsync(Template);
        await using var database = NpgsqlDataSource.Create(cluster.ConnectionString(Template) + ";Pooling=false");
        await Migrations.ApplyAsync(database, TimeProvider.System);
        return cluster;
    }
}
