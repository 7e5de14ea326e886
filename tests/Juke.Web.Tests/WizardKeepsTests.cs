using System.Text.RegularExpressions;
using Juke.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>What stands there already is neither lost nor refused by going through the wizard, and what was typed is not dropped.</summary>
public sealed class WizardKeepsTests(Site site)
{
    [Fact]
    public async Task Where_one_wanted_to_go_survives_a_search_without_the_module()
    {
        using var account = await site.NewClient().RegisterAsync();
        await account.SubmitAsync("/onboarding/username", "/onboarding/username", ("username", TestClient.NewName()));
        await using var visitor = await site.VisitAsync(script: false);
        await visitor.GoAsync("/profile");
        await visitor.LoginAsync(account.Email);
        await visitor.ArriveAsync("/onboarding/genres");
        visitor.At.ShouldBe("/onboarding/genres?next=%2Fprofile");
        await visitor.PressAsync("Skip this");
        await visitor.ArriveAsync("/onboarding/artist");
        await visitor.Page.Locator("#q").FillAsync("neon");
        await visitor.PressAsync("Search");
        await visitor.ArriveAsync("/onboarding/artist");
        await visitor.PressAsync("Skip the rest");
        await visitor.ArriveAsync("/profile");
    }

    [Fact]
    public async Task Next_on_the_artist_step_keeps_the_artists_that_it_does_not_show()
    {
        using var account = await site.NewClient().RegisterAsync();
        using var app = site.Server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { favorite_artists = new[] { "Nina Simone", "Fela Kuti", "Can" } })).EnsureOk();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/onboarding/artist");
        await visitor.PressAsync("Next");
        await visitor.ArriveAsync("/onboarding/hated");
        (await app.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json["favorite_artists"]!.ToJsonString().ShouldBe("""["Nina Simone","Fela Kuti","Can"]""");
    }

    [Fact]
    public async Task Another_artist_takes_the_first_place_only()
    {
        using var account = await site.NewClient().RegisterAsync();
        using var app = site.Server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { favorite_artists = new[] { "Nina Simone", "Fela Kuti", "Can" } })).EnsureOk();
        (await account.SubmitAsync("/onboarding/artist?q=Neu", "/onboarding/artist", ("before", "Nina Simone"), ("answer", "Neu"))).Location.ShouldBe("/onboarding/hated");
        (await app.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json["favorite_artists"]!.ToJsonString().ShouldBe("""["Neu","Fela Kuti","Can"]""");
    }

    [Theory]
    [InlineData("नेहा शर्मा", "नेहा_शर्मा")]
    [InlineData("Zoë O'Neil", "Zoë_ONeil")]
    [InlineData("\u0301Ada 1\u0301", "Ada_1")]
    public void A_suggested_name_keeps_its_vowels(string name, string suggested) => Server.Onboarding.UsernameSuggestion.FromDisplayName(name).ShouldBe(suggested.Normalize());

    [Fact]
    public async Task What_was_chosen_stays_while_one_types_on()
    {
        using var account = await site.NewClient().RegisterAsync();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/onboarding/artist");
        await visitor.Page.Locator("#q").FillAsync("velvet");
        await visitor.Page.Locator(".entry").GetByText("Velvet Hour", new() { Exact = true }).ClickAsync();
        await visitor.Page.Locator("#q").FillAsync("neon");
        await visitor.SeeAsync("Neon Orchard");
        (await visitor.Page.Locator(".entry:has(:checked)").TextContentAsync(new() { Timeout = 3000 }))!.ShouldContain("Velvet Hour");
    }

    [Fact]
    public async Task Next_without_a_choice_clears_no_genre_that_the_page_does_not_show()
    {
        using var account = await site.NewClient().RegisterAsync();
        using var app = site.Server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { favorite_genres = new[] { "future garage" } })).EnsureOk();
        (await account.SubmitAsync("/onboarding/genres", "/onboarding/genres")).Location.ShouldBe("/onboarding/artist");
        (await app.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json["favorite_genres"]!.ToJsonString().ShouldBe("""["future garage"]""");
    }

    [Fact]
    public async Task Saved_is_said_only_where_something_was()
    {
        using var account = await site.NewClient().OnboardAsync();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/profile");
        await visitor.Page.Locator("#q").FillAsync("neon");
        await visitor.SeeAsync("Neon Orchard");
        await visitor.PressAsync("Save artist");
        await visitor.SeeAsync("Choose one of these");
        (await visitor.Page.GetByText("Saved.", new() { Exact = true }).CountAsync()).ShouldBe(0);
        (await account.SubmitAsync("/profile", "/profile/artist")).Body.ShouldContain("Choose at least one.");
    }

    [Fact]
    public async Task Next_on_the_genres_step_keeps_genres_in_an_apps_own_words()
    {
        using var account = await site.NewClient().RegisterAsync();
        using var app = site.Server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { favorite_genres = new[] { "future garage", "jazz" } })).EnsureOk();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/onboarding/genres");
        await visitor.PressAsync("Next");
        await visitor.ArriveAsync("/onboarding/artist");
        (await app.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json["favorite_genres"]!.ToJsonString().ShouldBe("""["future garage","jazz"]""");
    }

    [Fact]
    public async Task Next_is_not_refused_for_what_stands_there_already()
    {
        using var account = await site.NewClient().RegisterAsync();
        using var app = site.Server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { favorite_genres = new[] { "jazz", "soul", "funk", "rap" } })).EnsureOk();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/onboarding/genres");
        await visitor.PressAsync("Next");
        await visitor.ArriveAsync("/onboarding/artist");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_searched_for_and_not_chosen_is_asked_for_again(bool script)
    {
        using var account = await site.NewClient().RegisterAsync();
        await account.SubmitAsync("/onboarding/username", "/onboarding/username", ("username", TestClient.NewName()));
        await using var visitor = await site.VisitAsync(script: script);
        await visitor.GoAsync("/login");
        await visitor.LoginAsync(account.Email);
        await visitor.ArriveAsync("/onboarding/genres");
        await visitor.GoAsync("/onboarding/city");
        await visitor.Page.Locator("#q").FillAsync("Lisbon");
        if (!script) await visitor.PressAsync("Search");
        await visitor.SeeAsync("Keep “Lisbon” as I wrote it");
        await visitor.PressAsync("Next");
        await visitor.SeeAsync("Choose one of these, or keep it as you wrote it.");
        await visitor.ArriveAsync("/onboarding/city");
        await Assertions.Expect(visitor.Page.Locator("#q")).ToHaveValueAsync("Lisbon");
        await visitor.SeeAsync("Keep “Lisbon” as I wrote it");
    }

    [Fact]
    public async Task The_order_of_choice_stays_on_a_second_visit()
    {
        using var account = await site.NewClient().RegisterAsync();
        using var app = site.Server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { favorite_genres = new[] { "soul", "jazz" } })).EnsureOk();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/onboarding/genres");
        await visitor.Page.GetByText("Rap", new() { Exact = true }).ClickAsync();
        await visitor.PressAsync("Next");
        await visitor.ArriveAsync("/onboarding/artist");
        (await app.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json["favorite_genres"]!.ToJsonString().ShouldBe("""["soul","jazz","rap"]""");
    }

    [Fact]
    public async Task The_link_of_an_error_leads_to_the_question()
    {
        using var client = await site.NewClient().RegisterAsync();
        foreach (var (step, answers) in new (string, string[])[] { ("genres", ["jazz", "soul", "funk", "rap"]), ("rainy", ["thunder"]), ("city", ["91;0;Nowhere"]) })
        {
            var token = await client.TokenOfAsync("/onboarding/" + step);
            var reply = await client.PostAsync("/onboarding/" + step, [.. answers.Select(a => ("answer", a)), ("antiforgery", token)]);
            foreach (Match link in Regex.Matches(reply.Body, "<li><a href=\"#([^\"]+)\""))
                reply.Body.Contains($"id=\"{link.Groups[1].Value}\"").ShouldBeTrue(step + ": " + link.Groups[1].Value);
        }
    }

    [Fact]
    public async Task A_stale_form_keeps_the_city_that_was_chosen()
    {
        using var account = await site.NewClient().RegisterAsync();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/onboarding/city");
        await visitor.Page.Locator("#q").FillAsync("Lisbon");
        await visitor.Page.Locator(".entry").First.ClickAsync();
        await visitor.Context.ClearCookiesAsync(new() { Name = "juke_antiforgery" });
        await visitor.PressAsync("Next");
        await visitor.SeeAsync("open for too long");
        (await visitor.Page.Locator(".entry input:checked").CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_trip_of_the_wizard_that_took_too_long_ends_in_the_wizard()
    {
        var house = await House.OpenAsync();
        await using var server = house.Server;
        await using var providers = house.Providers;
        using var account = await new PageClient(server.Url).RegisterAsync();
        await using var visitor = await site.VisitAsync(server);
        await visitor.Context.AddCookiesAsync([new() { Name = "juke_session", Value = account.Session!, Url = server.Url.ToString() }]);
        await visitor.GoAsync("/onboarding/connect");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Connect Spotify", Exact = true }).ClickAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        await visitor.PickAsync("Says no");
        await visitor.ArriveAsync("/onboarding/connect");
    }

    [Fact]
    public async Task That_there_is_no_room_for_another_is_seen_where_one_touched()
    {
        using var account = await site.NewClient().RegisterAsync();
        await using var visitor = await site.VisitAsync(account);
        await visitor.Page.SetViewportSizeAsync(390, 844);
        await visitor.GoAsync("/onboarding/genres");
        foreach (var genre in new[] { "Hip-Hop", "Pop", "Rock", "R&B" }) await visitor.Page.GetByText(genre, new() { Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("take one away first")).ToBeInViewportAsync(new() { Timeout = 3000 });
    }

    [Theory]
    [InlineData("/profile", "/profile/artist")]
    [InlineData("/onboarding/artist", "/onboarding/artist")]
    public async Task What_a_phone_saves_at_the_same_moment_stays(string page, string action)
    {
        using var account = await (action == "/profile/artist" ? site.NewClient().OnboardAsync() : site.NewClient().RegisterAsync());
        using var app = site.Server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { favorite_artists = new[] { "Nina Simone" } })).EnsureOk();
        var token = await account.TokenOfAsync(page);
        await using var phone = await HeldRow.HoldAsync(
            site.Server, "update user_profiles set favorite_artists = '{Nina Simone,Fela Kuti}', revision = revision + 1 where user_id = $1", app.UserId);
        var saving = account.PostAsync(action, ("before", "Nina Simone"), ("answer", "Can"), ("antiforgery", token));
        await phone.UntilQueuedAsync(saving);
        await phone.LetGoAsync();
        ((int)(await saving).Status).ShouldBe(303);
        (await app.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json["favorite_artists"]!.ToJsonString()
            .ShouldBe(action == "/profile/artist" ? """["Can","Nina Simone","Fela Kuti"]""" : """["Can","Fela Kuti"]""");
    }

    [Fact]
    public async Task With_a_hundred_artists_the_profile_says_that_there_is_no_room_and_the_wizard_changes_the_first()
    {
        using var account = await site.NewClient().OnboardAsync();
        using var app = site.Server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { favorite_artists = Enumerable.Range(0, 100).Select(i => "Artist " + i) })).EnsureOk();
        var reply = await account.SubmitAsync("/profile", "/profile/artist", ("answer", "Can"));
        ((int)reply.Status).ShouldBe(400);
        reply.Body.ShouldContain("There is no room for more than 100.");
        (await account.SubmitAsync("/profile", "/profile/artist", ("answer", "Artist 7"))).Location.ShouldBe("/profile?notice=Saved");
        var artists = (await app.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json["favorite_artists"]!.AsArray();
        (artists.Count, (string)artists[0]!, (string)artists[1]!).ShouldBe((100, "Artist 7", "Artist 0"));
    }

    [Fact]
    public async Task Another_genre_keeps_those_in_an_apps_own_words()
    {
        using var account = await site.NewClient().RegisterAsync();
        using var app = site.Server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { favorite_genres = new[] { "future garage", "jazz", "soul" } })).EnsureOk();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/onboarding/genres");
        foreach (var genre in new[] { "Jazz", "Rap" }) await visitor.Page.GetByText(genre, new() { Exact = true }).ClickAsync();
        await visitor.PressAsync("Next");
        await visitor.ArriveAsync("/onboarding/artist");
        (await app.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json["favorite_genres"]!.ToJsonString().ShouldBe("""["soul","rap","future garage"]""");
    }

    [Fact]
    public async Task Next_on_an_old_page_undoes_nothing_that_an_app_saved_since()
    {
        using var account = await site.NewClient().RegisterAsync();
        using var app = site.Server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { location = "Lisbon", custom_data = new { rainy_day_mood = "mellow" } })).EnsureOk();
        await using var visitor = await site.VisitAsync(account);
        foreach (var (step, next) in new[] { ("rainy", "workout"), ("city", "connect") })
        {
            await visitor.GoAsync("/onboarding/" + step);
            (await app.PatchAsync("/api/v1/music-profiles/me/", new { location = "Porto", custom_data = new { rainy_day_mood = "jazz" } })).EnsureOk();
            await visitor.PressAsync("Next");
            await visitor.ArriveAsync("/onboarding/" + next);
        }
        var profile = (await app.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json;
        (profile["location"]!.GetValue<string>(), profile["custom_data"]!["rainy_day_mood"]!.GetValue<string>()).ShouldBe(("Porto", "jazz"));
    }

    [Fact]
    public async Task Who_is_quicker_than_the_search_is_asked_too()
    {
        using var account = await site.NewClient().RegisterAsync();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/onboarding/artist");
        await visitor.Page.RouteAsync("**/onboarding/artist?q=*", route => route.AbortAsync());
        visitor.ExpectsOutage = true;
        await visitor.Page.Locator("#q").FillAsync("neon");
        await visitor.PressAsync("Next");
        await visitor.SeeAsync("Choose one of these, or keep it as you wrote it.");
        await visitor.SeeAsync("Neon Orchard");
    }

    [Fact]
    public async Task The_order_of_choice_survives_a_form_that_was_too_old()
    {
        using var account = await site.NewClient().RegisterAsync();
        using var app = site.Server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/onboarding/genres");
        foreach (var genre in new[] { "Soul", "Jazz" }) await visitor.Page.GetByText(genre, new() { Exact = true }).ClickAsync();
        await visitor.Context.ClearCookiesAsync(new() { Name = "juke_antiforgery" });
        await visitor.PressAsync("Next");
        await visitor.SeeAsync("open for too long");
        await visitor.PressAsync("Next");
        await visitor.ArriveAsync("/onboarding/artist");
        (await app.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json["favorite_genres"]!.ToJsonString().ShouldBe("""["soul","jazz"]""");
    }

    [Fact]
    public async Task What_is_required_is_not_taken_away_and_what_is_taken_away_is_passed_over()
    {
        await using var server = await Site.StartServerAsync(s => s with { Onboarding = Contract.OnboardingDefinition.FromSetting("favorite_genres", out _) });
        using var account = await new PageClient(server.Url).RegisterAsync();
        using var app = server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { favorite_genres = new[] { "jazz" }, custom_data = new { hated_genres = new[] { "edm" } } })).EnsureOk();
        (await account.SubmitAsync("/onboarding/genres", "/onboarding/genres", ("before", "jazz"))).Body.ShouldContain("Choose at least one.");
        (await account.SubmitAsync("/onboarding/genres", "/onboarding/genres", ("before", "jazz"), ("answer", "jazz"))).Location.ShouldBe("/onboarding/artist");
        (await account.SubmitAsync("/onboarding/hated", "/onboarding/hated", ("before", "edm"))).Location.ShouldBe("/onboarding/rainy");
        var state = (await app.GetAsync("/api/onboarding")).EnsureOk().Json;
        (state["answered"]!.ToJsonString(), state["skipped"]!.ToJsonString()).ShouldBe(("""["genres"]""", """["hated"]"""));
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { custom_data = new { hated_genres = new[] { "edm" } } })).EnsureOk();
        (await account.SubmitAsync("/onboarding/hated", "/onboarding/hated", ("before", "edm"), ("answer", "edm"))).Location.ShouldBe("/onboarding/rainy");
        (await app.GetAsync("/api/onboarding")).EnsureOk().Json["skipped"]!.ToJsonString().ShouldBe("[]");
    }
}
