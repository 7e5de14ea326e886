using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Recovery;

public sealed class ResetPasswordTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Next = "a new and longer evening";

    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task Forgot_password_answers_the_same_for_everybody_and_mails_only_the_owner()
    {
        using var client = server.NewClient();
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (what, change) in new (string, string?)[]
        {
            ("known", null),
            ("unknown", "update users set email = null, email_key = null where id = $1"),
            ("pending", "update users set state = 'pending' where id = $1"),
            ("disabled", "update users set state = 'disabled' where id = $1"),
            ("no password", "update users set password_hash = null where id = $1"),
            ("keyless address", "update users set email_key = null where id = $1"),
        })
        {
            var email = TestClient.NewEmail();
            (await client.RegisterAsync(email)).EnsureOk();
            if (change is not null) await server.ExecuteAsync(change, client.UserId);
            client.AccessToken = null;
            answers[what] = (await client.PostAsync("/auth/forgot-password", new { email })).EnsureOk().Everything();
            (await server.AskAsync<long>("select count(*) from email_tokens where purpose = 'reset' and user_id = $1", client.UserId)).ShouldBe(what is "known" or "no password" ? 1 : 0, what);
        }
        answers.Values.Distinct(StringComparer.Ordinal).ShouldHaveSingleItem()
            .ShouldEndWith("""{"success":true,"message":"If an account with that email exists, a reset link has been sent."}""");
    }

    [Fact]
    public async Task The_link_sets_the_password_once_ends_every_session_proves_the_address_and_tells_the_owner()
    {
        var email = TestClient.NewEmail();
        using var client = server.NewClient();
        using var phone = server.NewClient();
        (await client.RegisterAsync(email)).EnsureOk();
        (await phone.LoginAsync(email)).EnsureOk();
        var token = await AskForLinkAsync(email.ToUpperInvariant(), email);

        using var guest = server.NewClient();
        var reply = await guest.PostAsync("/auth/reset-password", new { token, newPassword = Next });
        reply.EnsureOk().Body.ShouldBe("""{"success":true,"message":"Password has been reset successfully."}""");
        reply.SetCookies().ShouldBeEmpty("a reset does not sign in");
        foreach (var c in new[] { client, phone })
        {
            (await c.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            (await c.RefreshAsync()).Code.ShouldBe("INVALID_REFRESH_TOKEN");
        }
        (await guest.LoginAsync(email)).Code.ShouldBe("INVALID_CREDENTIALS");
        (await guest.LoginAsync(email, Next)).EnsureOk();
        (await server.AskAsync<bool>("select email_proved_at is not null from users where id = $1", client.UserId)).ShouldBeTrue();
        (await server.Mailbox.WaitForAsync(email, "was reset")).Token.ShouldBeNull();
        await ShouldBeInvalidAsync(token, "a link is good once");
    }

    [Fact]
    public async Task A_link_is_good_until_a_quarter_of_an_hour_and_not_at_it()
    {
        await using var own = await JukeServer.StartAsync();
        using var client = own.NewClient();
        var (one, two) = (TestClient.NewEmail(), TestClient.NewEmail());
        foreach (var email in new[] { one, two }) (await client.RegisterAsync(email)).EnsureOk();
        var first = await AskForLinkAsync(one, one, own);
        var second = await AskForLinkAsync(two, two, own);
        own.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromTicks(10));
        (await client.PostAsync("/auth/reset-password", new { token = first, newPassword = Next })).EnsureOk();
        own.Clock.Advance(TimeSpan.FromTicks(10));
        var late = await client.PostAsync("/auth/reset-password", new { token = second, newPassword = Next });
        (late.Status, late.Code, late.Json.Text("message")).ShouldBe((HttpStatusCode.BadRequest, "INVALID_LINK", "Invalid or expired reset link"));
        (await client.LoginAsync(two)).EnsureOk();
    }

    [Fact]
    public async Task A_link_that_is_none_changes_nothing()
    {
        var email = TestClient.NewEmail();
        using var client = server.NewClient();
        (await client.RegisterAsync(email)).EnsureOk();
        var token = await AskForLinkAsync(email, email);
        var verify = (await server.Mailbox.WaitForAsync(email, "Confirm")).Token!;
        await ShouldBeInvalidAsync(verify, "a link of another purpose");
        await ShouldBeInvalidAsync(token[..^1] + (token[^1] == 'A' ? 'B' : 'A'), "a link that was changed");
        await ShouldBeInvalidAsync("x", "no link at all");
        await ShouldBeInvalidAsync(new string('!', 64), "not base64url");
        (await client.GetAsync("/auth/me")).EnsureOk();

        (await client.PostAsync("/auth/reset-password", new { token, newPassword = "1234" })).Fields.ShouldBe(["newPassword"]);
        (await client.PostAsync("/auth/reset-password", new { token, newPassword = Next })).EnsureOk().ShouldNotBeNull("a refused password does not use the link up");
    }

    [Theory]
    [InlineData("update users set state = 'disabled' where id = $1")]
    [InlineData("update users set email = 'moved' || id || '@example.com', email_key = 'moved' || id || '@example.com' where id = $1")]
    public async Task A_link_dies_with_what_it_was_about(string change)
    {
        var email = TestClient.NewEmail();
        using var client = server.NewClient();
        (await client.RegisterAsync(email)).EnsureOk();
        var token = await AskForLinkAsync(email, email);
        await server.ExecuteAsync(change, client.UserId);
        await ShouldBeInvalidAsync(token, change);
    }

    [Fact]
    public async Task Twenty_at_once_with_one_link_set_one_password()
    {
        var email = TestClient.NewEmail();
        using var client = server.NewClient();
        (await client.RegisterAsync(email)).EnsureOk();
        var token = await AskForLinkAsync(email, email);
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => client.PostAsync("/auth/reset-password", new { token, newPassword = Next + n })));
        replies.Count(r => r.Status == HttpStatusCode.OK).ShouldBe(1);
        replies.Count(r => r.Code == "INVALID_LINK").ShouldBe(19);
    }

    private async Task<string> AskForLinkAsync(string typed, string email, JukeServer? at = null)
    {
        using var guest = (at ?? server).NewClient();
        (await guest.PostAsync("/auth/forgot-password", new { email = typed })).EnsureOk();
        return (await (at ?? server).Mailbox.WaitForAsync(email, "Set a new password")).Token!;
    }

    private async Task ShouldBeInvalidAsync(string token, string why)
    {
        using var guest = server.NewClient();
        var reply = await guest.PostAsync("/auth/reset-password", new { token, newPassword = Next });
        reply.Status.ShouldBe(HttpStatusCode.BadRequest, why);
        reply.Code.ShouldBe("INVALID_LINK", why);
    }
}
