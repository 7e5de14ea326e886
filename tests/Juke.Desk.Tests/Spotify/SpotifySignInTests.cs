using System.Net;
using Juke.Desk.Spotify;
using Juke.Desk.Tests.StandIns;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests.Spotify;

/// <summary>The way through: page, code, tokens, profile, search.</summary>
public sealed class SpotifySignInTests : IAsyncLifetime
{
    private SpotifyStandIn spotify = null!;
    private App app = null!;

    public async ValueTask InitializeAsync()
    {
        spotify = await SpotifyStandIn.StartAsync();
        app = new(spotify.Address);
    }

    public async ValueTask DisposeAsync()
    {
        app.Dispose();
        await spotify.DisposeAsync();
    }

    [Fact]
    public async Task From_the_page_to_the_profile_and_the_search()
    {
        var page = App.Query("/authorize", SpotifyRequests.Authorize);
        var asked = await app.GetAsync(page);
        asked.Status.ShouldBe(HttpStatusCode.OK);
        asked.Body.ShouldContain(">First-timer</button>");

        var back = await app.FormAsync(page, [new("person", "first-timer")]);
        back.Location.ShouldNotBeNull().ShouldStartWith(App.Callback + "?code=");
        back.Back("state").ShouldBe("a state & more");

        var tokens = await app.FormAsync("/api/token", App.With(SpotifyRequests.Exchange, ("code", back.Back("code"))));
        tokens.Status.ShouldBe(HttpStatusCode.OK);
        tokens["token_type"].ShouldBe("Bearer");
        tokens["expires_in"].ShouldBe("3600");
        tokens["scope"].ShouldBe("user-read-email user-read-private");
        tokens["refresh_token"].ShouldNotBeNull();
        tokens.Headers.CacheControl!.NoStore.ShouldBeTrue();

        var me = await app.GetAsync("/v1/me", "Bearer " + tokens["access_token"]);
        me["display_name"].ShouldBe("Nia Okafor");
        me["account_id"].ShouldBe(spotify.Find("first-timer")!.AccountId);

        var found = await app.GetAsync("/v1/search?q=velvet&type=artist", "Bearer " + tokens["access_token"]);
        found.Json["artists"]!["items"]!.AsArray().Count.ShouldBe(3);

        var refreshed = await app.FormAsync("/api/token", App.With(SpotifyRequests.Refresh, ("refresh_token", tokens["refresh_token"])));
        refreshed["access_token"].ShouldNotBeNull();
        refreshed["refresh_token"].ShouldBeNull();
        spotify.Calls.Select(call => $"{call.Endpoint} {call.GrantType}").ShouldBe(["authorize ", "token authorization_code", "me ", "search ", "token refresh_token"]);
    }
}
