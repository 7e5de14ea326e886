using System.Net;
using System.Text.Json.Nodes;
using Juke.Desk.Google;
using Juke.Desk.Spotify;
using Juke.Desk.Tests.Google;
using Juke.Desk.Tests.Spotify;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests.StandIns;

/// <summary>/desk/ of a stand-in, from another process and from a browser.</summary>
public sealed class ControlPageTests : SpotifyTest
{
    [Fact]
    public async Task Faults_are_set_and_mended()
    {
        (await App.JsonAsync("/desk/faults", """{"endpoint":"me","fault":"too-many-requests","retryAfter":"7","times":2}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await App.JsonAsync("/desk/faults", """{"endpoint":"search","fault":"status","status":500,"always":true}""")).Json["set"]!.AsArray().Count.ShouldBe(2);
        var limited = await App.GetAsync("/v1/me");
        limited.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        limited.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        (await App.GetAsync("/v1/search")).Status.ShouldBe(HttpStatusCode.InternalServerError);
        await App.JsonAsync("/desk/faults", """{"clear":true}""");
        (await App.GetAsync("/v1/search")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("faults", """{"endpoint":"moon","fault":"drop"}""", "endpoint is one of")]
    [InlineData("faults", """{"endpoint":"me","fault":"gremlins"}""", "fault is one of")]
    [InlineData("faults", """{"endpoint":"me","fault":"status"}""", "fault is one of")]
    [InlineData("faults", """{"endpoint":"me","fault":"drop","times":0}""", "times is")]
    [InlineData("mode", """{"mode":"Enormous"}""", "mode is one of")]
    [InlineData("mode", """{"colour":"green"}""", "colour is none of")]
    [InlineData("mode", """["mode"]""", "one flat JSON object")]
    [InlineData("mode", """{"mode":{"is":"Extended"}}""", "one flat JSON object")]
    [InlineData("mode", "not json", "one flat JSON object")]
    [InlineData("people", """{"shoeSize":43}""", "shoeSize is nothing")]
    [InlineData("codes", """{"person":"nobody","redirectUri":"http://127.0.0.1/callback"}""", "person is the key")]
    [InlineData("codes", """{"person":"first-timer"}""", "redirectUri is missing")]
    [InlineData("expire", """{"person":"nobody"}""", "person is the key")]
    public async Task What_makes_no_sense_is_said(string verb, string json, string words)
    {
        var answer = await App.JsonAsync("/desk/" + verb, json);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer["error"].ShouldNotBeNull().ShouldContain(words);
    }

    [Fact]
    public async Task Switches_change_and_say_what_they_are()
    {
        var answer = await App.JsonAsync("/desk/mode", """{"mode":"Extended","giveAccountId":false,"rotateRefreshTokens":true,"ownerHasPremium":false,"grantOnly":"user-read-email"}""");
        answer.Json.AsObject().Select(member => $"{member.Key}={member.Value}").ShouldBe(["mode=Extended", "giveAccountId=false", "rotateRefreshTokens=true", "ownerHasPremium=false", "grantOnly=user-read-email"]);
        (Spotify.Mode, Spotify.GiveAccountId, Spotify.RotateRefreshTokens, Spotify.OwnerHasPremium, Spotify.GrantOnly).ShouldBe((SpotifyMode.Extended, false, true, false, "user-read-email"));
        (await App.JsonAsync("/desk/mode", "{}"))["grantOnly"].ShouldBe("user-read-email", "nothing said changes nothing");
        (await App.JsonAsync("/desk/mode", """{"grantOnly":null}"""))["grantOnly"].ShouldBeNull();
    }

    [Fact]
    public async Task People_are_added_changed_and_signed_in_without_a_browser()
    {
        var added = await App.JsonAsync("/desk/people", """{"key":"zoe","displayName":"Zoë","email":null,"accountId":"acct-zoe","notOnAllowList":false}""");
        added["displayName"].ShouldBe("Zoë");
        added["id"].ShouldNotBeNullOrEmpty();
        await App.JsonAsync("/desk/people", """{"key":"zoe","id":"renamed"}""");
        (await App.GetAsync("/desk/people")).Json.AsArray().Single(person => person!["key"]!.ToString() == "zoe")!["id"]!.ToString().ShouldBe("renamed");

        var code = (await App.JsonAsync("/desk/codes", $$"""{"person":"zoe","redirectUri":"{{App.Callback}}","codeChallenge":"{{App.Challenge}}","scope":"user-read-email"}"""))["code"]!;
        var tokens = await ExchangeAsync(code);
        tokens["scope"].ShouldBe("user-read-email");
        (await MeAsync(tokens["access_token"]!))["account_id"].ShouldBe("acct-zoe");
        (await MeAsync((await App.JsonAsync("/desk/access-tokens", """{"person":"zoe","ofAnotherApp":true}"""))["accessToken"]!)).Status.ShouldBe(HttpStatusCode.OK);
        await App.JsonAsync("/desk/revoke", """{"person":"zoe"}""");
        (await RefreshAsync(tokens["refresh_token"]!))["error_description"].ShouldBe("Refresh token revoked");
    }

    [Fact]
    public async Task The_six_months_of_a_consent_can_be_over_without_waiting_for_them()
    {
        var refresh = await RefreshTokenAsync();
        await App.JsonAsync("/desk/expire", """{"person":"returning"}""");
        (await RefreshAsync(refresh)).Status.ShouldBe(HttpStatusCode.OK, "they are somebody else's");
        await App.JsonAsync("/desk/expire", new JsonObject { ["person"] = Somebody.Key }.ToJsonString());
        var dead = await RefreshAsync(refresh);
        (dead.Status, dead["error"], dead["error_description"]).ShouldBe((HttpStatusCode.BadRequest, "invalid_grant", "Refresh token expired"));
        (await RefreshAsync(await RefreshTokenAsync())).Status.ShouldBe(HttpStatusCode.OK, "agreed anew");
    }

    [Fact]
    public async Task Calls_are_counted_and_the_control_page_is_none()
    {
        await App.GetAsync("/v1/me");
        await RefreshAsync("AQinvented");
        var calls = (await App.GetAsync("/desk/calls")).Json.AsArray();
        calls.Select(call => $"{call!["endpoint"]} {call["grantType"]} {call["at"]}").ShouldBe(["me  2026-11-21T12:00:00+00:00", "token refresh_token 2026-11-21T12:00:00+00:00"]);
        calls.ToJsonString().ShouldNotContain("AQinvented");
    }

    [Fact]
    public async Task Reset_is_the_beginning()
    {
        var refresh = await RefreshTokenAsync();
        await App.JsonAsync("/desk/mode", """{"mode":"Extended","grantOnly":"streaming"}""");
        await App.JsonAsync("/desk/faults", """{"endpoint":"me","fault":"drop","always":true}""");
        (await App.JsonAsync("/desk/reset", "{}")).Status.ShouldBe(HttpStatusCode.OK);
        (Spotify.Mode, Spotify.GrantOnly, Spotify.Calls.Count, Spotify.Faults.Set.Count).ShouldBe((SpotifyMode.Development, null, 0, 0));
        Spotify.People.Select(person => person.Key).ShouldBe(SpotifyPeople.All().Select(person => person.Key));
        (await RefreshAsync(refresh))["error_description"].ShouldBe("Invalid refresh token");
        Spotify.RedirectUris.ShouldNotBeEmpty("they are how the app is registered, not what happened since");
    }

    [Fact]
    public async Task People_press_buttons_and_see_the_page_again()
    {
        var pressed = await App.FormAsync("/desk/mode", [new("mode", "Extended"), new("giveAccountId", "true"), new("grantOnly", "")]);
        pressed.Status.ShouldBe(HttpStatusCode.Found);
        pressed.Location.ShouldBe("/desk/");
        Spotify.Mode.ShouldBe(SpotifyMode.Extended);
        await App.FormAsync("/desk/faults", [new("endpoint", "me"), new("fault", "hang"), new("times", "3"), new("always", "false"), new("status", "")]);
        var page = (await App.GetAsync("/desk/")).Body;
        page.ShouldContain("<option selected>Extended</option>");
        page.ShouldContain("me: next hang, hang, hang");
        page.ShouldContain("<input type=\"hidden\" name=\"person\" value=\"first-timer\"><button>Take Juke off the list of First-timer</button>");
        page.ShouldContain("<html lang=\"en\">");
        page.ShouldNotContain("<script");
    }

    [Fact]
    public async Task Every_forgery_can_be_chosen_by_its_name()
    {
        await using var google = await GoogleStandIn.StartAsync(time: Clock);
        using var app = new App(google.Address);
        var names = (await app.GetAsync("/desk/forgeries")).Json.AsArray();
        names.Select(one => one!["forgery"]!.ToString()).ShouldBe(Forge.All.Select(one => one.Name));
        foreach (var name in Forge.All.Select(one => one.Name))
        {
            var forged = await app.JsonAsync("/desk/id-tokens", new JsonObject { ["person"] = "gmail", ["forgery"] = name }.ToJsonString());
            (forged.Status, forged["forgery"], forged["idToken"] is null).ShouldBe((HttpStatusCode.OK, name, false), name);
        }
        var claims = GoogleSignInTests.Claims((await app.JsonAsync("/desk/id-tokens", """{"person":"gmail","forgery":"aud a list with ours and another"}"""))["idToken"]!);
        (claims["sub"]!.ToString(), claims["aud"]!.AsArray().Count).ShouldBe((google.Find("gmail")!.Subject, 2));
        (await app.JsonAsync("/desk/id-tokens", """{"person":"gmail","forgery":"another nonce than was asked for"}"""))["nonce"].ShouldBe("asked-for");
        (await app.JsonAsync("/desk/id-tokens", """{"person":"gmail","forgery":"a good one, honestly"}"""))["error"].ShouldNotBeNull().ShouldContain("GET /desk/forgeries");
        (await app.JsonAsync("/desk/id-tokens", """{"person":"gmail","forgery":"no alg","nonce":"x"}"""))["error"].ShouldNotBeNull().ShouldContain("leave nonce out");
    }

    [Fact]
    public async Task Googles_has_the_same_verbs_and_its_own()
    {
        await using var google = await GoogleStandIn.StartAsync(time: Clock);
        using var app = new App(google.Address);
        (await app.JsonAsync("/desk/people", """{"key":"zoe","subject":"4711","email":"zoe@office.example","hostedDomain":"office.example"}"""))["subject"].ShouldBe("4711");
        (await app.JsonAsync("/desk/people", """{"key":"zoe","email":"zoe@new.example","emailVerified":false}"""))["email"].ShouldBe("zoe@new.example");
        (await app.JsonAsync("/desk/people", """{"key":"zoe","subject":"4712"}"""))["error"].ShouldBe("A subject never changes.");

        var token = (await app.JsonAsync("/desk/id-tokens", $$"""{"person":"zoe","nonce":"n","audience":"{{GoogleStandIn.IosClientId}}"}"""))["idToken"]!;
        var claims = GoogleSignInTests.Claims(token);
        (claims["sub"]!.ToString(), claims["nonce"]!.ToString(), claims["aud"]!.ToString()).ShouldBe(("4711", "n", GoogleStandIn.IosClientId));

        var code = (await app.JsonAsync("/desk/codes", $$"""{"person":"zoe","redirectUri":"{{App.Callback}}","codeChallenge":"{{App.Challenge}}"}"""))["code"];
        (await app.FormAsync("/token", App.With(GoogleRequests.Exchange, ("code", code)))).Status.ShouldBe(HttpStatusCode.OK);

        var before = await app.GetAsync("/oauth2/v3/certs");
        await app.JsonAsync("/desk/rotate-keys", "{}");
        (await app.GetAsync("/oauth2/v3/certs")).Body.ShouldNotBe(before.Body);
        (await app.JsonAsync("/desk/faults", """{"endpoint":"certs","fault":"server-error-html"}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await app.GetAsync("/oauth2/v3/certs")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await app.GetAsync("/desk/calls")).Json.ShouldBeOfType<JsonArray>().Count.ShouldBe(4);
        await app.JsonAsync("/desk/reset", "{}");
        (await app.GetAsync("/desk/people")).Json.AsArray().Count.ShouldBe(GooglePeople.All().Count());
        (await app.GetAsync("/oauth2/v3/certs")).Body.ShouldBe(before.Body);
        var page = (await app.GetAsync("/desk/")).Body;
        page.ShouldContain("action=\"/desk/rotate-keys\"");
        page.ShouldNotContain("/desk/mode");
    }
}
