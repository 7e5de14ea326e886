using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>Which state a later run gives: who is banned stays banned, wherever that was.</summary>
public sealed partial class StateTests : IAsyncLifetime
{
    private static readonly OldPerson Bob = OldPerson.Typical(43, "bob") with { LastLogin = null, Profile = null };

    private JukeServer server = null!;

    public async ValueTask InitializeAsync() => server = await JukeServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("update juke_auth_jukeuser set last_login = now()")]
    [InlineData("insert into social_auth_usersocialauth (provider, uid, user_id) values ('spotify', 'bob', 43)")]
    [InlineData("update juke_auth_jukeuser set password = '!unusable'")]
    public async Task A_pending_user_who_is_banned_there_between_two_runs_is_disabled_and_no_mail_revives_the_account(string banned)
    {
        await using var old = await OldJuke.WithAsync(Bob with { IsActive = false });
        await server.ImportAsync(old);
        using var client = server.NewClient();
        (await client.PostAsync("/api/v1/auth/accounts/resend-registration/", new { email = Bob.Email })).EnsureOk();
        var parts = Link().Match((await server.Mailbox.WaitForAsync(Bob.Email, "verify your Account")).Body).Groups;
        // Verified, in, and deactivated: is_active is false before and after.
        await old.ExecuteAsync(banned);
        (await server.CertifyAsync(old)).Totals.IsWhole.ShouldBeFalse();
        await server.ImportAsync(old);
        (await StateAsync()).ShouldBe("disabled");
        var link = new JsonObject { ["user_id"] = parts["id"].Value, ["timestamp"] = parts["at"].Value, ["signature"] = parts["signature"].Value };
        (await client.PostAsync("/api/v1/auth/accounts/verify-registration/", link)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsync("/api/v1/auth/accounts/resend-registration/", new { email = Bob.Email })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await StateAsync()).ShouldBe("disabled");
        (await server.CertifyAsync(old)).Totals.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public async Task Disabling_here_holds_for_somebody_who_never_signed_in()
    {
        await using var old = await OldJuke.WithAsync(Bob);
        await server.ImportAsync(old);
        await server.ExecuteAsync("update users set state = 'disabled' where id = 43");
        // There the row looks pending in between.
        foreach (var active in (string[])["false", "true", "false", "true"])
        {
            await old.ExecuteAsync($"update juke_auth_jukeuser set is_active = {active}");
            await server.ImportAsync(old);
            (await StateAsync()).ShouldBe("disabled", active);
        }
    }

    [Fact]
    public async Task Deactivation_there_holds_for_somebody_who_never_signed_in_and_ends_with_it()
    {
        await using var old = await OldJuke.WithAsync(Bob);
        await server.ImportAsync(old);
        foreach (var (active, state) in new[] { ("false", "disabled"), ("true", "active"), ("false", "disabled") })
        {
            await old.ExecuteAsync($"update juke_auth_jukeuser set is_active = {active}");
            await server.ImportAsync(old);
            (await StateAsync()).ShouldBe(state);
        }
    }

    [Fact]
    public async Task Who_was_verified_here_stays_active_and_is_deactivated_with_the_account_there()
    {
        await using var old = await OldJuke.WithAsync(Bob with { IsActive = false });
        await server.ImportAsync(old);
        await server.ExecuteAsync("update users set state = 'active', email_proved_at = now() where id = 43");
        foreach (var (change, state) in new[] { ("first_name = 'B'", "active"), ("is_active = true", "active"), ("is_active = false", "disabled") })
        {
            await old.ExecuteAsync("update juke_auth_jukeuser set " + change);
            await server.ImportAsync(old);
            (await StateAsync()).ShouldBe(state, change);
        }
    }

    private Task<string?> StateAsync() => server.AskAsync<string>("select state from users where id = 43");

    [GeneratedRegex(@"user_id=(?<id>\d+)&timestamp=(?<at>\d+)&signature=(?<signature>[A-Za-z0-9_-]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
