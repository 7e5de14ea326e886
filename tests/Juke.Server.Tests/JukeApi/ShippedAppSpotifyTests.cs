using System.Net;
using System.Text.Json.Nodes;
using Juke.Server.Tests.Connections;
using Juke.Server.Tests.Spotify;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.JukeApi;

/// <summary>
/// What shipped apps ask of Spotify through us, and their globe, with their headers and the token of their sign-in
/// (legacy-wire A.5 to A.8); asserting what they decode.
/// </summary>
public sealed class ShippedAppSpotifyTests : IAsyncLifetime
{
    private ConnectedWorld world = null!;
    private TestClient app = null!;

    public async ValueTask InitializeAsync()
    {
        world = await ConnectedWorld.StartAsync();
        app = await world.ConnectedAsync();
        var name = TestClient.NewName();
        (await app.CompleteAsync(name)).EnsureOk();
        (await app.TokenAsync(name)).EnsureOk();
        app.AccessToken = null;
    }

    public async ValueTask DisposeAsync()
    {
        app.Dispose();
        await world.DisposeAsync();
    }

    public static TheoryData<string> Apps() => new("web", "ios", "android");

    [Theory]
    [MemberData(nameof(Apps))]
    public async Task The_connection_is_shown_gives_a_token_and_ends(string kind)
    {
        var status = (await AskAsync(kind, HttpMethod.Get, "/api/v1/auth/spotify/status/")).EnsureOk().Json;
        status.Keys().ShouldBe(["connected", "provider", "spotify_user_id", "scopes", "expires_at", "expires_in", "has_refresh_token"]);
        (status.Flag("connected"), status.Text("provider"), status.Flag("has_refresh_token")).ShouldBe((true, "spotify", true));

        var token = (await AskAsync(kind, HttpMethod.Post, "/api/v1/auth/spotify/token/")).EnsureOk().Json;
        SecretWatch.Remember(token.Text("access_token"));
        token.Keys().ShouldBe(["provider", "token_type", "access_token", "expires_at", "expires_in"]);
        token["expires_in"]!.GetValue<int>().ShouldBeGreaterThan(45);

        for (var i = 0; i < 2; i++)
        {
            var ended = await AskAsync(kind, HttpMethod.Post, "/api/v1/auth/spotify/disconnect/");
            (ended.Status, ended.Body).ShouldBe((HttpStatusCode.NoContent, ""));
        }
        (await AskAsync(kind, HttpMethod.Get, "/api/v1/auth/spotify/status/")).EnsureOk().Json.Flag("connected").ShouldBeFalse();
        var refused = await AskAsync(kind, HttpMethod.Post, "/api/v1/auth/spotify/token/");
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        (refused.Json.Text("detail"), refused.Json.Text("error")).ShouldBe(("Connect Spotify before requesting a streaming token.", "spotify_not_connected"));
    }

    [Theory]
    [InlineData("web", "http://127.0.0.1:5080/onboarding")]
    [InlineData("ios", "juke://spotify-callback")]
    [InlineData("android", "juke://spotify-callback")]
    public async Task The_browser_that_an_app_opens_is_sent_to_Spotify_by_the_token_in_the_address(string kind, string returnTo)
    {
        // A browser of its own, without the app's headers.
        using var browser = world.Server.NewClient();
        var path = "/api/v1/auth/connect/spotify/?return_to=" + Uri.EscapeDataString(returnTo);
        var away = await browser.GetAsync($"{path}&token={app.Token}");
        away.Status.ShouldBe(HttpStatusCode.Found, kind);
        var query = System.Web.HttpUtility.ParseQueryString(away.Headers.Location!.Query);
        away.Headers.Location.AbsolutePath.ShouldBe("/authorize");
        (query["response_type"], query["redirect_uri"]).ShouldBe(("code", "http://127.0.0.1:5080/api/v1/social-auth/complete/spotify/"));
        query["state"].ShouldNotBeNullOrEmpty();
        away.Headers.Location.OriginalString.ShouldNotContain(app.Token!);

        var refused = await browser.SendAsync(HttpMethod.Get, path, change: r => r.Headers.Add("Accept", "application/json"));
        refused.Status.ShouldBe(HttpStatusCode.Unauthorized);
        (refused.Json.Text("detail"), refused.Json.Text("error")).ShouldBe(("Please sign in before connecting Spotify.", "spotify_auth_failed"));
    }

    [Theory]
    [MemberData(nameof(Apps))]
    public async Task Artists_are_found_with_what_the_wizards_show(string kind)
    {
        var found = (await AskAsync(kind, HttpMethod.Get, "/api/v1/artists/?external=true&q=velvet")).EnsureOk().Json["results"]!.AsArray();
        found.Select(a => a.Text("name")).ShouldContain("The Velvet Harbour");
        foreach (var artist in found)
        {
            artist!["pk"]!.GetValue<int>().ShouldBeGreaterThan(0);
            artist.Text("spotify_id")!.Length.ShouldBe(22);
            artist["spotify_data"].Text("uri").ShouldBe("spotify:artist:" + artist.Text("spotify_id"));
            artist["spotify_data"]!["images"]![0]!.GetValue<string>().ShouldStartWith("http");
        }
        var missing = await AskAsync(kind, HttpMethod.Get, "/api/v1/artists/?external=true&q=");
        (missing.Status, missing.Json.Text("detail")).ShouldBe((HttpStatusCode.BadRequest, "Missing search parameter 'q'."));
    }

    [Theory]
    [InlineData("%EF%BF%BE")]
    [InlineData("%EF%BF%BE%EF%BF%BF")]
    [InlineData("%ED%A0%80")]
    [InlineData("%00")]
    [InlineData("%F4%8F%BF%BF")]
    [InlineData("'%20or%201=1--%22%5C")]
    public async Task Hostile_text_never_breaks_the_way_to_Spotify(string q)
    {
        var reply = await AskAsync("web", HttpMethod.Get, "/api/v1/artists/?external=true&q=" + q);
        ((int)reply.Status).ShouldBeOneOf(200, 400);
        if (reply.Status == HttpStatusCode.OK) reply.Json["results"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Apps))]
    public async Task The_globe_is_a_bare_array_with_numbers_for_places(string kind)
    {
        var body = new FormUrlEncodedContent([new("location", "London"), new("city_lat", "51.51"), new("city_lng", "-0.13"), new("favorite_genres", "soul"), new("favorite_genres", "jazz")]);
        var saved = (await AskAsync(kind, HttpMethod.Patch, "/api/v1/music-profiles/me/", body)).EnsureOk().Json;
        saved["favorite_genres"]!.AsArray().Select(g => (string?)g).ShouldBe(["soul", "jazz"]);
        var point = (await AskAsync(kind, HttpMethod.Get, "/api/v1/music-profiles/globe/?min_lat=-90&max_lat=90&min_lng=-180&max_lng=180&zoom=13&limit=5000")).EnsureOk().Json.AsArray().ShouldHaveSingleItem()!;
        point.Keys().ShouldBe(["id", "username", "lat", "lng", "clout", "top_genre", "display_name", "location"]);
        (point["lat"]!.GetValue<double>(), point["lng"]!.GetValue<double>(), point.Text("top_genre"), point.Text("location")).ShouldBe((51.51, -0.13, "soul", "London"));
    }

    private Task<Reply> AskAsync(string kind, HttpMethod method, string path, HttpContent? body = null) => app.SendAsync(method, path, body, kind switch
    {
        "web" => ShippedAppTests.Web,
        "ios" => r => r.Headers.Add("Accept", "application/json"),
        _ => null,
    });
}
