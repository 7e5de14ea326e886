using Juke.Testing;
using Microsoft.AspNetCore.DataProtection;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>Later runs decide anew who holds a name, an address and a Spotify account, and go on reporting it.</summary>
public sealed class OwnershipTests : IAsyncLifetime
{
    private JukeServer server = null!;

    public async ValueTask InitializeAsync() => server = await JukeServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task What_was_reported_at_first_is_reported_after_a_later_run_too()
    {
        using var native = server.NewClient();
        (await native.RegisterAsync("claimed@example.com")).EnsureOk();
        (await native.CompleteAsync("taken")).EnsureOk();
        await server.ExecuteAsync("insert into identities (user_id, provider, subject, external_id, created_at, seen_at) values ($1, 'spotify', 'account-7', 'cat', now(), now())", native.UserId);
        await using var old = await OldJuke.WithAsync(
            OldPerson.Typical(1, "Anna") with { Email = "Ann@example.com" },
            OldPerson.Typical(2, "ANNA") with { Email = "ann@example.com", LastLogin = "2026-01-01Z" },
            OldPerson.Typical(3, "Taken") with { Email = "claimed@example.com" },
            OldPerson.Typical(4) with { Links = [("spotify", "cat", """{"access_token": "cats-access"}""")] });
        await server.ImportAsync(old);
        var before = await ReportedAsync();
        foreach (var (id, text) in new[] { (2, "in another case"), (2, "owns the address"), (3, "made here, has the name"), (3, "without proving it"), (4, "connected to another account here") })
            before.ShouldContain(line => line.StartsWith(id + " ", StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal), text);

        await old.ExecuteAsync("update juke_auth_jukeuser set last_login = now()");
        (await server.ImportAsync(old)).Changed.ShouldBe(4);
        (await ReportedAsync()).ShouldBe(before);

        // What was somebody else's is free: now the link has its place.
        await server.ExecuteAsync("delete from identities where user_id = $1", native.UserId);
        await old.ExecuteAsync("update juke_auth_jukeuser set last_login = now()");
        await server.ImportAsync(old);
        (await server.AskAsync<long>("select user_id from identities where external_id = 'cat'")).ShouldBe(4);
        server.Protector().Unprotect((await server.AskAsync<string>("select access_token from credentials where user_id = 4"))!).ShouldBe("cats-access");
        (await ReportedAsync()).ShouldNotContain(line => line.StartsWith("4 ", StringComparison.Ordinal));

        async Task<List<string>> ReportedAsync()
        {
            var (totals, lines) = await server.CertifyAsync(old);
            totals.IsWhole.ShouldBeTrue();
            lines[4]["mapped"]!.ToJsonString().Contains("spotify.uid", StringComparison.Ordinal).ShouldBe(lines[4]["rejected"]!.AsArray().Count == 0);
            return [.. lines.OrderBy(l => l.Key).SelectMany(l => l.Value["aside"]!.AsArray().Concat(l.Value["rejected"]!.AsArray()).Select(field => $"{l.Key} {field!.ToJsonString()}"))];
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_pending_with_one_address_the_one_who_verifies_there_owns_it(bool bothChange)
    {
        await using var old = await OldJuke.WithAsync(
            OldPerson.Typical(1) with { Email = "ann@example.com", IsActive = false, LastLogin = null }, OldPerson.Typical(2) with { Email = "Ann@example.com", IsActive = false, LastLogin = null });
        await server.ImportAsync(old);
        (await OwnerAsync()).ShouldBe((1, false));
        await old.ExecuteAsync("update juke_auth_jukeuser set is_active = true where id = 2" + (bothChange ? "; update juke_auth_jukeuser set first_name = 'X'" : ""));
        await server.ImportAsync(old);
        (await OwnerAsync()).ShouldBe((2, true));
        var (totals, lines) = await server.CertifyAsync(old);
        totals.IsWhole.ShouldBeTrue();
        lines[1]["aside"]!.ToJsonString().ShouldContain("Another account owns the address");
        lines[2]["aside"]!.ToJsonString().ShouldNotContain("Another account owns the address");
        lines[2]["aside"]!.ToJsonString().ShouldContain("Account 1 claimed the address");
    }

    [Fact]
    public async Task Who_proved_the_address_here_keeps_it()
    {
        await using var old = await OldJuke.WithAsync(
            OldPerson.Typical(1) with { Email = "ann@example.com", IsActive = false, LastLogin = null }, OldPerson.Typical(2) with { Email = "Ann@example.com", IsActive = false, LastLogin = null });
        await server.ImportAsync(old);
        await server.ExecuteAsync("update users set state = 'active', email_proved_at = now() where id = 1");
        await old.ExecuteAsync("update juke_auth_jukeuser set is_active = true where id = 2");
        await server.ImportAsync(old);
        (await OwnerAsync()).ShouldBe((1, true));
    }

    [Fact]
    public async Task A_password_that_becomes_usable_there_proves_the_address()
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1) with { Email = "ann@example.com", Password = "!" });
        await server.ImportAsync(old);
        (await OwnerAsync()).ShouldBe((1, false));
        await old.ExecuteAsync($"update juke_auth_jukeuser set password = '{OldPerson.Pbkdf2("set there")}'");
        await server.ImportAsync(old);
        (await OwnerAsync()).ShouldBe((1, true));
    }

    [Fact]
    public async Task An_address_that_was_changed_here_is_not_proved_by_the_one_there()
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1) with { Email = "ann@example.com", Password = "!" });
        await server.ImportAsync(old);
        await server.ExecuteAsync("update users set email = 'other@example.com', email_key = 'other@example.com' where id = 1");
        await old.ExecuteAsync($"update juke_auth_jukeuser set password = '{OldPerson.Pbkdf2("set there")}'");
        await server.ImportAsync(old);
        (await server.AskAsync<bool>("select email_key = 'other@example.com' and email_proved_at is null from users where id = 1")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("; alter table social_auth_usersocialauth drop column modified")]
    public async Task New_Spotify_tokens_are_taken_though_the_date_of_the_row_stays(string also)
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1) with { Links = [("spotify", "ann", """{"access_token": "first-access"}""")] });
        await old.ExecuteAsync("select 1" + also);
        await server.ImportAsync(old);
        await old.ExecuteAsync("""update social_auth_usersocialauth set extra_data = '{"access_token": "second-access", "refresh_token": "second-refresh"}'""");
        (await server.CertifyAsync(old)).Lines[1]["missing"]!.ToJsonString().ShouldBe("""["spotify.extra_data"]""");
        await server.ImportAsync(old);
        server.Protector().Unprotect((await server.AskAsync<string>("select access_token from credentials"))!).ShouldBe("second-access");
        server.Protector().Unprotect((await server.AskAsync<string>("select refresh_token from credentials"))!).ShouldBe("second-refresh");
        (await server.CertifyAsync(old)).Totals.IsWhole.ShouldBeTrue();
        // Renewed here: theirs is no longer wanted.
        await server.ExecuteAsync("update credentials set obtained_at = now()");
        await old.ExecuteAsync("""update social_auth_usersocialauth set extra_data = '{"access_token": "third-access"}'""");
        (await server.ImportAsync(old)).Conflicts.ShouldBe(1);
    }

    private async Task<(long Id, bool IsProved)> OwnerAsync() => (
        await server.AskAsync<long>("select id from users where email_key = 'ann@example.com'"),
        await server.AskAsync<bool>("select email_proved_at is not null from users where email_key = 'ann@example.com'"));
}
