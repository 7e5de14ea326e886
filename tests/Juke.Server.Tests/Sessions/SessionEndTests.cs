using System.Net;
using Dapper;
using Juke.Server.Data;
using Juke.Server.Mail;
using Juke.Server.Plumbing;
using Juke.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Sessions;

/// <summary>What ends a session acts on the very next request with the same access token (contract §5).</summary>
public sealed class SessionEndTests : IAsyncLifetime
{
    private const string NextPassword = "another long and quiet evening";

    private JukeServer server = null!;

    public async ValueTask InitializeAsync() => server = await JukeServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Signing_out_takes_a_refresh_token_of_any_generation(int generation)
    {
        using var client = await server.NewClient().OnboardedAsync();
        var tokens = new List<string> { client.RefreshToken! };
        for (var i = 0; i < 3; i++)
        {
            (await client.RefreshAsync()).EnsureOk();
            (await client.GetAsync("/auth/me")).EnsureOk();
            server.Clock.Advance(TimeSpan.FromMinutes(1));
            tokens.Add(client.RefreshToken!);
        }
        using var guest = server.NewClient();
        (await guest.PostAsync("/auth/logout", new { refreshToken = tokens[generation - 1] })).EnsureOk().Json["status"]!.GetValue<string>().ShouldBe("success");
        await ShouldBeOverAsync(client);
        // Signing out is no alarm, and it cannot fail.
        (await EndReasonsAsync(client.UserId)).ShouldBe(["signed out"]);
        (await guest.PostAsync("/auth/logout", new { refreshToken = tokens[0] })).EnsureOk();
    }

    [Fact]
    public async Task Signing_out_takes_the_access_token_when_that_is_all_there_is()
    {
        using var client = await server.NewClient().OnboardedAsync();
        (await client.PostAsync("/auth/logout")).EnsureOk();
        await ShouldBeOverAsync(client);
    }

    [Fact]
    public async Task Signing_out_takes_the_cookie_of_a_browser()
    {
        using var client = server.NewClient(web: true);
        await client.RegisterAsync();
        var access = client.AccessToken;
        client.AccessToken = null;
        (await client.PostAsync("/auth/logout")).EnsureOk();
        client.RefreshCookie.ShouldBeNull();
        client.AccessToken = access;
        await ShouldBeOverAsync(client);
    }

    [Fact]
    public async Task Signing_out_here_leaves_other_sessions_and_other_people_alone()
    {
        var email = TestClient.NewEmail();
        using var here = server.NewClient();
        await here.RegisterAsync(email);
        using var there = server.NewClient();
        await there.LoginAsync(email);
        using var somebody = server.NewClient();
        await somebody.RegisterAsync();
        (await here.PostAsync("/auth/logout", new { refreshToken = here.RefreshToken })).EnsureOk();
        await ShouldBeOverAsync(here);
        await ShouldLiveAsync(there);
        await ShouldLiveAsync(somebody);
    }

