using System.Net;
using System.Text.Json.Nodes;
using Juke.Desk.StandIns;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

/// <summary>Browsers on their way to Spotify and Google and back.</summary>
public sealed class TripTests(Doors doors) : IClassFixture<Doors>
{
    private readonly JukeServer server = doors.Server;

    [Theory]
    [InlineData("spotify")]
    [InlineData("google")]
    public async Task A_first_timer_lands_in_onboarding_and_comes_back_to_where_he_was_going(string provider)
    {
        using var browser = new Browser(server);
        var reply = await browser.TravelAsync($"/auth/{provider}/start?next=%2Fprofile", Person(provider));
        (reply.Status, reply.Location).ShouldBe((HttpStatusCode.SeeOther, "/onboarding?next=%2Fprofile"));
        browser.Session.ShouldNotBeNull();
        (await browser.GetAsync("/onboarding/username")).Body.ShouldContain("First");
        (await browser.GetAsync("/home")).Location.ShouldBe("/onboarding", "nothing protected before");
    }

    [Theory]
    [InlineData("spotify")]
    [InlineData("google")]
    public async Task A_returning_user_never_sees_onboarding_and_a_half_done_one_resumes(string provider)
    {
        var person = Person(provider);
        using (var first = new Browser(server)) (await first.TravelAsync($"/auth/{provider}/start", person)).Location.ShouldBe("/onboarding");
        using var half = new Browser(server);
        (await half.TravelAsync($"/auth/{provider}/start", person)).Location.ShouldBe("/onboarding");
        (await half.SubmitAsync("/onboarding/username", "/onboarding/username", ("username", TestClient.NewName()))).Location.ShouldBe("/onboarding/genres");
        (await half.SubmitAsync("/onboarding/genres", "/onboarding/genres", ("skip", "rest"))).Location.ShouldBe("/home");
        using var again = new Browser(server);
        (await again.TravelAsync($"/auth/{provider}/start?next=%2Fprofile", person)).Location.ShouldBe("/profile");
        (await again.GetAsync($"/auth/{provider}/start?next=%2Fsettings")).Location.ShouldBe("/settings", "who is signed in needs no door");
    }

    [Fact]
    public async Task What_is_asked_at_Spotify_is_the_least_and_carries_PKCE()
    {
        using var browser = new Browser(server);
        var away = await browser.GetAsync("/auth/spotify/start");
        (away.Query("scope"), away.Query("show_dialog"), away.Query("code_challenge_method"), away.Query("response_type")).ShouldBe((null, null, "S256", "code"));
        away.Query("redirect_uri").ShouldBe("http://127.0.0.1:5080/auth/spotify/callback");
        away.Query("code_challenge")!.Length.ShouldBe(43);
        var cookie = away.SetCookie.Single(c => c.StartsWith("juke_trip=", StringComparison.Ordinal));
        foreach (var attribute in (string[])["path=/", "httponly", "samesite=lax"]) cookie.ShouldContain(attribute, Case.Insensitive);
        var google = await browser.GetAsync("/auth/google/start");
        (google.Query("redirect_uri"), google.Query("nonce")!.Length, google.Query("code_challenge_method")).ShouldBe(("http://127.0.0.1:5080/auth/google/callback", 43, "S256"));

        (await server.AskAsync<long>("select count(*) from provider_trips where return_to like $1 or redirect_uri like $1", "%" + away.Query("state") + "%")).ShouldBe(0, "the state is nowhere stored");
    }

    [Theory]
    [InlineData("spotify")]
    [InlineData("google")]
    public async Task A_state_counts_once_in_the_browser_that_set_out_at_its_own_callback_and_for_ten_minutes(string provider)
    {
        var other = provider == "spotify" ? "google" : "spotify";
        using var browser = new Browser(server);
        using var foreign = new Browser(server);
        await foreign.GetAsync($"/auth/{provider}/start");

        var back = await BackAsync();
        await RefusedAsync(foreign, back);
        await RefusedAsync(new Browser(server), back);
        (await browser.GetAsync(back)).Location.ShouldBe("/onboarding", "the others used nothing up");
        await RefusedAsync(new Browser(server), back);

        using var replaying = new Browser(server);
        back = await BackAsync(replaying);
        (await replaying.GetAsync(back)).Location.ShouldBe("/onboarding");
        (await replaying.SubmitAsync("/settings", "/logout")).Location.ShouldBe("/");
        replaying.Session.ShouldBeNull("signed out: the state alone decides");
        await RefusedAsync(replaying, back);

        using var mixed = new Browser(server);
        back = await BackAsync(mixed);
        await RefusedAsync(mixed, back.Replace($"/auth/{provider}/callback", $"/auth/{other}/callback", StringComparison.Ordinal));

        using var late = new Browser(server);
        back = await BackAsync(late);
        doors.Clock.Advance(TimeSpan.FromMinutes(10));
        await RefusedAsync(late, back);

        foreach (var state in (string[])["", "x", new string('A', 48), new string('!', 48), new string('A', 4000)])
            await RefusedAsync(browser, $"/auth/{provider}/callback?code=c&state={Uri.EscapeDataString(state)}");
        await RefusedAsync(browser, $"/auth/{provider}/callback");
        await RefusedAsync(browser, $"/auth/{provider}/callback?code=c&state=a&state=b");

        async Task<string> BackAsync(Browser? from = null) => await (from ?? browser).AnswerAsync((await (from ?? browser).GetAsync($"/auth/{provider}/start")).Location!, Person(provider));

        async Task RefusedAsync(Browser by, string address)
        {
            var session = by.Session;
            by.From = Doors.NewAddress();
            var reply = await by.GetAsync(address);
            reply.Location.ShouldBe(session is null ? $"/login?error={Shown(address)}_auth_failed" : $"/onboarding/connect?error={Shown(address)}_auth_failed", address[..Math.Min(address.Length, 60)]);
            by.Session.ShouldBe(session);
            SecretWatch.LinesWith("from " + by.From).ShouldHaveSingleItem().ShouldContain($"Trip refused: {Shown(address)}, ");
        }

        static string Shown(string address) => address.Contains("/spotify/", StringComparison.Ordinal) ? "spotify" : "google";
    }

