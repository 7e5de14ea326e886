using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Recovery;

public sealed class VerifyEmailTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task The_link_with_a_session_of_the_same_account_proves_the_address_once()
    {
        var (client, token) = await RegisteredAsync(TestClient.NewEmail());
        (await IsProvedAsync(client.UserId)).ShouldBeFalse();
        (await client.GetAsync("/auth/me")).EnsureOk().Json.Flag("onboardingRequired").ShouldBeTrue("verification is no part of the gate");
        (await client.PostAsync("/auth/verify-email", new { token })).EnsureOk().Body.ShouldBe("""{"success":true,"message":"Your e-mail address is confirmed."}""");
        (await IsProvedAsync(client.UserId)).ShouldBeTrue();
        (await client.PostAsync("/auth/verify-email", new { token })).Code.ShouldBe("INVALID_LINK");
    }

    [Fact]
    public async Task The_link_alone_proves_nothing()
    {
        var (client, token) = await RegisteredAsync(TestClient.NewEmail());
        using var guest = server.NewClient();
        (await guest.PostAsync("/auth/verify-email", new { token })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await IsProvedAsync(client.UserId)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_link_lives_a_day_and_not_a_moment_longer()
    {
        await using var own = await JukeServer.StartAsync();
        var (client, token) = await RegisteredAsync(TestClient.NewEmail(), own);
        var (late, lateToken) = await RegisteredAsync(TestClient.NewEmail(), own);
        own.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromTicks(10));
        foreach (var c in new[] { client, late }) (await c.RefreshAsync()).EnsureOk();
        (await client.PostAsync("/auth/verify-email", new { token })).EnsureOk();
        own.Clock.Advance(TimeSpan.FromTicks(10));
        (await late.PostAsync("/auth/verify-email", new { token = lateToken })).Code.ShouldBe("INVALID_LINK");
    }

    [Fact]
    public async Task Not_me_takes_the_address_off_and_frees_it()
    {
        var email = TestClient.NewEmail();
        var (attacker, token) = await RegisteredAsync(email);
        using var owner = server.NewClient();
        (await owner.PostAsync("/auth/verify-email/reject", new { token })).EnsureOk().Body.ShouldBe("""{"success":true,"message":"The address has been taken off that account."}""");
        (await attacker.GetAsync("/auth/me")).Json.Text("email").ShouldBeNull();
        (await attacker.PostAsync("/auth/verify-email", new { token })).Code.ShouldBe("INVALID_LINK");
        (await owner.PostAsync("/auth/verify-email/reject", new { token })).Code.ShouldBe("INVALID_LINK");
        (await owner.RegisterAsync(email)).EnsureOk();
    }

    [Fact]
    public async Task Adding_an_address_changes_nothing_until_its_link_is_followed()
    {
        var (old, next) = (TestClient.NewEmail(), TestClient.NewEmail());
        var (client, _) = await RegisteredAsync(old);
        var answer = (await client.PostAsync("/auth/email", new { email = next })).EnsureOk().Body;
        answer.ShouldBe("""{"success":true,"message":"We sent a link to that address. Follow it to confirm the address."}""");
        (await client.GetAsync("/auth/me")).Json.Text("email").ShouldBe(old);
        var token = (await server.Mailbox.WaitForAsync(next, "Confirm")).Token;
        (await client.PostAsync("/auth/verify-email", new { token })).EnsureOk();
        (await client.GetAsync("/auth/me")).Json.Text("email").ShouldBe(next);

        // Whoever's the other address is, the answer is the same.
        var (_, _) = await RegisteredAsync(old);
        (await client.PostAsync("/auth/email", new { email = old, currentPassword = TestClient.Password })).EnsureOk().Body.ShouldBe(answer);
    }

    [Fact]
    public async Task Replacing_a_proved_address_takes_the_password()
    {
        var (client, token) = await RegisteredAsync(TestClient.NewEmail());
        (await client.PostAsync("/auth/verify-email", new { token })).EnsureOk();
        var next = TestClient.NewEmail();
        (await client.PostAsync("/auth/email", new { email = next })).Fields.ShouldBe(["currentPassword"]);
        var wrong = await client.PostAsync("/auth/email", new { email = next, currentPassword = "not the password" });
        (wrong.Status, wrong.Code).ShouldBe((HttpStatusCode.Unauthorized, "INVALID_CREDENTIALS"));
        (await client.PostAsync("/auth/email", new { email = next, currentPassword = TestClient.Password })).EnsureOk();
    }

    [Fact]
    public async Task Only_the_latest_link_counts()
    {
        var email = TestClient.NewEmail();
        var (client, first) = await RegisteredAsync(email);
        (await client.PostAsync("/auth/email", new { email })).EnsureOk();
        var second = (await server.Mailbox.WaitForAsync(email, "Confirm", count: 2)).Token;
        (await client.PostAsync("/auth/verify-email", new { token = first })).Code.ShouldBe("INVALID_LINK");
        (await client.PostAsync("/auth/verify-email", new { token = second })).EnsureOk();
    }

    [Fact]
    public async Task A_proof_beats_a_mere_claim_and_not_another_proof()
    {
        var email = TestClient.NewEmail();
        var (claimant, claim) = await RegisteredAsync(email);
        var (owner, _) = await RegisteredAsync(TestClient.NewEmail());
        (await owner.PostAsync("/auth/email", new { email })).EnsureOk();
        var proof = (await server.Mailbox.WaitForAsync(email, "Confirm", count: 2)).Token;
        (await owner.PostAsync("/auth/verify-email", new { token = proof })).EnsureOk();
        (await owner.GetAsync("/auth/me")).Json.Text("email").ShouldBe(email);
        (await claimant.GetAsync("/auth/me")).EnsureOk().Json.Text("email").ShouldBeNull();

        var late = await claimant.PostAsync("/auth/verify-email", new { token = claim });
        (late.Status, late.Code).ShouldBe((HttpStatusCode.Conflict, "EMAIL_TAKEN"));
        (await owner.GetAsync("/auth/me")).Json.Text("email").ShouldBe(email);
    }

    private async Task<bool> IsProvedAsync(long user) => await server.AskAsync<bool>("select email_proved_at is not null from users where id = $1", user);

    private async Task<(TestClient Client, string Token)> RegisteredAsync(string email, JukeServer? at = null)
    {
        var client = (at ?? server).NewClient();
        (await client.RegisterAsync(email)).EnsureOk();
        return (client, (await (at ?? server).Mailbox.WaitForAsync(email, "Confirm")).Token!);
    }
}
