using System.Net;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Sessions;

/// <summary>The two cookies: what they look like, where they count, and where they never do (contract §5).</summary>
public sealed class CookieTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_refresh_cookie_has_its_attributes_when_it_is_set_and_when_it_is_cleared(bool production)
    {
        await using var server = await StartAsync(production);
        using var client = server.NewClient(web: true);
        var email = TestClient.NewEmail();
        var ninetyDays = server.Clock.GetUtcNow().AddDays(90);
        string[] always = production ? ["path=/auth", "secure", "samesite=lax", "httponly"] : ["path=/auth", "samesite=lax", "httponly"];

        foreach (var set in new[] { await client.RegisterAsync(email), await client.LoginAsync(email), await client.RefreshAsync() })
        {
            var (value, attributes) = Parse(set, "user_refresh_token")!.Value;
            value.ShouldBe(set.Json["refreshToken"]!.GetValue<string>(), "the body carries it too");
            attributes.ShouldBe([$"expires={ninetyDays:R}".ToLowerInvariant(), .. always], ignoreOrder: true);
        }

        // At the browser's next refresh the end of the session stays where it was.
        server.Clock.Advance(TimeSpan.FromDays(10));
        var later = await client.RefreshAsync();
        Parse(later, "user_refresh_token")!.Value.Attributes.ShouldContain($"expires={ninetyDays:R}".ToLowerInvariant());

        foreach (var cleared in new[] { await client.PostAsync("/auth/logout"), await client.PostAsync("/auth/logout"), await RefusedRefreshAsync(client) })
        {
            var (value, attributes) = Parse(cleared, "user_refresh_token")!.Value;
            value.ShouldBe("");
            attributes.ShouldBe(["expires=thu, 01 jan 1970 00:00:00 gmt", "max-age=0", .. always], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Only_a_client_that_says_it_is_web_gets_the_cookie()
    {
        await using var server = await StartAsync();
        using var app = server.NewClient();
        var email = TestClient.NewEmail();
        foreach (var reply in new[] { await app.RegisterAsync(email), await app.LoginAsync(email), await app.RefreshAsync() })
            reply.EnsureOk().Headers.Contains("Set-Cookie").ShouldBeFalse();
        foreach (var other in (string[])["Web", "web ", "web,web", "ios", ""])
        {
            var reply = await app.SendAsync(HttpMethod.Post, "/auth/login", new { emailOrUsername = email, password = TestClient.Password },
                request => request.Headers.TryAddWithoutValidation("X-Client", other));
            // HTTP trims blanks around a header's value, so "web " is "web".
            reply.EnsureOk().Headers.Contains("Set-Cookie").ShouldBe(other == "web ", $"[{other}]");
        }
    }

    [Fact]
    public async Task The_cookie_counts_on_refresh_and_logout_only_and_only_for_web()
    {
        await using var server = await StartAsync();
        using var web = server.NewClient(web: true);
        (await web.RegisterAsync()).EnsureOk();
        (await web.CompleteAsync()).EnsureOk();
        var cookie = "user_refresh_token=" + web.RefreshCookie;
        using var client = server.NewClient();

        foreach (var (method, path) in new[] { ("GET", "/auth/me"), ("GET", "/auth/sessions"), ("POST", "/auth/sessions/revoke-all"), ("GET", "/fixtures/upcoming"), ("GET", "/api/users/profile") })
            foreach (var isWeb in (bool[])[false, true])
                (await SendAsync(client, method, path, cookie, isWeb)).Status.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");

        (await SendAsync(client, "POST", "/auth/refresh", cookie, isWeb: false)).Status.ShouldBe(HttpStatusCode.BadRequest, "a form of another site cannot send X-Client");
        (await SendAsync(client, "POST", "/auth/logout", cookie, isWeb: false)).EnsureOk();
        (await web.GetAsync("/auth/me")).EnsureOk();

        (await SendAsync(client, "POST", "/auth/refresh", cookie, isWeb: true)).EnsureOk();
        (await SendAsync(client, "POST", "/auth/logout", cookie, isWeb: true)).EnsureOk();
        (await web.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task On_refresh_the_cookie_wins_on_logout_the_body_does()
    {
        await using var server = await StartAsync();
        var email = TestClient.NewEmail();
        using var inCookie = server.NewClient(web: true);
        await inCookie.RegisterAsync(email);
        using var inBody = server.NewClient();
        await inBody.LoginAsync(email);
        var (cookieSid, bodySid) = (TokenForge.Sid(inCookie.RefreshToken!), TokenForge.Sid(inBody.RefreshToken!));

        var refreshed = (await inCookie.PostAsync("/auth/refresh", new { refreshToken = inBody.RefreshToken })).EnsureOk();
        TokenForge.Sid(refreshed.Json["refreshToken"]!.GetValue<string>()).ShouldBe(cookieSid);
        cookieSid.ShouldNotBe(bodySid);

        (await inCookie.PostAsync("/auth/logout", new { refreshToken = inBody.RefreshToken })).EnsureOk();
        (await inBody.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await inCookie.GetAsync("/auth/me")).EnsureOk();
    }

    [Fact]
    public async Task A_browser_refreshes_and_signs_out_without_any_body()
    {
        await using var server = await StartAsync();
        using var web = server.NewClient(web: true);
        await web.RegisterAsync();
        var first = web.RefreshCookie;
        (await web.PostAsync("/auth/refresh")).EnsureOk();
        web.RefreshCookie.ShouldNotBe(first);
        (await web.PostAsync("/auth/logout")).EnsureOk();
        web.RefreshCookie.ShouldBeNull();

        using var guest = server.NewClient();
        (await guest.PostAsync("/auth/logout")).EnsureOk().Json["status"]!.GetValue<string>().ShouldBe("success");
        (await guest.PostAsync("/auth/refresh")).Code.ShouldBe("BAD_REQUEST");
    }

    [Fact]
    public async Task A_refused_cookie_is_taken_away_but_a_busy_server_takes_nothing()
    {
        await using var server = await JukeServer.StartAsync(s => s with { IdentifierRate = new Rate(2, TimeSpan.FromMinutes(1)) });
        using var web = server.NewClient(web: true);
        await web.RegisterAsync();
        (await web.PostAsync("/auth/refresh")).EnsureOk();
        (await web.PostAsync("/auth/refresh")).EnsureOk();
        var busy = await web.PostAsync("/auth/refresh");
        busy.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        busy.Headers.Contains("Set-Cookie").ShouldBeFalse();
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        (await web.PostAsync("/auth/refresh")).EnsureOk();

        web.RefreshCookie = "nonsense";
        (await web.PostAsync("/auth/refresh")).Code.ShouldBe("INVALID_REFRESH_TOKEN");
        web.RefreshCookie.ShouldBeNull();
    }

    [Theory]
    [InlineData(false, "juke_session")]
    [InlineData(true, "__Host-juke_session")]
    public async Task The_cookie_of_the_pages_never_opens_an_api_route(bool production, string cookieName)
    {
        await using var server = await StartAsync(production);
        using var owner = await server.NewClient().OnboardedAsync();
        var session = NewSession.Web(new Caller(null, null, IsWeb: true), server.Clock.GetUtcNow());
        (await SessionRows.InsertAsync(server.Database, session.Row, owner.UserId, null, null, default)).ShouldBeTrue();
        SecretWatch.Remember(session.Secret);

        using var client = server.NewClient();
        foreach (var path in (string[])["/auth/me", "/auth/sessions", "/fixtures/upcoming", "/api/users/profile"])
            foreach (var isWeb in (bool[])[false, true])
            {
                (await SendAsync(client, "GET", path, $"{cookieName}={session.Secret}", isWeb)).Status.ShouldBe(HttpStatusCode.Unauthorized, path);
                client.AccessToken = session.Secret;
                (await SendAsync(client, "GET", path, "a=b", isWeb)).Status.ShouldBe(HttpStatusCode.Unauthorized, "nor does its text as a bearer");
                client.AccessToken = null;
            }
        (await SendAsync(client, "POST", "/auth/refresh", $"user_refresh_token={session.Secret}", isWeb: true)).Status.ShouldBe(HttpStatusCode.Unauthorized);

        // And the sid of a page's session in an access token of ours is none of an app's.
        var sid = System.Buffers.Text.Base64Url.EncodeToString(session.Sid);
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        client.AccessToken = TokenForge.Jwt(TokenForge.Header, TokenForge.Payload(owner.UserId, sid, 1, now, now + 900), TokenForge.Key(JukeServer.Secret, "AccessToken"));
        (await client.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static Task<JukeServer> StartAsync(bool production = false) => JukeServer.StartAsync(s => s with { IsProduction = production });

    private static async Task<Reply> RefusedRefreshAsync(TestClient client)
    {
        client.RefreshCookie = client.RefreshToken;
        var reply = await client.PostAsync("/auth/refresh");
        reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
        return reply;
    }

    private static Task<Reply> SendAsync(TestClient client, string method, string path, string cookie, bool isWeb) =>
        client.SendAsync(new HttpMethod(method), path, null, request =>
        {
            request.Headers.Add("Cookie", cookie);
            if (isWeb) request.Headers.Add("X-Client", "web");
        });

    private static (string Value, string[] Attributes)? Parse(Reply reply, string name)
    {
        var line = reply.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith(name + "=", StringComparison.Ordinal));
        var parts = line.Split("; ");
        return (parts[0][(name.Length + 1)..], [.. parts.Skip(1).Select(p => p.ToLowerInvariant())]);
    }
}
