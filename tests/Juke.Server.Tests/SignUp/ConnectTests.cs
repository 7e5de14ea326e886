using System.Net;
using System.Text.Json.Nodes;
using Juke.Desk.StandIns;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

/// <summary>Connecting a Spotify account: from a page, and by the old apps' link with a token (contract §4, legacy-wire A.5).</summary>
public sealed class ConnectTests(Doors doors) : IClassFixture<Doors>
{
    private readonly JukeServer server = doors.Server;

    [Theory]
    [InlineData("/settings/connect/spotify", "/settings?notice=SpotifyConnected")]
    [InlineData("/settings/connect/spotify?next=%2Fonboarding%2Fconnect%3Fnext%3D%252Fprofile", "/onboarding/connect?next=%2Fprofile")]
    public async Task From_the_settings_and_from_the_wizard_one_comes_back_to_where_one_was(string start, string lands)
    {
        using var browser = await new Browser(server).RegisterAsync();
        var listener = doors.Listener();
        var away = await browser.GetAsync(start);
        (away.Query("show_dialog"), away.Query("scope")!.Contains("user-modify-playback-state", StringComparison.Ordinal)).ShouldBe(("true", true));
        (await browser.GetAsync(await browser.AnswerAsync(away.Location!, listener.Key))).Location.ShouldBe(lands);
        (await server.AskAsync<string>("select refresh_token from credentials c join identities i using (user_id) where i.subject = $1", listener.AccountId!)).ShouldNotBeNull();
        (await browser.GetAsync("/onboarding/connect")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_says_no_or_meets_an_outage_comes_back_with_the_reason_and_nothing_changed()
    {
        using var browser = await new Browser(server).RegisterAsync();
        var before = await RowsAsync();
        (await browser.TravelAsync("/settings/connect/spotify", Picker.Deny)).Location.ShouldBe("/settings?error=spotify_denied");
        (await browser.TravelAsync("/settings/connect/spotify?next=%2Fonboarding%2Fconnect", "outage-me")).Location.ShouldBe("/onboarding/connect?error=spotify_unavailable");
        (await browser.GetAsync("/onboarding/connect?error=spotify_unavailable")).Body.ShouldContain("does not answer right now");
        (await browser.GetAsync("/settings?error=spotify_denied")).Body.ShouldContain("nothing was connected");
        (await RowsAsync()).ShouldBe(before);

        Task<long> RowsAsync() => server.AskAsync<long>("select (select count(*) from identities) + (select count(*) from credentials) + (select count(*) from provider_trips)");
    }

    [Fact]
    public async Task A_Spotify_account_of_somebody_else_is_refused_with_a_way_out_and_stays_where_it_is()
    {
        var listener = doors.Listener();
        using var owner = server.NewClient();
        var owners = (await doors.WithSpotifyAsync(owner, listener)).EnsureOk().Json["user"]!["id"]!.GetValue<long>();
        (await owner.CompleteAsync()).EnsureOk();
        using var browser = await new Browser(server).RegisterAsync();
        (await browser.TravelAsync("/settings/connect/spotify", listener.Key)).Location.ShouldBe("/settings?error=spotify_taken");
        (await browser.GetAsync("/settings?error=spotify_taken")).Body.ShouldContain("if Spotify is the only way into that account, add an e-mail address and a password");
        (await server.AskAsync<long>("select user_id from identities where subject = $1", listener.AccountId!)).ShouldBe(owners);

        var old = doors.Listener(also: p => p.AccountId = null);
        owners = (await doors.WithSpotifyAsync(owner, old)).EnsureOk().Json["user"]!["id"]!.GetValue<long>();
        (await owner.CompleteAsync()).EnsureOk();
        old.AccountId = "acct" + Guid.NewGuid().ToString("N");
        (await browser.TravelAsync("/settings/connect/spotify", old.Key)).Location.ShouldBe("/settings?error=spotify_taken", "the row is keyed by the id still");
    }

    /// <summary>
    /// Who came in through Spotify, remembers an account and signs in to it: what was only begun is in nobody's way. An account that
    /// holds anything, or that an import made, would be lost with its only way in: it yields to nobody.
    /// </summary>
    [Theory]
    [InlineData(null, true)]
    [InlineData("update users set password_hash = 'x' where id = $1", false)]
    [InlineData("update users set email = 'b' || id || '@example.com', email_key = 'b' || id || '@example.com' where id = $1", false)]
    [InlineData("update users set role = 'admin' where id = $1", false)]
    [InlineData("update users set state = 'disabled' where id = $1", false)]
    [InlineData("update users set username = 'begun' || id, username_key = 'begun' || id where id = $1", false)]
    [InlineData("update users set username = ' ' where id = $1", false)]
    [InlineData("insert into imported_users (id, source_hash, taken, written) values ($1, '', '', '')", false)]
    [InlineData("answer", false)]
    public async Task An_account_that_was_only_begun_with_it_yields_unless_it_holds_something_or_something_else_leads_into_it(string? also, bool yields)
    {
        var listener = doors.Listener();
        using var begun = server.NewClient();
        var first = (await doors.WithSpotifyAsync(begun, listener, "streaming")).EnsureOk().Json["user"]!["id"]!.GetValue<long>();
        var token = await TokenOfAsync(first);
        if (also == "answer") (await begun.SendAsync(HttpMethod.Patch, "/api/v1/music-profiles/me/", new { favorite_genres = (string[])["jazz"] })).EnsureOk();
        else if (also is not null) await server.ExecuteAsync(also, first);
        using var browser = await new Browser(server).RegisterAsync();
        (await browser.TravelAsync("/settings/connect/spotify", listener.Key)).Location.ShouldBe(yields ? "/settings?notice=SpotifyConnected" : "/settings?error=spotify_taken");
        (await server.AskAsync<bool>("select user_id = $2 from identities where subject = $1", listener.AccountId!, first)).ShouldBe(!yields);
        (await server.AskAsync<long>("select count(*) from credentials where user_id = $1", first)).ShouldBe(yields ? 0 : 1);
        var live = yields || also!.Contains("disabled", StringComparison.Ordinal) ? HttpStatusCode.Unauthorized : HttpStatusCode.OK;
        (await begun.GetAsync("/auth/me")).Status.ShouldBe(live, "nothing leads into what yielded, and all into what did not");
        (await Doors.AsAsync(server.NewClient(), token, HttpMethod.Get, "/api/v1/music-profiles/me/")).Status.ShouldBe(live, "the old app's token too");
    }

    [Fact]
    public async Task By_a_link_with_a_token_nothing_yields()
    {
        var listener = doors.Listener();
        var first = (await doors.WithSpotifyAsync(server.NewClient(), listener)).EnsureOk().Json["user"]!["id"]!.GetValue<long>();
        var (token, user) = await AppAsync();
        using var browser = new Browser(server);
        var asked = await browser.TravelAsync($"/api/v1/auth/connect/spotify/?token={token}&return_to=juke%3A%2F%2Fspotify-callback", listener.Key);
        var refused = await browser.SubmitAsync(asked.Location!, "/connect/spotify", ("state", asked.Query("state")!), ("answer", "yes"));
        // Said where it happened: this browser is nobody's, and did not want to sign in.
        (refused.Status, refused.Refresh).ShouldBe((HttpStatusCode.Conflict, null));
        foreach (var text in (string[])["belongs to another Juke account", "Sign in with Spotify to get there", "add an e-mail address and a password", "href=\"juke://spotify-callback\""]) refused.Body.ShouldContain(text);
        (await LinkedAsync(user), await LinkedAsync(first)).ShouldBe((0, 1));
        (await server.AskAsync<long>("select count(*) from credentials where user_id = $1", user)).ShouldBe(0);
    }

    [Fact]
    public async Task Another_Spotify_account_takes_the_place_of_the_first_which_is_free_then()
    {
        var (first, second) = (doors.Listener(), doors.Listener());
        using var browser = await new Browser(server).RegisterAsync();
        await browser.TravelAsync("/settings/connect/spotify", first.Key);
        await browser.TravelAsync("/settings/connect/spotify", second.Key);
        (await server.AskAsync<long>("select count(*) from identities where subject in ($1, $2)", first.AccountId!, second.AccountId!)).ShouldBe(1);
        (await server.AskAsync<string>("select external_id from identities where subject = $1", second.AccountId!)).ShouldBe(second.Id);
        using var client = server.NewClient();
        (await doors.WithSpotifyAsync(client, first)).EnsureOk().Json["isNewUser"]!.GetValue<bool>().ShouldBeTrue();
        (await doors.WithSpotifyAsync(client, second)).EnsureOk().Json["isNewUser"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task Tokens_of_the_first_account_never_stand_beside_the_identity_of_the_second()
    {
        var (first, second) = (doors.Listener(), doors.Listener());
        using var browser = await new Browser(server).RegisterAsync();
        await browser.TravelAsync("/settings/connect/spotify", first.Key);
        // Spotify gives no refresh token this time, and none never replaces one: but that one is of another account.
        var token = doors.Spotify.IssueAccessToken(second);
        SecretWatch.Remember(token);
        doors.Spotify.Faults.Next("token", Fault.Status(200, $$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":3600,"scope":""}"""));
        (await browser.TravelAsync("/settings/connect/spotify", second.Key)).Location.ShouldBe("/settings?notice=SpotifyConnected");
        (await server.AskAsync<bool>("select c.refresh_token is null from credentials c join identities i using (user_id, provider) where i.subject = $1", second.AccountId!)).ShouldBeTrue();

        // The same account again keeps what it has.
        await browser.TravelAsync("/settings/connect/spotify", second.Key);
        doors.Spotify.Faults.Next("token", Fault.Status(200, $$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":3600,"scope":""}"""));
        await browser.TravelAsync("/settings/connect/spotify", second.Key);
        (await server.AskAsync<bool>("select c.refresh_token is null from credentials c join identities i using (user_id, provider) where i.subject = $1", second.AccountId!)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("juke://spotify-callback", "juke://spotify-callback")]
    [InlineData("shotclock://done", "shotclock://done")]
    [InlineData("https://app.example/onboarding?step=9", "https://app.example/onboarding?step=9")]
    [InlineData("https://evil.example/", null)]
    [InlineData("evil://x", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("https://app.example@evil.example/", null)]
    [InlineData("https://app.example\\@evil.example/", null)]
    public async Task By_a_link_with_a_token_a_person_is_asked_first_and_nothing_is_linked_before(string returnTo, string? lands)
    {
        var (token, user) = await AppAsync();
        var listener = doors.Listener("Nia <b>Okafor</b>");
        using var browser = new Browser(server) { From = Doors.NewAddress() };
        var asked = await browser.TravelAsync($"/api/v1/auth/connect/spotify/?token={token}&return_to={Uri.EscapeDataString(returnTo)}", listener.Key);
        asked.Location.ShouldStartWith("/connect/spotify?state=");
        SecretWatch.LinesWith("from " + browser.From).Any(l => l.Contains("Trip target refused: spotify, return_to", StringComparison.Ordinal)).ShouldBe(lands is null);
        (await LinkedAsync(user)).ShouldBe(0, "only the POST links");
        var page = await browser.GetAsync(asked.Location!);
        page.Body.ShouldContain("Nia &lt;b&gt;Okafor");
        page.Body.ShouldContain("@" + await server.AskAsync<string>("select username from users where id = $1", user));
        (await browser.PostAsync("/connect/spotify", ("state", asked.Query("state")!), ("answer", "yes"))).Status.ShouldBe(HttpStatusCode.BadRequest, "no antiforgery token");
        (await LinkedAsync(user)).ShouldBe(0);

        var done = await browser.SubmitAsync(asked.Location!, "/connect/spotify", ("state", asked.Query("state")!), ("answer", "yes"));
        if (lands is null) done.Location.ShouldBe("/?notice=SpotifyConnected");
        else
        {
            (done.Status, done.Refresh).ShouldBe((HttpStatusCode.OK, "0;url=" + lands));
            done.Body.ShouldContain($"href=\"{lands}\"");
        }
        (await LinkedAsync(user)).ShouldBe(1);
        browser.Session.ShouldBeNull("a token in an address signs no browser in");
        (await browser.GetAsync(asked.Location!)).Status.ShouldBe(HttpStatusCode.BadRequest, "asked once");
    }

    /// <summary>The attacker sends his own link: the victim's Spotify account must not end up in the attacker's Juke account.</summary>
    [Fact]
    public async Task Who_opens_the_link_of_an_attacker_sees_whose_account_it_is_and_can_say_no()
    {
        var (token, attacker) = await AppAsync();
        var victim = doors.Listener("The Victim");
        using var browser = await new Browser(server).RegisterAsync();
        var asked = await browser.TravelAsync($"/api/v1/auth/connect/spotify/?token={token}&return_to=juke://spotify-callback", victim.Key);
        asked.Location.ShouldStartWith("/connect/spotify?state=", customMessage: "signed in as somebody else is no yes");
        (await browser.GetAsync(asked.Location!)).Body.ShouldContain("If somebody sent you here");
        (await LinkedAsync(attacker)).ShouldBe(0);

        using var attackers = new Browser(server);
        (await attackers.GetAsync(asked.Location!)).Status.ShouldBe(HttpStatusCode.BadRequest, "the question is the victim's browser's");
        (await browser.SubmitAsync(asked.Location!, "/connect/spotify", ("state", asked.Query("state")!), ("answer", "no"))).Refresh.ShouldBe("0;url=juke://spotify-callback");
        (await LinkedAsync(attacker)).ShouldBe(0);
        (await browser.SubmitAsync(asked.Location!, "/connect/spotify", ("state", asked.Query("state")!), ("answer", "yes"))).Location.ShouldNotBeNull();
        (await LinkedAsync(attacker)).ShouldBe(0, "answered once");
    }

    [Fact]
    public async Task An_attacker_who_goes_the_way_himself_and_sends_the_callback_links_nothing()
    {
        var (token, attacker) = await AppAsync();
        using var attackers = new Browser(server);
        var rows = await RowsAsync();
        var back = await attackers.AnswerAsync((await attackers.GetAsync($"/api/v1/auth/connect/spotify/?token={token}")).Location!, doors.Listener().Key);
        using var victim = await new Browser(server).RegisterAsync();
        (await victim.GetAsync(back)).Location.ShouldBe("/onboarding/connect?error=spotify_auth_failed");
        (await RowsAsync(), await LinkedAsync(attacker)).ShouldBe((rows, 0));

        Task<long> RowsAsync() => server.AskAsync<long>("select (select count(*) from identities) + (select count(*) from credentials)");
    }

    [Fact]
    public async Task A_browser_that_is_signed_in_as_the_same_user_is_not_asked()
    {
        using var browser = new Browser(server);
        var listener = doors.Listener();
        var google = doors.Gmail();
        await browser.TravelAsync("/auth/google/start", google.Key);
        var user = await server.AskAsync<long>("select user_id from identities where subject = $1", google.Subject);
        var token = await TokenOfAsync(user);
        var reply = await browser.TravelAsync($"/api/v1/auth/connect/spotify/?token={token}&return_to=juke%3A%2F%2Fspotify-callback", listener.Key);
        (reply.Status, reply.Location).ShouldBe((HttpStatusCode.Found, "juke://spotify-callback"));
        (await LinkedAsync(user)).ShouldBe(1);
    }

    [Fact]
    public async Task Not_signed_in_has_the_old_answers_and_other_tokens_do_not_count_in_an_address()
    {
        using var app = server.NewClient();
        (await app.RegisterAsync()).EnsureOk();
        using var browser = new Browser(server);
        foreach (var token in (string[])["", "nonsense", app.AccessToken!, app.RefreshToken!])
        {
            var away = await browser.GetAsync("/api/v1/auth/connect/spotify/?token=" + token);
            (away.Status, away.Location).ShouldBe((HttpStatusCode.Found, "/login?error=spotify_auth_failed"));
            var json = await browser.GetAsync("/api/v1/auth/connect/spotify/?token=" + token, "application/json");
            var body = JsonNode.Parse(json.Body)!;
            (json.Status, body.Text("detail"), body.Text("error")).ShouldBe((HttpStatusCode.Unauthorized, "Please sign in before connecting Spotify.", "spotify_auth_failed"));
            (json.Headers.WwwAuthenticate.ToString(), body.Text("code")).ShouldBe(("Token", "UNAUTHORIZED"));
        }
    }

    /// <summary>C7, unexpired session: what the attacker began before the reset must not be finished after it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_trip_dies_with_the_session_that_began_it(bool whileAsked)
    {
        var (token, user) = await AppAsync();
        using var browser = new Browser(server);
        var back = await browser.AnswerAsync((await browser.GetAsync($"/api/v1/auth/connect/spotify/?token={token}")).Location!, doors.Listener().Key);
        var asked = whileAsked ? await browser.GetAsync(back) : null;
        await server.ExecuteAsync("update sessions set ended_at = now(), end_reason = 'password reset' where user_id = $1 and ended_at is null", user);
        if (asked is null) (await browser.GetAsync(back)).Location.ShouldBe("/login?error=spotify_auth_failed");
        else (await browser.SubmitAsync("/login", "/connect/spotify", ("state", asked.Query("state")!), ("answer", "yes"))).Location.ShouldBe("/login?error=spotify_auth_failed");
        (await LinkedAsync(user)).ShouldBe(0);
    }

    /// <summary>A user of the Juke dialect through onboarding, and a token of his.</summary>
    private async Task<(string Token, long User)> AppAsync()
    {
        using var client = server.NewClient();
        var user = (await doors.WithGoogleAsync(client, doors.Gmail())).EnsureOk().Json["user"]!["id"]!.GetValue<long>();
        (await client.CompleteAsync()).EnsureOk();
        return (await TokenOfAsync(user), user);
    }

    private async Task<string> TokenOfAsync(long user)
    {
        var session = Juke.Server.Sessions.NewSession.Juke(new Juke.Server.Sessions.Caller(null, null, IsWeb: false), server.Clock.GetUtcNow());
        (await Juke.Server.Data.SessionRows.InsertAsync(server.Database, session.Row, user, null, null, default)).ShouldBeTrue();
        SecretWatch.Remember(session.Secret);
        return session.Secret!;
    }

    /// <summary>How many Spotify accounts the user has.</summary>
    private Task<long> LinkedAsync(long user) => server.AskAsync<long>("select count(*) from identities where user_id = $1 and provider = 'spotify'", user);
}
