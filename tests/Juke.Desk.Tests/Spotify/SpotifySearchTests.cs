using System.Net;
using System.Text.Json.Nodes;
using Juke.Desk.Spotify;
using Juke.Desk.Tests.StandIns;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests.Spotify;

public sealed class SpotifySearchTests : SpotifyTest
{
    public static TheoryData<string, string, HttpStatusCode, int> Limits => new()
    {
        { "Development", "", HttpStatusCode.OK, 5 },
        { "Development", "&limit=1", HttpStatusCode.OK, 1 },
        { "Development", "&limit=10", HttpStatusCode.OK, 10 },
        { "Development", "&limit=11", HttpStatusCode.BadRequest, 0 },
        { "Extended", "", HttpStatusCode.OK, 20 },
        { "Extended", "&limit=11", HttpStatusCode.OK, 11 },
        { "Extended", "&limit=50", HttpStatusCode.OK, 50 },
        { "Extended", "&limit=51", HttpStatusCode.BadRequest, 0 },
        { "Extended", "&limit=0", HttpStatusCode.BadRequest, 0 },
        { "Extended", "&limit=many", HttpStatusCode.BadRequest, 0 },
        { "Extended", "&offset=-1", HttpStatusCode.BadRequest, 0 },
        { "Extended", "&offset=1001", HttpStatusCode.BadRequest, 0 },
        { "Extended", "&offset=1000", HttpStatusCode.OK, 20 },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task The_mode_decides_how_many(string mode, string more, HttpStatusCode status, int limit)
    {
        Spotify.Mode = Enum.Parse<SpotifyMode>(mode);
        var answer = await SearchAsync("q=a&type=artist" + more);
        answer.Status.ShouldBe(status);
        if (status == HttpStatusCode.OK) Artists(answer)["limit"]!.GetValue<int>().ShouldBe(limit);
        else answer.Json["error"]!["status"]!.GetValue<int>().ShouldBe(400);
    }

    [Theory]
    [InlineData("type=artist")]
    [InlineData("q=%20&type=artist")]
    [InlineData("q=a")]
    [InlineData("q=a&type=artiste")]
    public async Task A_wrong_question_is_refused(string question) => (await SearchAsync(question)).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task An_app_may_ask_without_a_user()
    {
        var token = (await App.FormAsync("/api/token", App.With(SpotifyRequests.Refresh, ("grant_type", "client_credentials"))))["access_token"];
        (await App.GetAsync("/v1/search?q=velvet&type=artist", "Bearer " + token)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Pages_follow_each_other_and_an_artist_looks_like_one()
    {
        Spotify.Mode = SpotifyMode.Extended;
        var all = Artists(await SearchAsync("q=a&type=artist&limit=50"))["items"]!.AsArray();
        all.Count.ShouldBeGreaterThanOrEqualTo(30);
        all.Select(artist => artist!["id"]!.ToString()).ShouldBeUnique();
        all.ShouldAllBe(artist => artist!["id"]!.ToString().Length == 22 && artist["id"]!.ToString().All(char.IsAsciiLetterOrDigit));
        all[0]!["uri"]!.ToString().ShouldBe("spotify:artist:" + all[0]!["id"]);
        all[0]!["images"]!.AsArray().Select(image => (int)image!["width"]!).ShouldBe([640, 320, 160], "the widest first");
        all[0]!["genres"]!.AsArray().ShouldNotBeEmpty();
        all[0]!["popularity"].ShouldNotBeNull();

        Spotify.Mode = SpotifyMode.Development;
        var second = Artists(await SearchAsync("q=a&type=artist&limit=10&offset=10"));
        second["items"]!.AsArray().Select(artist => artist!["id"]!.ToString()).ShouldBe(all.Skip(10).Take(10).Select(artist => artist!["id"]!.ToString()));
        second["items"]![0]!["popularity"].ShouldBeNull();
        second["next"].ShouldNotBeNull();
        second["previous"].ShouldNotBeNull();
        second["total"]!.GetValue<int>().ShouldBe(all.Count);
    }

    [Fact]
    public async Task Names_come_before_genres_and_letters_are_equal_large_or_small()
    {
        var found = Artists(await SearchAsync("q=VELVET%20har&type=artist,track"));
        found["items"]!.AsArray().Select(artist => artist!["name"]!.ToString()).ShouldBe(["The Velvet Harbour", "The Velvet Harbour Quartet"]);
        Artists(await SearchAsync("q=techno&type=artist"))["items"]!.AsArray().Single()!["name"]!.ToString().ShouldBe("Björn Åskväder");
        Artists(await SearchAsync("q=nobody-at-all&type=artist"))["items"]!.AsArray().ShouldBeEmpty();
        (await SearchAsync("q=velvet&type=track")).Json["artists"].ShouldBeNull();
    }

    [Fact]
    public async Task A_genre_can_be_asked_for()
    {
        var found = Artists(await SearchAsync("type=artist&q=" + Uri.EscapeDataString("genre:\"hip-hop\"")));
        found["items"]!.AsArray().Single()!["name"]!.ToString().ShouldBe("Big Tuesday");
        Artists(await SearchAsync("type=artist&q=" + Uri.EscapeDataString("genre:\"velvet\"")))["items"]!.AsArray().ShouldBeEmpty();
    }

    private static JsonNode Artists(Answer answer) => answer.Json["artists"]!;

    private Task<Answer> SearchAsync(string question) => App.GetAsync("/v1/search?" + question, "Bearer " + Spotify.IssueAccessToken(Somebody));
}
