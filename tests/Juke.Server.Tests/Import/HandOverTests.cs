using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>What one old user gives up and another takes, between two runs.</summary>
public sealed class HandOverTests : IAsyncLifetime
{
    private JukeServer server = null!;

    public async ValueTask InitializeAsync() => server = await JukeServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData(2, 1)] // Both are known, and who takes comes first.
    [InlineData(1, 2)]
    [InlineData(1, 3)] // Who takes is new.
    public async Task A_Spotify_account_that_was_moved_there_is_moved_here(long from, long to)
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1), OldPerson.Typical(2));
        await old.ExecuteAsync($"insert into social_auth_usersocialauth (provider, uid, extra_data, user_id) values ('spotify', 'ann', '{{\"access_token\": \"anns-access\"}}', {from})");
        await server.ImportAsync(old);
        if (to == 3) await old.AddAsync([OldPerson.Typical(3)]);
        await old.ExecuteAsync($"update social_auth_usersocialauth set user_id = {to}");
        await server.ImportAsync(old);
        (await server.AskAsync<long>("select coalesce((select user_id from identities where external_id = 'ann'), 0)")).ShouldBe(to);
        var (totals, lines) = await server.CertifyAsync(old);
        totals.IsWhole.ShouldBeTrue();
        lines[to]["rejected"]!.ToJsonString().ShouldBe("[]");
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 3)]
    public async Task An_address_that_one_gave_up_there_and_another_took_is_theirs(long from, long to)
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1), OldPerson.Typical(2));
        await server.ImportAsync(old);
        await old.ExecuteAsync($"update juke_auth_jukeuser set email = 'elsewhere@example.com' where id = {from}");
        if (to == 3) await old.AddAsync([OldPerson.Typical(3) with { Email = $"user{from}@example.com" }]);
        else await old.ExecuteAsync($"update juke_auth_jukeuser set email = 'user{from}@example.com' where id = {to}");
        await server.ImportAsync(old);
        var (totals, lines) = await server.CertifyAsync(old);
        totals.IsWhole.ShouldBeTrue(lines[to].ToJsonString());
        (await server.AskAsync<long>("select coalesce((select id from users where email_key = $1 and email_proved_at is not null), 0)", $"user{from}@example.com")).ShouldBe(to);
        lines[to]["aside"]!.ToJsonString().ShouldBe("[]");
        var again = await server.ImportAsync(old);
        again.Changed.ShouldBe(0);
    }

    [Fact]
    public async Task A_twin_address_whose_holder_left_there_is_the_others()
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1) with { Email = "Ann@example.com" }, OldPerson.Typical(2) with { Email = "ann@example.com" });
        await server.ImportAsync(old);
        await old.ExecuteAsync("update juke_auth_jukeuser set email = 'elsewhere@example.com' where id = 1");
        await server.ImportAsync(old);
        var (totals, lines) = await server.CertifyAsync(old);
        totals.IsWhole.ShouldBeTrue(lines[2].ToJsonString());
        (await server.AskAsync<long>("select coalesce((select id from users where email_key = 'ann@example.com'), 0)")).ShouldBe(2);
    }

    [Fact]
    public async Task Of_two_who_lost_an_address_that_is_free_now_who_signed_in_last_has_it()
    {
        await using var old = await OldJuke.WithAsync(
            OldPerson.Typical(1) with { Email = "Ann@example.com", LastLogin = "2026-03-03Z" },
            OldPerson.Typical(2) with { Email = "ann@example.com", LastLogin = "2026-03-01Z" },
            OldPerson.Typical(3) with { Email = "ANN@example.com", LastLogin = "2026-03-02Z" });
        await server.ImportAsync(old);
        await old.ExecuteAsync("update juke_auth_jukeuser set email = 'elsewhere@example.com' where id = 1");
        await server.ImportAsync(old);
        (await server.AskAsync<long>("select id from users where email_key = 'ann@example.com'")).ShouldBe(3);
        (await server.AskAsync<long[]>("select array_agg(user_id order by user_id) from import_remarks where reason like 'Another account owns%'")).ShouldBe([2]);
        (await server.CertifyAsync(old)).Totals.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public async Task A_new_token_there_opens_nothing_whose_password_was_set_here()
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1));
        await server.ImportAsync(old);
        using var guest = server.NewClient();
        (await guest.PostAsync("/auth/forgot-password", new { email = "user1@example.com" })).EnsureOk();
        var link = (await server.Mailbox.WaitForAsync("user1@example.com", "Set a new password")).Token;
        (await guest.PostAsync("/auth/reset-password", new { token = link, newPassword = "a quite new password" })).EnsureOk();
        (await TokenAsync(OldPerson.TokenOf(1))).ShouldBe(HttpStatusCode.Unauthorized);
        // The thief still has the old password there: signs out with revoke_token, and in again.
        var stolen = OldPerson.TokenOf(4242);
        await old.ExecuteAsync($"delete from authtoken_token; insert into authtoken_token (key, user_id) values ('{stolen}', 1)");
        await server.ImportAsync(old);
        (await TokenAsync(stolen)).ShouldBe(HttpStatusCode.Unauthorized);
        (await server.CertifyAsync(old)).Totals.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_lost_a_pending_name_and_then_finished_there_is_accounted_for()
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1, "wanted") with { IsActive = false, LastLogin = null, Profile = null });
        await server.ImportAsync(old);
        using var taker = server.NewClient();
        (await taker.RegisterAsync()).EnsureOk();
        (await taker.CompleteAsync("wanted")).EnsureOk();
        await old.ExecuteAsync("update juke_auth_jukeuser set is_active = true, last_login = now() where id = 1; insert into juke_auth_musicprofile (user_id, favorite_genres) values (1, '[\"rock\"]')");
        await server.ImportAsync(old);
        var (totals, lines) = await server.CertifyAsync(old);
        totals.IsWhole.ShouldBeTrue(lines[1].ToJsonString());
    }

    private async Task<HttpStatusCode> TokenAsync(string token)
    {
        SecretWatch.Remember(token);
        using var client = server.NewClient();
        return (await client.SendAsync(HttpMethod.Get, "/auth/me", null, r => r.Headers.TryAddWithoutValidation("Authorization", "Token " + token))).Status;
    }
}
