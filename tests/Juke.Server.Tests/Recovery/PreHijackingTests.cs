using System.Net;
using Juke.Server.Data;
using Juke.Server.Sessions;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Recovery;

/// <summary>
/// The attacks of Sudhodanan &amp; Paverd (arXiv 2205.10174): somebody makes an account with the victim's address before the
/// victim does. Those with providers come with the providers.
/// </summary>
public sealed class PreHijackingTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Victims = "the evening of the victim";

    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task Classic_merge_the_attackers_password_dies_when_the_victim_takes_the_account()
    {
        var (attacker, email) = await HijackedAsync();
        await TakeBackAsync(email);
        (await attacker.LoginAsync(email)).Code.ShouldBe("INVALID_CREDENTIALS");
        using var victim = server.NewClient();
        (await victim.LoginAsync(email, Victims)).EnsureOk();
    }

    [Fact]
    public async Task Unexpired_session_every_session_of_the_attacker_ends_at_once()
    {
        var (attacker, email) = await HijackedAsync();
        (await attacker.RefreshAsync()).EnsureOk();
        var page = NewSession.Web(new Caller(null, null, IsWeb: false), server.Clock.GetUtcNow());
        (await SessionRows.InsertAsync(server.Database, page.Row, attacker.UserId, null, null, default)).ShouldBeTrue();
        (await attacker.PostAsync("/auth/forgot-password", new { email })).EnsureOk(); // A link of the attacker's asking lands in the victim's mailbox.

        await TakeBackAsync(email);
        (await attacker.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await attacker.RefreshAsync()).Code.ShouldBe("INVALID_REFRESH_TOKEN");
        (await server.AskAsync<long>("select count(*) from sessions where user_id = $1 and ended_at is null", attacker.UserId)).ShouldBe(0);
        (await server.AskAsync<long>("select count(*) from email_tokens where user_id = $1 and used_at is null", attacker.UserId)).ShouldBe(0);
    }

    [Fact]
    public async Task Unexpired_email_change_a_change_that_the_attacker_began_cannot_be_finished()
    {
        var (attacker, email) = await HijackedAsync();
        var theirs = TestClient.NewEmail();
        (await attacker.PostAsync("/auth/email", new { email = theirs })).EnsureOk();
        var change = (await server.Mailbox.WaitForAsync(theirs, "Confirm")).Token;

        await TakeBackAsync(email);
        (await attacker.PostAsync("/auth/verify-email", new { token = change })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        using var victim = server.NewClient();
        (await victim.LoginAsync(email, Victims)).EnsureOk();
        (await victim.PostAsync("/auth/verify-email", new { token = change })).Code.ShouldBe("INVALID_LINK");
        (await victim.GetAsync("/auth/me")).Json.Text("email").ShouldBe(email);
    }

    [Fact]
    public async Task A_victim_who_opens_the_attackers_link_blesses_nothing()
    {
        var (attacker, email) = await HijackedAsync();
        var token = (await server.Mailbox.WaitForAsync(email, "Confirm")).Token;
        using var victim = server.NewClient();
        (await victim.PostAsync("/auth/verify-email", new { token })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await victim.RegisterAsync()).EnsureOk();
        var reply = await victim.PostAsync("/auth/verify-email", new { token });
        (reply.Status, reply.Code).ShouldBe((HttpStatusCode.Forbidden, "FORBIDDEN"));
        (await server.AskAsync<bool>("select email_proved_at is null from users where id = $1", attacker.UserId)).ShouldBeTrue();
        (await victim.PostAsync("/auth/verify-email/reject", new { token })).EnsureOk().ShouldNotBeNull("the refusal did not use the link up");
    }

    [Fact]
    public async Task After_not_me_the_attacker_has_an_account_without_the_address_and_no_way_to_it()
    {
        var (attacker, email) = await HijackedAsync();
        var token = (await server.Mailbox.WaitForAsync(email, "Confirm")).Token;
        using var victim = server.NewClient();
        (await victim.PostAsync("/auth/verify-email/reject", new { token })).EnsureOk();
        (await attacker.LoginAsync(email)).Code.ShouldBe("INVALID_CREDENTIALS");
        (await victim.RegisterAsync(email, Victims)).EnsureOk();
        victim.UserId.ShouldNotBe(attacker.UserId);
    }

    /// <summary>An account of the attacker with the address of a victim.</summary>
    private async Task<(TestClient Attacker, string Email)> HijackedAsync()
    {
        var email = TestClient.NewEmail();
        var attacker = server.NewClient();
        (await attacker.RegisterAsync(email)).EnsureOk();
        return (attacker, email);
    }

    private async Task TakeBackAsync(string email)
    {
        SecretWatch.Remember(Victims);
        using var victim = server.NewClient();
        (await victim.RegisterAsync(email, Victims)).Code.ShouldBe("EMAIL_TAKEN");
        (await victim.PostAsync("/auth/forgot-password", new { email })).EnsureOk();
        var token = (await server.Mailbox.WaitForAsync(email, "Set a new password")).Token;
        (await victim.PostAsync("/auth/reset-password", new { token, newPassword = Victims })).EnsureOk();
    }
}