    [Fact]
    public async Task Revoking_one_session_ends_that_one_and_only_ones_own()
    {
        var (here, there) = await TwoDevicesAsync();
        using var somebody = server.NewClient();
        await somebody.RegisterAsync();
        var id = (await there.GetAsync("/auth/sessions")).Json["sessions"]!.AsArray().Single(s => s!["current"]!.GetValue<bool>())!["id"]!.GetValue<string>();

        (await somebody.DeleteAsync("/auth/sessions/" + id)).Status.ShouldBe(HttpStatusCode.NotFound, "somebody else's");
        await ShouldLiveAsync(there);
        (await here.DeleteAsync("/auth/sessions/" + id)).EnsureOk();
        await ShouldBeOverAsync(there);
        await ShouldLiveAsync(here);
        (await here.DeleteAsync("/auth/sessions/" + id)).Status.ShouldBe(HttpStatusCode.NotFound, "it is over");
        (await here.GetAsync("/auth/sessions")).Json["sessions"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Revoking_all_ends_this_one_too()
    {
        var (here, there) = await TwoDevicesAsync();
        using var somebody = server.NewClient();
        await somebody.RegisterAsync();
        (await here.PostAsync("/auth/sessions/revoke-all")).EnsureOk();
        await ShouldBeOverAsync(here);
        await ShouldBeOverAsync(there);
        await ShouldLiveAsync(somebody);
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("pending")]
    public async Task An_account_that_is_not_active_is_out_at_once_and_in_again_when_it_is(string state)
    {
        using var client = await server.NewClient().OnboardedAsync();
        await SetStateAsync(client.UserId, state);
        await ShouldBeOverAsync(client);
        await SetStateAsync(client.UserId, "active");
        await ShouldLiveAsync(client);
    }

    [Fact]
    public async Task A_deleted_user_is_out_at_once()
    {
        using var client = await server.NewClient().OnboardedAsync();
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("delete from users where id = @UserId", new { client.UserId });
        await ShouldBeOverAsync(client);
    }

    [Fact]
    public async Task Changing_the_password_ends_every_other_session()
    {
        var (here, there) = await TwoDevicesAsync();
        (await here.PostAsync("/auth/change-password", new { currentPassword = TestClient.Password, newPassword = NextPassword })).EnsureOk();
        await ShouldBeOverAsync(there);
        await ShouldLiveAsync(here);
        (await EndReasonsAsync(here.UserId)).ShouldBe(["password changed"]);
    }

    [Fact]
    public async Task A_wrong_current_password_ends_nothing()
    {
        var (here, there) = await TwoDevicesAsync();
        (await here.PostAsync("/auth/change-password", new { currentPassword = "not the password", newPassword = NextPassword })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await ShouldLiveAsync(here);
        await ShouldLiveAsync(there);
    }

    [Fact]
    public async Task Resetting_the_password_ends_every_session()
    {
        var email = TestClient.NewEmail();
        var (here, there) = await TwoDevicesAsync(email);
        (await here.PostAsync("/auth/forgot-password", new { email })).EnsureOk();
        var mail = await server.Mailbox.WaitForAsync(email, "password");
        using var guest = server.NewClient();
        (await guest.PostAsync("/auth/reset-password", new { token = mail.Token, newPassword = NextPassword })).EnsureOk();
        await ShouldBeOverAsync(here);
        await ShouldBeOverAsync(there);
        (await guest.LoginAsync(email)).Code.ShouldBe("INVALID_CREDENTIALS");
        (await guest.LoginAsync(email, NextPassword)).EnsureOk();
    }

    /// <summary>Whoever still signs in with the old password while it changes is out when it has changed.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_session_of_the_old_password_outlives_a_change_that_it_races_with(bool reset)
    {
        var (won, lost) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, Soak.Count(150, 3000)), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, _) =>
        {
            var email = TestClient.NewEmail();
            using var owner = server.NewClient();
            await owner.RegisterAsync(email);
            var link = reset ? await MakeResetLinkAsync(owner.UserId, email) : null;

            var thieves = Enumerable.Range(0, 4).Select(_ => server.NewClient()).ToList();
            var change = reset
                ? owner.PostAsync("/auth/reset-password", new { token = link, newPassword = NextPassword })
                : owner.PostAsync("/auth/change-password", new { currentPassword = TestClient.Password, newPassword = NextPassword });
            var logins = await Task.WhenAll(thieves.Select(t => t.LoginAsync(email)));
            (await change).EnsureOk();

            foreach (var (thief, login) in thieves.Zip(logins))
            {
                if (login.Status == HttpStatusCode.OK)
                {
                    Interlocked.Increment(ref won);
                    await ShouldBeOverAsync(thief);
                }
                else
                {
                    Interlocked.Increment(ref lost);
                    login.Code.ShouldBe("INVALID_CREDENTIALS");
                }
                thief.Dispose();
            }
            await using var connection = await server.Database.OpenConnectionAsync(CancellationToken.None);
            (await connection.ExecuteScalarAsync<long>("select count(*) from sessions where user_id = @UserId and ended_at is null", new { owner.UserId })).ShouldBe(reset ? 0 : 1);
            if (!reset) await ShouldLiveAsync(owner);
        });
        TestContext.Current.TestOutputHelper!.WriteLine($"{won} sign-ins came first, {lost} came too late");
        won.ShouldBeGreaterThan(0);
        lost.ShouldBeGreaterThan(0, "otherwise it was no race");
    }

