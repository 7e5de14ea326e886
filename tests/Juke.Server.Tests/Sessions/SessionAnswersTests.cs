using System.Net;
using System.Net.Http.Headers;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Sessions;

/// <summary>Shapes, statuses and texts of refresh, logout and the devices. What rotation decides is tried elsewhere.</summary>
public sealed class SessionAnswersTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task Refresh_answers_the_next_pair()
    {
        using var client = await server.NewClient().OnboardedAsync();
        var reply = (await client.RefreshAsync()).EnsureOk();
        reply.Json.Keys().ShouldBe(["accessToken", "refreshToken", "expiresIn"]);
        reply.SetCookies().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, 400, "BAD_REQUEST", "Refresh token is required")]
    [InlineData("", 400, "BAD_REQUEST", "Refresh token is required")]
    [InlineData("x", 401, "INVALID_REFRESH_TOKEN", "Invalid or expired refresh token")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 401, "INVALID_REFRESH_TOKEN", "Invalid or expired refresh token")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!", 401, "INVALID_REFRESH_TOKEN", "Invalid or expired refresh token")]
    public async Task Refresh_refuses(string? token, int status, string code, string message)
    {
        using var client = server.NewClient();
        var reply = await client.PostAsync("/auth/refresh", new { refreshToken = token });
        ((int)reply.Status, reply.Code, reply.Json.Text("message")).ShouldBe((status, code, message));
    }

    [Fact]
    public async Task At_refresh_the_cookie_wins_and_counts_only_with_x_client()
    {
        using var web = server.NewClient(web: true);
        (await web.RegisterAsync()).EnsureOk();
        var reply = await web.PostAsync("/auth/refresh", new { refreshToken = "garbage" });
        reply.EnsureOk();
        reply.SetCookies().ShouldHaveSingleItem().ShouldStartWith("user_refresh_token=" + reply.Json.Text("refreshToken"));

        using var other = server.NewClient();
        (await other.SendAsync(HttpMethod.Post, "/auth/refresh", change: r => r.Headers.Add("Cookie", "user_refresh_token=" + web.RefreshCookie))).Code.ShouldBe("BAD_REQUEST");
    }

    [Fact]
    public async Task A_refused_cookie_is_cleared()
    {
        using var web = server.NewClient(web: true);
        web.RefreshCookie = new string('A', 75);
        var reply = await web.PostAsync("/auth/refresh");
        reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
        reply.SetCookies().ShouldBe(["user_refresh_token=; expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=0; path=/auth; samesite=lax; httponly"]);
    }

    [Theory]
    [InlineData("body")]
    [InlineData("cookie")]
    [InlineData("access token")]
    public async Task Signing_out_works_with_whatever_one_has_and_clears_the_cookie(string with)
    {
        using var client = server.NewClient(web: with == "cookie");
        (await client.RegisterAsync()).EnsureOk();
        var token = client.AccessToken;
        if (with != "access token") client.AccessToken = null;
        var reply = (await client.PostAsync("/auth/logout", with == "body" ? new { refreshToken = client.RefreshToken } : null)).EnsureOk();
        reply.Body.ShouldBe("""{"status":"success"}""");
        reply.SetCookies().ShouldBe(["user_refresh_token=; expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=0; path=/auth; samesite=lax; httponly"]);
        client.AccessToken = token;
        (await client.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.RefreshAsync()).Code.ShouldBe("INVALID_REFRESH_TOKEN");
    }

    [Fact]
    public async Task Signing_out_takes_the_body_before_the_cookie_and_never_fails()
    {
        using var one = server.NewClient(web: true);
        using var two = server.NewClient();
        (await one.RegisterAsync()).EnsureOk();
        (await two.RegisterAsync()).EnsureOk();
        var kept = one.AccessToken;
        one.AccessToken = null;
        (await one.PostAsync("/auth/logout", new { refreshToken = two.RefreshToken })).EnsureOk();
        one.AccessToken = kept;
        (await one.GetAsync("/auth/me")).EnsureOk();
        (await two.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        using var guest = server.NewClient();
        foreach (var body in new object?[] { null, new { }, new { refreshToken = (string?)null }, new { refreshToken = "garbage" }, new { refreshToken = new string('!', 75) }, new { refreshToken = two.RefreshToken } })
            (await guest.PostAsync("/auth/logout", body)).EnsureOk();
    }

    [Theory]
    [InlineData("Token")]
    [InlineData("Bearer")]
    public async Task Signing_out_ends_the_session_of_a_Juke_token_and_no_other(string word)
    {
        using var client = server.NewClient();
        var name = TestClient.NewName();
        (await client.RegisterAsync()).EnsureOk();
        (await client.CompleteAsync(name)).EnsureOk();
        (await client.TokenAsync(name)).EnsureOk();
        foreach (var token in new[] { "garbage", "", client.Token! })
            (await client.SendAsync(HttpMethod.Post, "/auth/logout", change: r => r.Headers.Authorization = new AuthenticationHeaderValue(word, token))).EnsureOk().Body.ShouldBe("""{"status":"success"}""");
        (await client.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        client.Token = null;
        (await client.GetAsync("/auth/me")).EnsureOk();
    }

    [Fact]
    public async Task The_devices_are_listed_the_current_one_marked()
    {
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email)).EnsureOk();
        using var phone = server.NewClient();
        await phone.SendAsync(HttpMethod.Post, "/auth/login", new { emailOrUsername = email, password = TestClient.Password }, r => r.Headers.TryAddWithoutValidation("User-Agent", "Juke/1.0 (iPhone)"));
        var list = (await client.GetAsync("/auth/sessions")).EnsureOk().Json["sessions"]!.AsArray();
        list.Count.ShouldBe(2);
        foreach (var session in list) session.Keys().ShouldBe(["id", "kind", "device", "address", "createdAt", "lastSeenAt", "expiresAt", "current"]);
        list.Count(s => s.Flag("current")).ShouldBe(1);
        var other = list.Single(s => !s.Flag("current"));
        (other.Text("device"), other.Text("kind"), other.Text("address")).ShouldBe(("Juke/1.0 (iPhone)", "app", "127.0.0.1"));
        other.Text("createdAt").ShouldBe("2026-11-21T12:00:00Z");
        other.Text("expiresAt").ShouldBe("2026-12-21T12:00:00Z");
    }

    [Fact]
    public async Task One_device_is_signed_out_on_its_very_next_request_and_somebody_elses_never()
    {
        using var client = server.NewClient();
        using var phone = server.NewClient();
        using var stranger = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email)).EnsureOk();
        (await phone.LoginAsync(email)).EnsureOk();
        (await stranger.RegisterAsync()).EnsureOk();
        var id = (await phone.GetAsync("/auth/sessions")).Json["sessions"]!.AsArray().Single(s => s.Flag("current")).Text("id");

        var refused = await stranger.DeleteAsync("/auth/sessions/" + id);
        (refused.Status, refused.Code).ShouldBe((HttpStatusCode.NotFound, "NOT_FOUND"));
        (await phone.GetAsync("/auth/me")).EnsureOk();

        (await client.DeleteAsync("/auth/sessions/" + id)).EnsureOk().Body.ShouldBe("""{"revoked":true}""");
        (await phone.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await phone.RefreshAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.GetAsync("/auth/me")).EnsureOk();
        (await client.DeleteAsync("/auth/sessions/" + id)).Status.ShouldBe(HttpStatusCode.NotFound, "it is gone");
    }

    [Fact]
    public async Task Revoke_all_ends_this_one_too()
    {
        using var client = server.NewClient();
        using var phone = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email)).EnsureOk();
        (await phone.LoginAsync(email)).EnsureOk();
        (await client.PostAsync("/auth/sessions/revoke-all")).EnsureOk().Body.ShouldBe("""{"revoked":true}""");
        foreach (var c in new[] { client, phone }) (await c.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
