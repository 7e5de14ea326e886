using System.Net;
using Juke.Server.Gate;
using Juke.Server.Web;
using Juke.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>No form works without the token of its own page, and a stale page loses nothing that was typed.</summary>
public sealed class AntiforgeryTests(Site site)
{
    /// <summary>Every form, with fields that would be good.</summary>
    private static Dictionary<string, (string Name, string Value)[]> Forms(PageClient account, string verifyToken, string resetToken) => new(StringComparer.Ordinal)
    {
        ["POST /login"] = [("emailOrUsername", account.Email), ("password", TestClient.Password)],
        ["POST /register"] = [("email", TestClient.NewEmail()), ("password", TestClient.Password)],
        ["POST /forgot-password"] = [("email", account.Email)],
        ["POST /reset-password"] = [("token", resetToken), ("newPassword", "a new and quiet evening")],
        ["POST /verify-email"] = [("token", verifyToken)],
        ["POST /verify-user"] = [("token", verifyToken)],
        ["POST /verify-email/reject"] = [("token", verifyToken)],
        ["POST /logout"] = [],
        ["POST /onboarding/{step}"] = [("username", TestClient.NewName())],
        ["POST /profile"] = [("name", "Eve"), ("username", TestClient.NewName()), ("image", "")],
        ["POST /profile/artist"] = [("answer", "Nina Simone")],
        ["POST /settings/email"] = [("email", TestClient.NewEmail())],
        ["POST /settings/password"] = [("currentPassword", TestClient.Password), ("newPassword", "a new and quiet evening")],
        ["POST /settings/disconnect/spotify"] = [],
        ["POST /settings/sessions/{id}/end"] = [],
        ["POST /connect/spotify"] = [("state", new string('A', 48)), ("answer", "yes")],
        ["POST /settings/sessions/end-others"] = [],
    };

    [Fact]
    public async Task Without_a_token_nothing_changes_whoever_posts()
    {
        await using var server = await Site.StartServerAsync();
        using var guest = new PageClient(server.Url);
        using var required = await new PageClient(server.Url).RegisterAsync();
        using var done = await new PageClient(server.Url).OnboardAsync();
        using var phone = server.NewClient();
        (await phone.LoginAsync(done.Email)).EnsureOk();
        var session = (await phone.GetAsync("/auth/sessions")).Json["sessions"]!.AsArray().Single(s => s!["current"]!.GetValue<bool>())!["id"]!.GetValue<string>();
        (await phone.PostAsync("/auth/forgot-password", new { email = done.Email })).EnsureOk();
        var reset = (await server.Mailbox.WaitForAsync(done.Email, "new password")).Token!;
        var forms = Forms(done, (await server.Mailbox.WaitForAsync(done.Email, "Confirm")).Token!, reset);

        forms.Keys.Order(StringComparer.Ordinal).ShouldBe(
            server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<IsPage>() is not null)
                .SelectMany(OnboardingGate.NamesOf).Where(n => n.StartsWith("POST ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        var before = await SnapshotAsync(server);
        foreach (var (route, fields) in forms)
        {
            var path = route[5..].Replace("{step}", "username", StringComparison.Ordinal).Replace("{id}", session, StringComparison.Ordinal);
            foreach (var client in new[] { guest, required, done })
            {
                // A token of another browser, and none at all.
                foreach (var token in new[] { null, "", "nonsense", await site.NewClient().TokenOfAsync("/login") })
                {
                    var reply = await client.PostAsync(path, token is null ? fields : [.. fields, ("antiforgery", token)]);
                    ((int)reply.Status).ShouldBeInRange(300, 499, route);
                }
            }
        }
        (await SnapshotAsync(server)).ShouldBe(before);
        (await phone.GetAsync("/auth/me")).EnsureOk();
    }

    [Fact]
    public async Task A_token_from_before_signing_in_is_of_no_use_after_it()
    {
        using var account = site.NewClient();
        var guestToken = await account.TokenOfAsync("/login");
        await account.OnboardAsync();
        var reply = await account.PostAsync("/profile", ("name", "Eve"), ("username", account.Username!), ("image", ""), ("antiforgery", guestToken));
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Body.ShouldContain("This page was open for too long");
        reply.Body.ShouldContain("value=\"Eve\"");
    }

    [Fact]
    public async Task A_stale_form_keeps_what_was_typed_and_works_the_second_time()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.GoAsync("/register");
        var email = TestClient.NewEmail();
        await visitor.FillAsync("E-mail address", email);
        await visitor.FillAsync("Password", TestClient.Password);
        await visitor.Context.ClearCookiesAsync(new() { Name = "juke_antiforgery" });
        await visitor.PressAsync("Create account");
        await visitor.SeeAsync("This page was open for too long");
        (await visitor.Page.Locator("#email").InputValueAsync()).ShouldBe(email);
        (await visitor.Page.Locator("#password").InputValueAsync()).ShouldBe("");

        await visitor.FillAsync("Password", TestClient.Password);
        await visitor.PressAsync("Create account");
        await visitor.ArriveAsync("/onboarding/username");
    }

    [Fact]
    public async Task In_production_both_cookies_are_bound_to_the_host_and_to_https()
    {
        await using var server = await Site.StartServerAsync(s => s with { IsProduction = true, Proxies = [IPNetwork.Parse("127.0.0.0/8")] });
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = server.Url };
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");
        using var page = await http.GetAsync(new Uri("/register", UriKind.Relative));
        var antiforgery = page.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        antiforgery.ShouldStartWith("__Host-juke_antiforgery=");

        var token = System.Text.RegularExpressions.Regex.Match(await page.Content.ReadAsStringAsync(), "name=\"antiforgery\" value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["email"] = TestClient.NewEmail(),
            ["password"] = TestClient.Password,
            ["antiforgery"] = token,
        });
        http.DefaultRequestHeaders.Add("Cookie", antiforgery[..antiforgery.IndexOf(';', StringComparison.Ordinal)]);
        using var registered = await http.PostAsync(new Uri("/register", UriKind.Relative), form);
        registered.Headers.Location!.OriginalString.ShouldBe("/onboarding");
        var session = registered.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        session.ShouldStartWith("__Host-juke_session=");
        foreach (var cookie in new[] { antiforgery, session })
            foreach (var attribute in new[] { "; secure", "; httponly", "; samesite=lax", "; path=/" }) cookie.ShouldContain(attribute, Case.Insensitive);
    }

    [Fact]
    public async Task In_production_no_form_goes_out_in_clear()
    {
        await using var server = await Site.StartServerAsync(s => s with { IsProduction = true });
        using var client = new PageClient(server.Url);
        (await client.GetAsync("/register")).Status.ShouldBe(HttpStatusCode.InternalServerError);
        (await client.GetAsync("/")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<string> SnapshotAsync(JukeServer server)
    {
        await using var command = server.Database.CreateCommand(
            """
            select string_agg(t, chr(10) order by t) from (
              select users::text from users union all select user_profiles::text from user_profiles
              union all select sid::text || user_id || coalesce(ended_at::text, 'live') from sessions
              union all select id::text || coalesce(used_at::text, 'open') from email_tokens) all_rows (t)
            """);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
