using Juke.Desk.StandIns;
using Juke.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>Artists of Spotify by name, in the wizard and in the profile: no picture, nothing from elsewhere, and never a must.</summary>
public sealed class ArtistTests(Site site)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_is_found_kept_as_Spotifys_own_and_shown_by_name(bool script)
    {
        using var account = await site.NewClient().RegisterAsync();
        await account.SubmitAsync("/onboarding/username", "/onboarding/username", ("username", TestClient.NewName()));
        await using var visitor = await site.VisitAsync(script: script);
        await visitor.GoAsync("/login");
        await visitor.LoginAsync(account.Email);
        await visitor.ArriveAsync("/onboarding/genres");
        await visitor.GoAsync("/onboarding/artist");
        await SearchAsync(visitor, "midnight tr", "The Midnight Tram", script);
        await visitor.PressAsync("Next");
        await visitor.ArriveAsync("/onboarding/hated");
        await visitor.GoAsync("/onboarding/artist");
        await Assertions.Expect(visitor.Page.Locator(".entry").Filter(new() { HasText = "The Midnight Tram" }).Locator("input")).ToBeCheckedAsync();
        await visitor.PressAsync("Skip the rest");
        await visitor.ArriveAsync("/home");

        await visitor.GoAsync("/profile");
        await visitor.SeeAsync("The Midnight Tram");
        await SearchAsync(visitor, "neon", "Neon Orchard", script);
        await visitor.PressAsync("Save artist");
        await visitor.SeeAsync("Saved.");
        await Assertions.Expect(visitor.Page.Locator(".entry").Filter(new() { HasText = "Neon Orchard" }).Locator("input")).ToBeCheckedAsync();

        using var app = site.Server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        var artists = (await app.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json["favorite_artists"]!.AsArray();
        artists.Count.ShouldBe(2);
        artists.ShouldAllBe(a => a!.GetValue<string>().StartsWith("spotify:artist:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_Spotify_does_not_answer_a_typed_name_is_as_good()
    {
        var house = await House.OpenAsync();
        await using var server = house.Server;
        await using var providers = house.Providers;
        providers.Spotify.Faults.Always("search", Fault.ServerErrorHtml);
        using var account = await new PageClient(server.Url).RegisterAsync();
        (await account.GetAsync("/onboarding/artist?q=The%20Midnight%20Tram")).Body.ShouldContain("value=\"The Midnight Tram\"");
        (await account.SubmitAsync("/onboarding/artist", "/onboarding/artist", ("answer", "The Midnight Tram"))).Location.ShouldBe("/onboarding/hated");

        // An artist whose name cannot be asked for is still there.
        providers.Spotify.Faults.Clear();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        var found = await account.GetAsync("/onboarding/artist?q=The%20Midnight%20Tram");
        var uri = System.Text.RegularExpressions.Regex.Match(found.Body, "spotify:artist:[A-Za-z0-9]{22}").Value;
        await account.SubmitAsync("/onboarding/artist", "/onboarding/artist", ("answer", uri));
        providers.Spotify.Faults.Always("artist", Fault.ServerErrorHtml);
        server.Clock.Advance(TimeSpan.FromHours(25));
        (await account.GetAsync("/onboarding/artist")).Body.ShouldContain("An artist on Spotify");
        providers.Spotify.Faults.Clear();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        (await account.GetAsync("/onboarding/artist")).Body.ShouldContain("The Midnight Tram");
    }

    /// <summary>With the module the list comes while typing; without it the button fetches it.</summary>
    private static async Task SearchAsync(Visitor visitor, string text, string choose, bool script)
    {
        await visitor.Page.Locator("#q").FillAsync(text);
        if (!script) await visitor.PressAsync("Search");
        await visitor.Page.Locator(".entry").GetByText(choose, new() { Exact = true }).First.ClickAsync();
    }
}
