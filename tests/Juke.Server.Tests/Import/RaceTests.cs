using System.Net;
using Juke.Server.Import;
using Juke.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>Somebody saves at the very moment at which a later run has the account in hand.</summary>
public sealed class RaceTests : IAsyncLifetime
{
    // A save waits at its end, uncommitted, for as long as the test holds this lock.
    private const string Stop =
        """
        create function wait_for_the_test() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(4711); return null; end $$;
        create trigger wait_for_the_test after update on user_profiles for each row execute function wait_for_the_test()
        """;

    private JukeServer server = null!;
    private OldJuke old = null!;

    public async ValueTask InitializeAsync()
    {
        server = await JukeServer.StartAsync();
        old = await OldJuke.WithAsync(
            OldPerson.Typical(42, "ann") with { Links = [("spotify", "ann-at-spotify", """{"access_token": "first-access"}""")] },
            OldPerson.Typical(43, "bob") with { Profile = new(StringComparer.Ordinal) { ["display_name"] = "Bob" } });
        await server.ImportAsync(old);
        await server.ExecuteAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await old.DisposeAsync();
    }

    [Theory]
    [InlineData("PATCH", "/api/v1/music-profiles/me/", """{"bio": "saved here", "favorite_genres": ["jazz"], "onboarding_completed_at": "2026-11-21T08:00:00Z"}""")]
    [InlineData("POST", "/auth/onboarding/complete", """{"username": "bob", "profile": {"bio": "saved here"}}""")]
    [InlineData("POST", "/auth/onboarding/complete", """{"username": "bobby", "profile": {"bio": "saved here"}}""")]
    public async Task A_completion_is_kept_with_its_answers_and_nobody_waits_in_a_circle(string method, string path, string body)
    {
        using var client = server.NewClient();
        (await client.LoginAsync("bob", "the password of 43")).EnsureOk();
        await old.ExecuteAsync("update juke_auth_jukeuser set last_login = now(), first_name = 'Robert'; update juke_auth_musicprofile set tagline = 'changed there'");
        var (reply, counts) = await MeetAsync(() => client.SendAsync(new HttpMethod(method), path, System.Text.Json.Nodes.JsonNode.Parse(body)));
        reply.EnsureOk();
        (counts.Changed, counts.Conflicts).ShouldBe((2, 0));
        (await client.GetAsync("/auth/me")).EnsureOk().Json["onboardingRequired"]!.GetValue<bool>().ShouldBeFalse();
        (await client.GetAsync("/fixtures/upcoming")).EnsureOk();
        var profile = (await client.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json;
        (profile["bio"]!.GetValue<string>(), profile["tagline"]!.GetValue<string>()).ShouldBe(("saved here", "changed there"));
        (await server.AskAsync<DateTime>("select onboarding_done_at from user_profiles where user_id = 43")).ShouldBe(server.Clock.GetUtcNow().UtcDateTime);
        (await server.CertifyAsync(old)).Totals.IsWhole.ShouldBeTrue();
    }

    [Theory]
    [InlineData("update juke_auth_jukeuser set last_login = now()", 0)]
    [InlineData("update juke_auth_musicprofile set tagline = 'changed there'", 0)]
    [InlineData("update juke_auth_musicprofile set bio = 'changed there'", 1)]
    public async Task A_save_is_kept_whatever_changed_there(string there, int conflicts)
    {
        using var client = server.NewClient();
        (await client.LoginAsync("ann", "the password of 42")).EnsureOk();
        await old.ExecuteAsync(there);
        var (reply, counts) = await MeetAsync(() => client.PatchAsync("/api/v1/music-profiles/me/", new { bio = "saved here" }));
        reply.EnsureOk();
        counts.Conflicts.ShouldBe(conflicts);
        (await client.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json["bio"]!.GetValue<string>().ShouldBe("saved here");
    }

    [Theory]
    [InlineData(44)] // Comes now.
    [InlineData(43)] // Is here, and was renamed there.
    public async Task A_twin_that_comes_while_the_holder_gives_the_name_up_gets_it(long twin)
    {
        using var holder = server.NewClient();
        (await holder.RegisterAsync()).EnsureOk();
        (await holder.CompleteAsync("Wanted")).EnsureOk();
        if (twin == 43) await old.ExecuteAsync("update juke_auth_jukeuser set username = 'wanted' where id = 43");
        else await old.AddAsync([OldPerson.Typical(44, "wanted")]);
        var (reply, _) = await MeetAsync(() => holder.CompleteAsync("Elsewhere"));
        reply.EnsureOk();
        (await server.AskAsync<long>("select id from users where username_key = 'wanted'")).ShouldBe(twin);
        (await server.AskAsync<long>("select count(*) from users where username_twin_key is not null")).ShouldBe(0);
        (await holder.CompleteAsync("WANTED")).Code.ShouldBe("USERNAME_TAKEN");
        using var client = server.NewClient();
        (await client.LoginAsync("Wanted", $"the password of {twin}")).EnsureOk();
    }

    [Fact]
    public async Task Tokens_that_are_renewed_here_are_kept()
    {
        await old.ExecuteAsync("""update social_auth_usersocialauth set extra_data = '{"access_token": "second-access"}', modified = now()""");
        // As a renewal does it: with a lock on the credential only.
        await using var connection = await server.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var renewal = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var update = new NpgsqlCommand("update credentials set access_token = 'renewed', obtained_at = now() where user_id = 42", connection, renewal);
        await update.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var run = server.ImportAsync(old);
        await UntilWaitingAsync(1, run);
        await renewal.CommitAsync(TestContext.Current.CancellationToken);
        (await run).Conflicts.ShouldBe(1);
        (await server.AskAsync<string>("select access_token from credentials where user_id = 42")).ShouldBe("renewed");
    }

    /// <summary>Stops the request before its commit, starts a run, and lets the request go on when the run waits for it.</summary>
    private async Task<(Reply Reply, ImportCounts Counts)> MeetAsync(Func<Task<Reply>> request)
    {
        await using var gate = await server.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync("select pg_advisory_lock(4711)");
        var reply = request();
        await UntilWaitingAsync(1, reply);
        var run = server.ImportAsync(old);
        await UntilWaitingAsync(2, run);
        await ExecuteAsync("select pg_advisory_unlock(4711)");
        return (await reply, await run);

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, gate);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    private async Task UntilWaitingAsync(int connections, Task doing)
    {
        while (await server.AskAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") < connections)
            doing.IsCompleted.ShouldBeFalse("it should wait");
    }
}
