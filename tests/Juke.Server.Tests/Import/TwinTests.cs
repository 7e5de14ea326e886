using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>Names and addresses that several old users have, or somebody here has already (contract §2).</summary>
public sealed class TwinTests : IAsyncLifetime
{
    private JukeServer server = null!;

    public async ValueTask InitializeAsync() => server = await JukeServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Both_twins_sign_in_and_nobody_else_gets_the_name_even_after_its_holder_is_renamed()
    {
        await using var old = await OldJuke.WithAsync(
            OldPerson.Typical(1, "Anna") with { LastLogin = "2026-01-01Z" }, OldPerson.Typical(2, "ANNA") with { LastLogin = "2026-02-01Z" }, OldPerson.Typical(3, "anna") with { LastLogin = null });
        await server.ImportAsync(old);
        (await HolderAsync()).ShouldBe(2, "who signed in last");
        foreach (var (name, id) in new[] { ("Anna", 1), ("ANNA", 2), ("anna", 3) })
        {
            using var twin = server.NewClient();
            (await twin.LoginAsync(name, $"the password of {id}")).EnsureOk();
            twin.UserId.ShouldBe(id);
            (await twin.TokenAsync(name, $"the password of {id}")).EnsureOk();
            (await twin.GetAsync($"/api/v1/music-profiles/{name}/")).EnsureOk().Json["id"]!.GetValue<long>().ShouldBe(id);
        }
        (await TakenAsync()).ShouldBeTrue();
        // The sign-ins above were at one moment of the clock; the older account comes first then.
        foreach (var (holder, next) in new[] { (2, (long?)1), (1, 3), (3, null) })
        {
            using var client = server.NewClient();
            (await client.LoginAsync($"user{holder}@example.com", $"the password of {holder}")).EnsureOk();
            (await client.CompleteAsync($"renamed{holder}")).EnsureOk();
            (await HolderAsync()).ShouldBe(next);
            (await TakenAsync()).ShouldBe(next is not null);
        }
        (await server.AskAsync<long>("select count(*) from users where username_twin_key is not null")).ShouldBe(0);
    }

