using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Recovery;

public sealed class ChangePasswordTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Next = "a new and longer evening";

    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task It_changes_keeps_this_session_ends_every_other_and_tells_the_owner()
    {
        var email = TestClient.NewEmail();
        using var client = server.NewClient();
        using var phone = server.NewClient();
        (await client.RegisterAsync(email)).EnsureOk();
        (await phone.LoginAsync(email)).EnsureOk();
        SecretWatch.Remember(Next);
        (await client.PostAsync("/auth/change-password", new { currentPassword = TestClient.Password, newPassword = Next })).EnsureOk()
            .Body.ShouldBe("""{"success":true,"message":"Password changed successfully"}""");
        (await client.GetAsync("/auth/me")).EnsureOk();
        (await client.RefreshAsync()).EnsureOk();
        (await phone.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await phone.RefreshAsync()).Code.ShouldBe("INVALID_REFRESH_TOKEN");
        (await client.LoginAsync(email)).Code.ShouldBe("INVALID_CREDENTIALS");
        (await client.LoginAsync(email, Next)).EnsureOk();
        await server.Mailbox.WaitForAsync(email, "was changed");
    }

    [Fact]
    public async Task A_pending_reset_link_dies_with_the_old_password()
    {
        var email = TestClient.NewEmail();
        using var client = server.NewClient();
        (await client.RegisterAsync(email)).EnsureOk();
        (await client.PostAsync("/auth/forgot-password", new { email })).EnsureOk();
        var token = (await server.Mailbox.WaitForAsync(email, "Set a new password")).Token;
        (await client.PostAsync("/auth/change-password", new { currentPassword = TestClient.Password, newPassword = Next })).EnsureOk();
        (await client.PostAsync("/auth/reset-password", new { token, newPassword = Next + "x" })).Code.ShouldBe("INVALID_LINK");
    }

    [Fact]
    public async Task The_wrong_current_password_changes_nothing()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        var reply = await client.PostAsync("/auth/change-password", new { currentPassword = TestClient.Password + " ", newPassword = Next });
        (reply.Status, reply.Code, reply.Json.Text("message")).ShouldBe((HttpStatusCode.Unauthorized, "INVALID_CREDENTIALS", "Current password is incorrect"));
        (await client.GetAsync("/auth/me")).EnsureOk();
    }

    [Fact]
    public async Task An_account_without_a_password_has_none_to_change()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        await server.ExecuteAsync("update users set password_hash = null where id = $1", client.UserId);
        (await client.GetAsync("/auth/me")).Json.Flag("hasPassword").ShouldBeFalse();
        var reply = await client.PostAsync("/auth/change-password", new { currentPassword = "anything", newPassword = Next });
        (reply.Status, reply.Code).ShouldBe((HttpStatusCode.BadRequest, "NO_PASSWORD"));
    }

    [Fact]
    public async Task Both_fields_are_judged_together()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        (await client.PostAsync("/auth/change-password", new { newPassword = "12345678" })).Fields.ShouldBe(["currentPassword", "newPassword"]);
    }
}
