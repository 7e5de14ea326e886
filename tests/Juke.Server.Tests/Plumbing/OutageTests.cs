using System.Net;
using Juke.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Plumbing;

/// <summary>The database goes away under a running server, and comes back.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Without_its_database_the_server_says_503_and_when_to_come_back_and_recovers_by_itself()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = await server.NewClient().OnboardedAsync();
        await using var other = await OtherDatabaseAsync();
        var name = new NpgsqlConnectionStringBuilder(server.ConnectionString).Database!;

        await RunAsync(other, $"alter database {name} allow_connections false");
        await EndConnectionsAsync(other, name);
        for (var i = 0; i < 20; i++)
        {
            var reply = (i % 4) switch
            {
                0 => await client.GetAsync("/auth/me"),
                1 => await client.GetAsync("/fixtures/upcoming"),
                2 => await client.PostAsync("/auth/login", new { emailOrUsername = "nobody", password = TestClient.Password }),
                _ => await client.RegisterAsync(),
            };
            (reply.Status, reply.Code).ShouldBe((HttpStatusCode.ServiceUnavailable, "SERVICE_UNAVAILABLE"), reply.Body);
            reply.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
            HeadersTests.ShouldCarryAll(reply);
        }
        (await client.GetAsync("/health/ready")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await client.GetAsync("/health/live")).Status.ShouldBe(HttpStatusCode.OK);
        using var guest = server.NewClient();
        (await guest.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized, "what needs no database works");

        await RunAsync(other, $"alter database {name} allow_connections true");
        (await client.GetAsync("/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync("/auth/me")).EnsureOk();
        (await client.RegisterAsync()).EnsureOk();
    }

    [Fact]
    public async Task A_broken_connection_of_the_pool_is_never_a_500_and_the_next_try_is_served()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = await server.NewClient().OnboardedAsync();
        await using var other = await OtherDatabaseAsync();
        var name = new NpgsqlConnectionStringBuilder(server.ConnectionString).Database!;
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.GetAsync("/auth/me"))); // Fills the pool.
            await EndConnectionsAsync(other, name);
            var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.GetAsync("/auth/me")));
            replies.ShouldAllBe(r => r.Status == HttpStatusCode.OK || r.Status == HttpStatusCode.ServiceUnavailable);
            (await client.GetAsync("/auth/me")).EnsureOk();
        }
    }

    [Fact]
    public async Task A_database_that_is_not_migrated_is_not_ready()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await server.ExecuteAsync("delete from schema_migrations where name like '0003%'");
        var reply = await client.GetAsync("/health/ready");
        (reply.Status, reply.Body).ShouldBe((HttpStatusCode.ServiceUnavailable, "not migrated\n"));
    }

    private static async Task<NpgsqlDataSource> OtherDatabaseAsync() => NpgsqlDataSource.Create((await TestCluster.GetAsync()).ConnectionString("postgres") + ";Pooling=false");

    private static Task EndConnectionsAsync(NpgsqlDataSource other, string name) =>
        RunAsync(other, $"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{name}' and pid <> pg_backend_pid()");

    private static async Task RunAsync(NpgsqlDataSource other, string sql)
    {
        await using var command = other.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
