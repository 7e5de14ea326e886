using System.Diagnostics;
using Juke.Desk.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests;

public sealed class PostgresClusterTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task A_durable_cluster_keeps_its_data_over_a_restart()
    {
        await using (var first = await PostgresCluster.StartAsync(temporary.Path, durable: true))
        {
            (await AskAsync(first, "SHOW fsync")).ShouldBe("on");
            (await AskAsync(first, "SHOW server_encoding")).ShouldBe("UTF8");
            await AskAsync(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        }

        Directory.Exists(temporary["data", "base"]).ShouldBeTrue();
        File.Exists(temporary["data", "postmaster.pid"]).ShouldBeFalse("the first one must have stopped");
        await using var second = await PostgresCluster.StartAsync(temporary.Path, durable: true);
        (await AskAsync(second, "SELECT answer FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task A_hasty_cluster_takes_two_hundred_connections_and_does_not_sync()
    {
        await using var cluster = await PostgresCluster.StartAsync(temporary.Path, durable: false);
        (await AskAsync(cluster, "SHOW fsync")).ShouldBe("off");
        (await AskAsync(cluster, "SELECT current_setting('max_connections')::int >= 200")).ShouldBe(true);
    }

    [Fact]
    public async Task Nobody_else_can_reach_it()
    {
        await using var cluster = await PostgresCluster.StartAsync(temporary.Path, durable: false);
        (await AskAsync(cluster, "SHOW listen_addresses")).ShouldBe("");
        File.GetUnixFileMode(cluster.SocketFolder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Its_socket_folder_goes_with_it()
    {
        var cluster = await PostgresCluster.StartAsync(temporary.Path, durable: false);
        Directory.Exists(cluster.SocketFolder).ShouldBeTrue();
        await cluster.DisposeAsync();
        Directory.Exists(cluster.SocketFolder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_deep_folder_is_not_too_deep_for_its_socket()
    {
        var deep = temporary[[.. Enumerable.Repeat("a-folder-with-a-long-name", 8)]];
        await using var cluster = await PostgresCluster.StartAsync(deep, durable: false);
        (await AskAsync(cluster, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Two_clusters_run_side_by_side()
    {
        await using var one = await PostgresCluster.StartAsync(temporary["one"], durable: false);
        await using var two = await PostgresCluster.StartAsync(temporary["two"], durable: false);
        await AskAsync(one, "CREATE TABLE here AS SELECT 1 AS x");
        (await AskAsync(two, "SELECT to_regclass('here') IS NULL")).ShouldBe(true);
    }

    [Fact]
    public async Task Two_desks_on_one_folder_share_one_server()
    {
        var both = await Task.WhenAll(PostgresCluster.StartAsync(temporary.Path, durable: false), PostgresCluster.StartAsync(temporary.Path, durable: false));
        await using var owner = both.Single(cluster => !cluster.Joined);
        var guest = both.Single(cluster => cluster.Joined);

        guest.ConnectionString("postgres").ShouldBe(owner.ConnectionString("postgres"));
        await guest.DisposeAsync();
        (await AskAsync(owner, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_stale_pid_file_is_cleared_even_when_the_pid_lives_again_as_something_else()
    {
        await (await PostgresCluster.StartAsync(temporary.Path, durable: false)).DisposeAsync();
        foreach (var stale in (string[])[$"{Environment.ProcessId}", "999999999", "", "rubbish"])
        {
            await File.WriteAllTextAsync(temporary["data", "postmaster.pid"], $"{stale}\n{temporary["data"]}\n");
            await using var cluster = await PostgresCluster.StartAsync(temporary.Path, durable: false);
            cluster.Joined.ShouldBeFalse();
            (await AskAsync(cluster, "SELECT 1")).ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_killed_server_starts_again_with_every_committed_row()
    {
        await using var killed = await PostgresCluster.StartAsync(temporary.Path, durable: true);
        await AskAsync(killed, "CREATE TABLE kept AS SELECT 42 AS answer");
        using (var postmaster = Process.GetProcessById(int.Parse(File.ReadLines(temporary["data", "postmaster.pid"]).First()))) postmaster.Kill();

        await using var next = await PostgresCluster.StartAsync(temporary.Path, durable: true);
        next.Joined.ShouldBeFalse();
        (await AskAsync(next, "SELECT answer FROM kept")).ShouldBe(42);
        Directory.Exists(killed.SocketFolder).ShouldBeFalse();
        (await killed.Ended).ShouldBe(128 + 9);
    }

    [Fact]
    public async Task A_half_made_cluster_is_made_again()
    {
        Directory.CreateDirectory(temporary["data.new", "base"]);
        await using var cluster = await PostgresCluster.StartAsync(temporary.Path, durable: false);
        (await AskAsync(cluster, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Databases_are_made_once_and_copied_from_a_template()
    {
        await using var cluster = await PostgresCluster.StartAsync(temporary.Path, durable: false);
        await cluster.CreateDatabaseAsync("first");
        await AskAsync(cluster, "CREATE TABLE t AS SELECT 7 AS x", "first");
        await cluster.CreateDatabaseAsync("first");
        await cluster.CreateDatabaseAsync("odd \"name\"", template: "first");
        (await AskAsync(cluster, "SELECT x FROM t", "odd \"name\"")).ShouldBe(7);
    }

    [Fact]
    public async Task Root_can_keep_it_where_PostgreSQLs_user_cannot_go()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root drops to another user");
        var closed = temporary["closed"];
        Directory.CreateDirectory(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await using var cluster = await PostgresCluster.StartAsync(Path.Combine(closed, "postgres"), durable: false);
        cluster.Notice.ShouldBeNull();
        cluster.Folder.ShouldStartWith(closed);
        (await AskAsync(cluster, "SELECT pg_read_file('PG_VERSION') <> ''")).ShouldBe(true);
    }

    private static async Task<object?> AskAsync(PostgresCluster cluster, string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