    [Theory]
    [InlineData("spotify")]
    [InlineData("google")]
    public async Task Who_says_no_is_told_so_and_can_go_on(string provider)
    {
        using var browser = new Browser(server);
        var reply = await browser.TravelAsync($"/auth/{provider}/start?next=%2Fprofile", Picker.Deny);
        reply.Location.ShouldBe($"/login?error={provider}_denied&next=%2Fprofile");
        (await browser.GetAsync(reply.Location!)).Body.ShouldContain("nothing was sent to Juke");
        (await browser.TravelAsync($"/auth/{provider}/start", Person(provider))).Location.ShouldBe("/onboarding");
    }

    [Fact]
    public async Task What_a_provider_does_badly_is_a_sentence_on_the_page_to_sign_in()
    {
        using var browser = new Browser(server);
        (await browser.TravelAsync("/auth/spotify/start", "not-listed")).Location.ShouldBe("/login?error=spotify_refused");
        (await browser.TravelAsync("/auth/spotify/start", "outage-token")).Location.ShouldBe("/login?error=spotify_unavailable");
        (await browser.TravelAsync("/auth/spotify/start", "outage-me")).Location.ShouldBe("/login?error=spotify_unavailable");
        doors.Google.Faults.Next("token", Fault.ServerErrorHtml);
        (await browser.TravelAsync("/auth/google/start", Person("google"))).Location.ShouldBe("/login?error=google_unavailable");
        foreach (var word in (string[])["spotify_refused", "spotify_unavailable", "google_unavailable", "unheard-of"])
            (await browser.GetAsync("/login?error=" + word)).Body.ShouldContain("role=\"alert\"");
        (await browser.GetAsync("/login?error=" + Uri.EscapeDataString("<b>x</b>"))).Body.ShouldNotContain("<b>x");
        browser.Session.ShouldBeNull();
    }