    [Fact]
    public async Task Deleting_the_holder_hands_the_name_on_too()
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1, "Anna"), OldPerson.Typical(2, "ANNA"));
        await server.ImportAsync(old);
        (await HolderAsync()).ShouldBe(1);
        await server.ExecuteAsync("delete from users where id = 1");
        (await HolderAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_name_that_is_handed_on_is_never_free_in_between()
    {
        const int names = 10;
        await using var old = await OldJuke.WithAsync([.. Enumerable.Range(1, names).SelectMany(i => new[] { OldPerson.Typical(i, $"Anna{i}"), OldPerson.Typical(100 + i, $"ANNA{i}") })]);
        await server.ImportAsync(old);
        var thieves = new List<TestClient>();
        for (var i = 0; i < 4; i++)
        {
            thieves.Add(server.NewClient());
            (await thieves[i].RegisterAsync()).EnsureOk();
        }
        for (var i = 1; i <= names; i++)
        {
            using var holder = server.NewClient();
            (await holder.LoginAsync($"user{i}@example.com", $"the password of {i}")).EnsureOk();
            var done = false;
            var stealing = thieves.Select(async thief =>
            {
                while (!Volatile.Read(ref done)) (await thief.CompleteAsync($"anna{i}")).Code.ShouldBe("USERNAME_TAKEN");
            }).ToList();
            (await holder.CompleteAsync($"elsewhere{i}")).EnsureOk();
            Volatile.Write(ref done, true);
            await Task.WhenAll(stealing);
            (await server.AskAsync<long>("select id from users where username_key = $1", $"anna{i}")).ShouldBe(100 + i);
        }
        foreach (var thief in thieves) thief.Dispose();
    }

    [Fact]
    public async Task A_twin_that_is_renamed_gives_its_claim_up()
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1, "Anna"), OldPerson.Typical(2, "ANNA"));
        await server.ImportAsync(old);
        using var twin = server.NewClient();
        (await twin.LoginAsync("user2@example.com", "the password of 2")).EnsureOk();
        (await twin.CompleteAsync("bella")).EnsureOk();
        using var holder = server.NewClient();
        (await holder.LoginAsync("user1@example.com", "the password of 1")).EnsureOk();
        (await holder.CompleteAsync("cara")).EnsureOk();
        (await TakenAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_two_with_one_address_the_proved_one_owns_it_and_the_other_is_never_reset_by_it()
    {
        await using var old = await OldJuke.WithAsync(
            OldPerson.Typical(1) with { Email = "Ann@example.com", LastLogin = "2026-09-01Z", Password = "!" }, OldPerson.Typical(2) with { Email = "ann@example.com", LastLogin = "2026-01-01Z" });
        await server.ImportAsync(old);
        (await server.AskAsync<long>("select id from users where email_key = 'ann@example.com' and email_proved_at is not null")).ShouldBe(2);
        (await server.AskAsync<bool>("select email = 'Ann@example.com' and email_key is null and email_proved_at is null from users where id = 1")).ShouldBeTrue();
        using var guest = server.NewClient();
        (await guest.PostAsync("/auth/forgot-password", new { email = "Ann@example.com" })).EnsureOk();
        var token = (await server.Mailbox.WaitForAsync("ann@example.com", "Set a new password")).Token;
        (await guest.PostAsync("/auth/reset-password", new { token, newPassword = "a quite new password" })).EnsureOk();
        (await server.AskAsync<long>("select id from users where password_set_at is not null")).ShouldBe(2);
        var (totals, lines) = await server.CertifyAsync(old);
        totals.IsWhole.ShouldBeTrue();
        lines[1]["aside"]!.ToJsonString().ShouldContain("Another account owns the address");
    }

    [Fact]
    public async Task An_address_claimed_here_and_proved_there_is_theirs_and_a_proved_one_here_stays()
    {
        using var claimer = server.NewClient();
        (await claimer.RegisterAsync("user1@example.com")).EnsureOk();
        using var prover = server.NewClient();
        (await prover.RegisterAsync("user2@example.com")).EnsureOk();
        (await prover.PostAsync("/auth/verify-email", new { token = (await server.Mailbox.WaitForAsync("user2@example.com", "Confirm")).Token })).EnsureOk();
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1), OldPerson.Typical(2));
        await server.ImportAsync(old);
        (await server.AskAsync<long>("select id from users where email_key = 'user1@example.com'")).ShouldBe(1);
        (await server.AskAsync<long>("select id from users where email_key = 'user2@example.com'")).ShouldBe(prover.UserId);
        using var second = server.NewClient();
        (await second.LoginAsync("user2", "the password of 2")).EnsureOk();
        second.UserId.ShouldBe(2);
    }

    [Fact]
    public async Task A_name_taken_here_stays_with_who_took_it_and_the_old_user_keeps_it_too()
    {
        using var native = server.NewClient();
        (await native.RegisterAsync()).EnsureOk();
        (await native.CompleteAsync("anna")).EnsureOk();
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1, "Anna"));
        await server.ImportAsync(old);
        (await HolderAsync()).ShouldBe(native.UserId);
        using var client = server.NewClient();
        (await client.LoginAsync("Anna", "the password of 1")).EnsureOk().Json["user"]!["onboardingRequired"]!.GetValue<bool>().ShouldBeFalse();
        (await client.TokenAsync("Anna", "the password of 1")).EnsureOk();
        (await native.TokenAsync("anna")).EnsureOk();
        (await native.CompleteAsync("other")).EnsureOk();
        (await HolderAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_Spotify_account_that_is_connected_here_already_is_not_connected_twice()
    {
        using var native = server.NewClient();
        (await native.RegisterAsync()).EnsureOk();
        await server.ExecuteAsync("insert into identities (user_id, provider, subject, external_id, created_at, seen_at) values ($1, 'spotify', 'account-7', 'ann', now(), now())", native.UserId);
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1) with { Links = [("spotify", "ann", "{}")] });
        await server.ImportAsync(old);
        (await server.AskAsync<long>("select count(*) from identities where user_id = 1")).ShouldBe(0);
        var (totals, lines) = await server.CertifyAsync(old);
        totals.IsWhole.ShouldBeTrue();
        lines[1]["rejected"]!.ToJsonString().ShouldContain("connected to another account here");
    }

    private Task<long?> HolderAsync() => HolderAsync("anna");

    private async Task<long?> HolderAsync(string key) => await server.AskAsync<long>("select coalesce((select id from users where username_key = $1), 0)", key) is var id and not 0 ? id : null;

    private async Task<bool> TakenAsync()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        return !(await client.GetAsync("/auth/username/check?username=aNNa")).EnsureOk().Json["available"]!.GetValue<bool>();
    }
}
