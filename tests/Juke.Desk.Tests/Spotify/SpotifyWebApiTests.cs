using System.Net;
using Juke.Desk.Spotify;
using Juke.Desk.Tests.StandIns;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests.Spotify;

public sealed class SpotifyWebApiTests : SpotifyTest
{
    private static readonly string[] Public = ["account_id", "display_name", "external_urls", "href", "id", "images", "type", "uri"];

    public static TheoryData<string, string, string[]> Fields => new()
    {
        { "Development", "user-read-email user-read-private", [] },
        { "Development", "", [] },
        { "Extended", "", ["followers"] },
        { "Extended", "user-read-email", ["followers", "email"] },
        { "Extended", "user-read-private", ["followers", "country", "product", "explicit_content"] },
        { "Extended", "user-read-email user-read-private", ["followers", "email", "country", "product", "explicit_content"] },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task The_mode_and_the_scopes_decide_which_fields_there_are(string mode, string scope, string[] more)
    {
        Spotify.Mode = Enum.Parse<SpotifyMode>(mode);
        var me = await MeAsync(Spotify.IssueAccessToken(Somebody, scope: scope));
        me.Json.AsObject().Select(member => member.Key).ShouldBe([.. Public, .. more], ignoreOrder: true);
    }

    [Fact]
    public async Task Nothing_known_is_null_empty_or_absent()
    {
        (Spotify.Mode, Spotify.GiveAccountId, Somebody.DisplayName, Somebody.Email) = (SpotifyMode.Extended, false, null, null);
        var me = await MeAsync(Spotify.IssueAccessToken(Somebody, scope: "user-read-email"));
        me.Json.AsObject().ContainsKey("display_name").ShouldBeTrue();
        me["display_name"].ShouldBeNull();
        me.Json["images"]!.AsArray().ShouldBeEmpty();
        me.Json.AsObject().ContainsKey("email").ShouldBeFalse();
        me.Json.AsObject().ContainsKey("account_id").ShouldBeFalse();
    }

    [Fact]
    public async Task An_id_can_change_while_the_account_id_stays()
    {
        var token = Spotify.IssueAccessToken(Somebody);
        var before = await MeAsync(token);
        Somebody.Id = "another";
        var after = await MeAsync(token);
        after["id"].ShouldBe("another");
        after["uri"].ShouldBe("spotify:user:another");
        after["account_id"].ShouldBe(before["account_id"]);
    }

    [Fact]
    public async Task A_picture_comes_in_two_sizes()
    {
        Somebody.ImageUrl = "https://i.scdn.co/image/x";
        (await MeAsync(Spotify.IssueAccessToken(Somebody))).Json["images"]!.AsArray().Select(image => (int)image!["width"]!).ShouldBe([300, 64]);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized, "No token provided")]
    [InlineData("Bearer BQinvented", HttpStatusCode.Unauthorized, "Invalid access token")]
    [InlineData("Bearer", HttpStatusCode.BadRequest, "Only valid bearer authentication supported")]
    [InlineData("Bearer two words", HttpStatusCode.BadRequest, "Only valid bearer authentication supported")]
    [InlineData("Basic eDp5", HttpStatusCode.BadRequest, "Only valid bearer authentication supported")]
    public async Task A_wrong_token_is_a_nested_error(string? header, HttpStatusCode status, string message)
    {
        foreach (var path in new[] { "/v1/me", "/v1/search?q=a&type=artist" })
        {
            var answer = await App.GetAsync(path, header);
            answer.Status.ShouldBe(status);
            answer.Json["error"]!["status"]!.GetValue<int>().ShouldBe((int)status);
            answer.Json["error"]!["message"]!.ToString().ShouldBe(message);
        }
    }

    [Fact]
    public async Task An_access_token_lives_an_hour()
    {
        var token = Spotify.IssueAccessToken(Somebody);
        Clock.Now += TimeSpan.FromHours(1) - TimeSpan.FromTicks(1);
        (await MeAsync(token)).Status.ShouldBe(HttpStatusCode.OK);
        Clock.Now += TimeSpan.FromTicks(1);
        var late = await MeAsync(token);
        late.Status.ShouldBe(HttpStatusCode.Unauthorized);
        late.Json["error"]!["message"]!.ToString().ShouldBe("The access token expired");
    }

    [Fact]
    public async Task A_token_of_another_app_is_answered_and_nothing_tells()
    {
        var (ours, theirs) = (await MeAsync(Spotify.IssueAccessToken(Somebody)), await MeAsync(Spotify.IssueAccessToken(Somebody, ofAnotherApp: true)));
        theirs.Status.ShouldBe(HttpStatusCode.OK);
        theirs.Body.ShouldBe(ours.Body);
    }

    [Fact]
    public async Task Who_is_not_on_the_list_gets_through_the_exchange_and_no_further()
    {
        foreach (var (key, type, words) in new[] { ("not-listed", "text/plain", "User not registered in the Developer Dashboard"), ("not-listed-json", "application/json", "The user is not registered for this application") })
        {
            var tokens = await ExchangeAsync(Spotify.IssueCode(Spotify.Find(key)!, App.Callback, App.Challenge));
            tokens.Status.ShouldBe(HttpStatusCode.OK);
            var me = await MeAsync(tokens["access_token"]!);
            me.Status.ShouldBe(HttpStatusCode.Forbidden);
            me.Type.ShouldBe(type);
            me.Body.ShouldContain(words);
        }
    }

    [Fact]
    public async Task An_owner_without_premium_stops_the_app_for_everybody()
    {
        Spotify.OwnerHasPremium = false;
        var me = await MeAsync(Spotify.IssueAccessToken(Somebody));
        me.Status.ShouldBe(HttpStatusCode.Forbidden);
        me.Type.ShouldBe("text/plain");
        me.Body.ShouldContain("Premium");
    }

    [Fact]
    public async Task Whose_profile_fails_gets_503_at_the_profile_only()
    {
        var token = Spotify.IssueAccessToken(Spotify.Find("outage-me")!);
        (await MeAsync(token)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await App.GetAsync("/v1/search?q=velvet&type=artist", "Bearer " + token)).Status.ShouldBe(HttpStatusCode.OK);
    }
}
