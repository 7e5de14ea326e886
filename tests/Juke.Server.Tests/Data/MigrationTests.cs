using Dapper;
using Juke.Desk.Postgres;
using Juke.Server.Data;
using Juke.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Data;

public sealed class MigrationTests
{
    [Fact]
    public async Task Five_servers_that_start_on_one_empty_database_migrate_it_once()
    {
        var connectionString = await TestCluster.NewEmptyDatabaseAsync();
        var pools = Enumerable.Range(0, 5).Select(_ => NpgsqlDataSource.Create(connectionString)).ToList();
        var applied = await Task.WhenAll(pools.Select(pool => Task.Run(() => Migrations.ApplyAsync(pool, TimeProvider.System))));

        applied.Count(names => names.Count > 0).ShouldBe(1, "one does it, the others wait and find it done");
        applied.SelectMany(names => names).ShouldBe(Migrations.All.Select(m => m.Name));
        (await Migrations.AreAppliedAsync(pools[4], default)).ShouldBeTrue();
        foreach (var pool in pools) await pool.DisposeAsync();
    }

    [Fact]
    public async Task Five_server_processes_that_start_on_one_empty_database_all_become_ready()
    {
        var connectionString = await TestCluster.NewEmptyDatabaseAsync();
        var servers = await Task.WhenAll(Enumerable.Range(0, Soak.Count(2, 5)).Select(_ => ServerProcess.StartAsync(connectionString)));
        foreach (var server in servers)
        {
            using var client = new TestClient(server.Url);
            (await client.RegisterAsync()).EnsureOk();
        }
        foreach (var server in servers) await server.DisposeAsync();
    }

    [Fact]
    public async Task A_migration_that_changed_after_it_was_applied_is_refused_by_name()
    {
        await using var database = NpgsqlDataSource.Create(await TestCluster.NewDatabaseAsync());
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("update schema_migrations set checksum = repeat('0', 64) where name = '0002-mail'");

        var refusal = await Should.ThrowAsync<InvalidOperationException>(() => Migrations.ApplyAsync(database, TimeProvider.System));
        refusal.Message.ShouldBe("Migration 0002-mail was changed after it had been applied. Put it back and write a new migration.");
    }

    [Fact]
    public async Task A_changed_migration_stops_the_verb_with_one_line_and_gives_the_lock_back()
    {
        var connectionString = await TestCluster.NewDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("update schema_migrations set checksum = 'x' where name = '0001-accounts'");

        var environment = ServerProcess.Environment(connectionString);
        var (exitCode, _, errors) = await ServerProcess.RunAsync(environment, null, "migrate");
        exitCode.ShouldBe(1);
        errors.Trim().ShouldBe("juke-server: Migration 0001-accounts was changed after it had been applied. Put it back and write a new migration.");
        (await connection.ExecuteScalarAsync<long>("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())")).ShouldBe(0);
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_of_itself()
    {
        await using var database = NpgsqlDataSource.Create(await TestCluster.NewEmptyDatabaseAsync());
        await using var connection = await database.OpenConnectionAsync();
        // In the way of 0003, after 0001 and 0002 went through.
        await connection.ExecuteAsync("create table fixtures (id int)");

        await Should.ThrowAsync<PostgresException>(() => Migrations.ApplyAsync(database, TimeProvider.System));
        (await connection.QueryAsync<string>("select name from schema_migrations order by name")).ShouldBe(["0001-accounts", "0002-mail"]);

        await connection.ExecuteAsync("drop table fixtures");
        (await Migrations.ApplyAsync(database, TimeProvider.System)).ShouldBe(Migrations.All.Select(m => m.Name).Skip(2), "the next start goes on where it stopped");
    }

    [Fact]
    public async Task A_newer_database_serves_an_older_build()
    {
        var connectionString = await TestCluster.NewDatabaseAsync();
        await using (var database = NpgsqlDataSource.Create(connectionString))
        await using (var connection = await database.OpenConnectionAsync())
            await connection.ExecuteAsync("insert into schema_migrations (name, checksum, applied_at) values ('9999-from-the-future', 'x', now()); alter table users add column of_the_future text");

        await using var server = await JukeServer.StartAsync(connectionString: connectionString);
        using var client = server.NewClient();
        (await client.GetAsync("/health/ready")).EnsureOk();
        (await client.RegisterAsync()).EnsureOk();
    }

    [Fact]
    public async Task A_database_that_lacks_a_migration_is_not_ready()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        (await client.GetAsync("/health/ready")).EnsureOk();
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("delete from schema_migrations where name = '0003-fixtures'");
        (await client.GetAsync("/health/ready")).Status.ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task The_schema_file_is_what_the_migrations_make()
    {
        var cluster = await TestCluster.GetAsync();
        var connectionString = await TestCluster.NewDatabaseAsync();
        var dump = await SchemaDump.ReadAsync(cluster, new NpgsqlConnectionStringBuilder(connectionString).Database!);
        Repository.Read("db/schema.sql").ShouldBe(dump, "Write it anew: ./dev schema");
    }
}