    [Fact]
    public async Task A_taken_address_and_a_disabled_account_are_sentences_too()
    {
        var email = TestClient.NewEmail();
        using var owner = server.NewClient();
        (await owner.RegisterAsync(email)).EnsureOk();
        var person = doors.Gmail(email);
        using var browser = new Browser(server);
        (await browser.TravelAsync("/auth/google/start", person.Key)).Location.ShouldBe("/login?error=email_taken");
        var listener = doors.Listener();
        using (var first = new Browser(server)) await first.TravelAsync("/auth/spotify/start", listener.Key);
        await server.ExecuteAsync("update users set state = 'disabled' where id = (select user_id from identities where external_id = $1)", listener.Id);
        (await browser.TravelAsync("/auth/spotify/start", listener.Key)).Location.ShouldBe("/login?error=account_disabled");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("juke://x")]
    public async Task Next_leads_to_no_other_site(string next)
    {
        foreach (var provider in (string[])["spotify", "google"])
        {
            using var browser = new Browser(server) { From = Doors.NewAddress() };
            (await browser.TravelAsync($"/auth/{provider}/start?next=" + Uri.EscapeDataString(next), Person(provider))).Location.ShouldBe("/onboarding");
            SecretWatch.LinesWith("from " + browser.From).ShouldContain(l => l.Contains($"Trip target refused: {provider}, next", StringComparison.Ordinal));
        }
        using var signedIn = await new Browser(server) { From = Doors.NewAddress() }.RegisterAsync();
        (await signedIn.TravelAsync("/settings/connect/spotify?next=" + Uri.EscapeDataString(next), Person("spotify"))).Location.ShouldBe("/settings?notice=SpotifyConnected");
        SecretWatch.LinesWith("from " + signedIn.From).ShouldContain(l => l.Contains("Trip target refused: spotify, next", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("https://app.example.evil.example/")]
    [InlineData("https://app.example@evil.example/")]
    [InlineData("https://app.example\\.evil.example/")]
    [InlineData("http://app.example/")]
    [InlineData("//app.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://app.example/;url=https://evil.example/ ")]
    public async Task The_end_of_the_wizard_leads_to_no_other_site(string next)
    {
        var query = "?next=" + Uri.EscapeDataString(next);
        using var browser = await new Browser(server).RegisterAsync();
        var named = await browser.SubmitAsync("/onboarding/username" + query, "/onboarding/username" + query, ("username", TestClient.NewName()));
        named.Location.ShouldBe("/onboarding/genres");
        var left = await browser.SubmitAsync("/onboarding/genres" + query, "/onboarding/genres" + query, ("skip", "rest"));
        (left.Status, left.Location, left.Refresh).ShouldBe((HttpStatusCode.SeeOther, "/home", null));
    }

    [Fact]
    public async Task A_trip_ends_on_another_server_than_the_one_where_it_began()
    {
        await using var second = await doors.AnotherServerAsync(server.ConnectionString);
        using var browser = new Browser(server);
        var back = await browser.AnswerAsync((await browser.GetAsync("/auth/google/start")).Location!, Person("google"));
        browser.Server = second;
        (await browser.GetAsync(back)).Location.ShouldBe("/onboarding");
    }

    [Fact]
    public async Task A_server_without_providers_says_so()
    {
        await using var plain = await JukeServer.StartAsync(clock: doors.Clock);
        using var browser = new Browser(plain);
        (await browser.GetAsync("/auth/spotify/start")).Location.ShouldBe("/login?error=spotify_unavailable");
        (await browser.GetAsync("/auth/google/start")).Location.ShouldBe("/login?error=google_unavailable");
        (await browser.GetAsync("/api/v1/social-auth/login/spotify/")).Location.ShouldBe("/login?error=spotify_unavailable");
    }

    [Fact]
    public async Task The_old_paths_still_work_and_fail_as_old_clients_expect()
    {
        using var browser = new Browser(server);
        var away = await browser.GetAsync("/api/v1/social-auth/login/spotify/", referer: "https://app.example/onboarding");
        (away.Status, away.Query("redirect_uri")).ShouldBe((HttpStatusCode.Found, "http://127.0.0.1:5080/api/v1/social-auth/complete/spotify/"));
        var listener = doors.Listener();
        var back = await browser.GetAsync(await browser.AnswerAsync(away.Location!, listener.Key));
        (back.Status, back.Location).ShouldBe((HttpStatusCode.Found, "/onboarding?next=https%3A%2F%2Fapp.example%2Fonboarding"), "onboarding comes first");
        var wizard = (await browser.GetAsync(back.Location!)).Location!;
        var named = await browser.SubmitAsync(wizard, wizard, ("username", TestClient.NewName()));
        var left = await browser.SubmitAsync(named.Location!, named.Location!, ("skip", "rest"));
        (left.Status, left.Location, left.Refresh).ShouldBe((HttpStatusCode.OK, null, "0;url=https://app.example/onboarding"), "no redirect: form-action would hold it");

        foreach (var (referer, lands) in new[] { ("https://app.example/x?y=1", "https://app.example/x?y=1"), ("https://evil.example/", "/home"), ("https://app.example.evil.example/", "/home"), ("https://app.example@evil.example/", "/home") })
        {
            using var returning = new Browser(server);
            var landing = await returning.TravelAsync("/api/v1/social-auth/login/spotify/", listener.Key, referer);
            (landing.Status, landing.Location).ShouldBe((HttpStatusCode.Found, lands), referer);
        }

        using var lost = new Browser(server);
        var failed = await lost.GetAsync("/api/v1/social-auth/complete/spotify/?code=c&state=s");
        (failed.Status, failed.Location).ShouldBe((HttpStatusCode.Found, "/login?error=spotify_auth_failed"));
        var json = await lost.GetAsync("/api/v1/social-auth/complete/spotify/?code=c&state=s", "application/json");
        var body = JsonNode.Parse(json.Body)!;
        (json.Status, body.Text("error"), body.Text("detail")!.Length > 0).ShouldBe((HttpStatusCode.BadRequest, "spotify_auth_failed", true));
        var state = (await lost.GetAsync("/api/v1/social-auth/login/spotify/")).Location!;
        var outage = await lost.GetAsync(await lost.AnswerAsync(state, "outage-token"), "application/json");
        (outage.Status, JsonNode.Parse(outage.Body)!.Text("error")).ShouldBe((HttpStatusCode.ServiceUnavailable, "spotify_unavailable"));
        outage.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        // The paths of our own are pages, whatever is accepted: nobody shipped an app that asks them for JSON.
        var page = await lost.GetAsync("/auth/google/callback?code=c&state=s", "application/json");
        (page.Status, page.Location).ShouldBe((HttpStatusCode.SeeOther, "/login?error=google_auth_failed"));
    }

    private string Person(string provider) => provider == "spotify" ? doors.Listener("First Listener").Key : doors.Gmail(name: "First Googler").Key;
}