    [Fact]
    public async Task Sign_ins_that_race_to_renew_the_hash_all_succeed()
    {
        // The first one stores a hash of today's strength; the others verified against the one before.
        await using var stronger = await JukeServer.StartAsync(s => s with { HashIterations = 2000 }, server.ConnectionString, server.Clock);
        for (var round = 0; round < Soak.Count(20, 300); round++)
        {
            var email = TestClient.NewEmail();
            using (var owner = server.NewClient()) await owner.RegisterAsync(email);
            var logins = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
            {
                using var device = stronger.NewClient();
                return await device.LoginAsync(email);
            }));
            logins.ShouldAllBe(l => l.Status == HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task An_idle_session_ends_at_its_thirtieth_day_and_a_used_one_goes_on_to_its_ninetieth()
    {
        using var idle = server.NewClient();
        await idle.RegisterAsync();
        using var used = server.NewClient();
        await used.RegisterAsync();
        var signedIn = server.Clock.GetUtcNow();
        server.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromTicks(10));
        (await used.RefreshAsync()).EnsureOk();
        server.Clock.Advance(TimeSpan.FromTicks(10));
        (await idle.RefreshAsync()).Code.ShouldBe("SESSION_EXPIRED");
        for (var day = 30; day < 90; day += 15)
        {
            (await used.RefreshAsync()).EnsureOk();
            var ends = (await used.GetAsync("/auth/sessions")).Json["sessions"]![0]!["expiresAt"]!.GetValue<DateTimeOffset>();
            ends.ShouldBe(new[] { signedIn.AddDays(90), server.Clock.GetUtcNow().AddDays(30) }.Min(), "thirty days from now, but never past the ninetieth");
            server.Clock.Advance(TimeSpan.FromDays(15));
        }
        (await used.RefreshAsync()).Code.ShouldBe("SESSION_EXPIRED");
    }

    private async Task<(TestClient Here, TestClient There)> TwoDevicesAsync(string? email = null)
    {
        email ??= TestClient.NewEmail();
        var here = server.NewClient();
        (await here.RegisterAsync(email)).EnsureOk();
        var there = server.NewClient();
        (await there.LoginAsync(email)).EnsureOk();
        return (here, there);
    }

    private static async Task ShouldBeOverAsync(TestClient client)
    {
        (await client.GetAsync("/auth/me")).Code.ShouldBe("UNAUTHORIZED");
        if (client.RefreshToken is not null) (await client.RefreshAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task ShouldLiveAsync(TestClient client)
    {
        (await client.GetAsync("/auth/me")).EnsureOk();
        (await client.RefreshAsync()).EnsureOk();
    }

    private async Task<IEnumerable<string?>> EndReasonsAsync(long userId)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QueryAsync<string?>("select end_reason from sessions where user_id = @userId and ended_at is not null", new { userId });
    }

    private async Task SetStateAsync(long id, string state)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update users set state = @state where id = @id", new { id, state });
    }

    /// <summary>The link that the mail would hold, without waiting for a mail in every round.</summary>
    private async Task<string> MakeResetLinkAsync(long userId, string email)
    {
        var id = EmailLink.NewId();
        var now = server.Clock.GetUtcNow();
        await Sql.ExecuteAsync(server.Database, [EmailTokens.IssueFor(userId, id, EmailTokens.Reset, email, email, now, EmailLink.ResetLifetime)], default);
        return EmailLink.Write(server.Services.GetRequiredService<Keys>(), id);
    }
}
