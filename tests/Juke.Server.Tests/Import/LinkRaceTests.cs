using Juke.Desk.Spotify;
using Juke.Server.Tests.SignUp;
using Juke.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>Somebody comes in with Spotify at the very moment at which the link of their old account is on its way: one account is theirs, not two.</summary>
public sealed class LinkRaceTests : IAsyncLifetime
{
    private const string BeforeItIsWritten = "before insert or update on users for each row when (new.id < 1000000000)";
    private const string AfterItWasWritten = "after insert or update on imported_users for each row";

    private readonly Doors doors = new();
    private OldJuke old = null!;
    private SpotifyPerson ann = null!;

    private JukeServer Server => doors.Server;

    public async ValueTask InitializeAsync()
    {
        await doors.InitializeAsync();
        ann = doors.Listener();
        old = await OldJuke.WithAsync(OldPerson.Typical(1));
    }

    public async ValueTask DisposeAsync()
    {
        await old.DisposeAsync();
        await doors.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_signs_in_while_the_link_is_not_committed_gets_the_old_account(bool isLaterRun)
    {
        await LinkThereAsync(isLaterRun);
        using var client = Server.NewClient();
        Reply entered = null!;
        await MeetAsync(AfterItWasWritten, ImportAsync, async () => entered = (await doors.WithSocialLoginAsync(client, ann)).EnsureOk(), waits: true);
        entered.Json.Text("url").ShouldEndWith("/users/1/");
        (await CertifiedAsync()).ShouldBe("[]");
    }

    [Fact]
    public async Task Who_connects_while_the_link_is_not_committed_is_refused()
    {
        await LinkThereAsync(isLaterRun: false);
        using var browser = await new Browser(Server).RegisterAsync();
        string? back = null;
        await MeetAsync(AfterItWasWritten, ImportAsync, async () => back = (await browser.TravelAsync("/settings/connect/spotify", ann.Key)).Location, waits: true);
        back.ShouldBe("/settings?error=spotify_taken");
        (await CertifiedAsync()).ShouldBe("[]");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_came_in_before_the_link_was_written_keeps_the_Spotify_account(bool isLaterRun)
    {
        await LinkThereAsync(isLaterRun);
        using var client = Server.NewClient();
        await MeetAsync(BeforeItIsWritten, ImportAsync, () => doors.WithSocialLoginAsync(client, ann), waits: false);
        await IsTheirsAloneAsync(client);
    }

    [Fact]
    public async Task Who_is_coming_in_when_the_link_is_written_keeps_the_Spotify_account()
    {
        await LinkThereAsync(isLaterRun: false);
        using var client = Server.NewClient();
        await MeetAsync("after insert on identities for each row when (new.user_id >= 1000000000)", () => doors.WithSocialLoginAsync(client, ann), ImportAsync, waits: true);
        await IsTheirsAloneAsync(client);
    }

    private async Task LinkThereAsync(bool isLaterRun)
    {
        if (isLaterRun) await Server.ImportAsync(old);
        await old.ExecuteAsync($"insert into social_auth_usersocialauth (provider, uid, extra_data, user_id) values ('spotify', '{ann.Id}', '{{}}', 1)");
    }

    private Task ImportAsync() => Server.ImportAsync(old);

    private async Task IsTheirsAloneAsync(TestClient client)
    {
        var mine = await Server.AskAsync<long>("select user_id from identities where external_id = $1", ann.Id);
        mine.ShouldBeGreaterThan(1);
        (await doors.WithSocialLoginAsync(client, ann)).EnsureOk().Json.Text("url").ShouldEndWith($"/users/{mine}/");
        (await CertifiedAsync()).ShouldContain("spotify.uid");
    }

    /// <summary>The certificate is whole, and one identity has the Spotify account; gives what the certificate calls rejected.</summary>
    private async Task<string> CertifiedAsync()
    {
        (await Server.AskAsync<long>("select count(*) from identities where external_id = $1", ann.Id)).ShouldBe(1);
        var (totals, lines) = await Server.CertifyAsync(old);
        totals.IsWhole.ShouldBeTrue(lines[1].ToJsonString());
        return lines[1]["rejected"]!.ToJsonString();
    }

    /// <summary>Stops the first one there, lets the second one run or wait for it, and lets both end.</summary>
    private async Task MeetAsync(string there, Func<Task> first, Func<Task> second, bool waits)
    {
        await Server.ExecuteAsync(
            $"""
            create function wait_for_the_test() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(4711); return new; end $$;
            create trigger wait_for_the_test {there} execute function wait_for_the_test()
            """);
        await using var gate = await Server.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync("select pg_advisory_lock(4711)");
        var one = first();
        await UntilWaitingAsync(1, one);
        var two = second();
        if (waits) await UntilWaitingAsync(2, two);
        else await two;
        await ExecuteAsync("select pg_advisory_unlock(4711)");
        await one;
        await two;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, gate);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    private async Task UntilWaitingAsync(int connections, Task doing)
    {
        while (await Server.AskAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") < connections)
            doing.IsCompleted.ShouldBeFalse("it should wait");
    }
}
