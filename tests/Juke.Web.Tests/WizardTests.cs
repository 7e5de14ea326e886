using System.Text.Json.Nodes;
using Juke.Contract;
using Juke.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>The wizard: every step of the definition, kept on the server step by step, with and without the module.</summary>
public sealed class WizardTests(Site site)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_step_answered_is_what_the_profile_then_holds(bool script)
    {
        using var account = await site.NewClient().RegisterAsync();
        await using var visitor = await site.VisitAsync(script: script);
        await visitor.GoAsync("/login");
        await visitor.LoginAsync(account.Email);
        await visitor.ArriveAsync("/onboarding/username");
        await visitor.FillAsync("Username", TestClient.NewName());
        await NextAsync(visitor, "genres");
        // The order of choice, not of the page; without the module the page's order is all there is.
        foreach (var genre in new[] { "Soul", "Jazz" }) await ChooseAsync(visitor, genre);
        await NextAsync(visitor, "artist");
        await SearchAsync(visitor, "Nina Simone", "Keep “Nina Simone” as I wrote it", script);
        await NextAsync(visitor, "hated");
        (await visitor.Page.GetByText("Jazz", new() { Exact = true }).CountAsync()).ShouldBe(0, "a favourite is not offered among the hated");
        await ChooseAsync(visitor, "Country");
        await NextAsync(visitor, "rainy");
        foreach (var (answer, next) in new[] { ("Mellow", "workout"), ("EDM", "decade"), ("90s", "listening"), ("Whole albums", "age"), ("25 to 34", "city") })
        {
            await ChooseAsync(visitor, answer);
            await NextAsync(visitor, next);
        }
        await SearchAsync(visitor, "sao paulo", "São Paulo", script);
        await NextAsync(visitor, "connect");
        await visitor.PressAsync("Finish");
        await visitor.ArriveAsync("/home");

        var profile = await ProfileAsync(account.Email);
        profile["favorite_genres"]!.ToJsonString().ShouldBe(script ? """["soul","jazz"]""" : """["jazz","soul"]""");
        profile["favorite_artists"]!.ToJsonString().ShouldBe("""["Nina Simone"]""");
        profile["location"]!.GetValue<string>().ShouldBe("São Paulo");
        profile["city_lat"]!.GetValue<double>().ShouldBe(-23.55);
        profile["city_lng"]!.GetValue<double>().ShouldBe(-46.63);
        var data = profile["custom_data"]!;
        data["hated_genres"]!.ToJsonString().ShouldBe("""["country"]""");
        new[] { "rainy_day_mood", "workout_vibe", "favorite_decade", "listening_style", "age_range" }.Select(k => data[k]!.GetValue<string>())
            .ShouldBe(["mellow", "edm", "90s", "album", "25-34"]);
        profile["onboarding_completed_at"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Started_on_one_device_it_is_finished_on_another_and_a_closed_tab_loses_nothing()
    {
        using var account = await site.NewClient().RegisterAsync();
        await using (var phone = await site.VisitAsync(account))
        {
            await phone.GoAsync("/onboarding");
            await phone.FillAsync("Username", TestClient.NewName());
            await NextAsync(phone, "genres");
            await ChooseAsync(phone, "Funk");
            await NextAsync(phone, "artist");
            await phone.PressAsync("Skip this");
            await phone.ArriveAsync("/onboarding/hated");
        }

        await using var laptop = await site.VisitAsync();
        await laptop.GoAsync("/login");
        await laptop.LoginAsync(account.Email);
        await laptop.ArriveAsync("/onboarding/hated");
        await laptop.Page.GetByRole(AriaRole.Link, new() { Name = "Back" }).ClickAsync();
        await laptop.ArriveAsync("/onboarding/artist");
        await laptop.Page.GetByRole(AriaRole.Link, new() { Name = "Back" }).ClickAsync();
        await laptop.ArriveAsync("/onboarding/genres");
        (await laptop.Page.Locator("[type=checkbox][value=funk]").IsCheckedAsync()).ShouldBeTrue();
        await laptop.GoAsync("/home");
        laptop.At.ShouldBe("/onboarding/hated");

        // What an app answers meanwhile is answered here too.
        using var app = site.Server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { custom_data = new { hated_genres = new[] { "edm" }, rainy_day_mood = "jazz" } })).EnsureOk();
        await laptop.GoAsync("/onboarding");
        laptop.At.ShouldBe("/onboarding/workout");
        await laptop.PressAsync("Skip the rest");
        await laptop.ArriveAsync("/home");
    }

    [Fact]
    public async Task Too_much_is_refused_beside_the_question_and_what_was_chosen_stays()
    {
        using var client = await site.NewClient().RegisterAsync();
        var token = await client.TokenOfAsync("/onboarding/genres");
        var reply = await client.PostAsync("/onboarding/genres", ("answer", "jazz"), ("answer", "soul"), ("answer", "funk"), ("answer", "rap"), ("antiforgery", token));
        ((int)reply.Status).ShouldBe(400);
        reply.Body.ShouldContain("no more than 3");
        reply.Body.Split("checked").Length.ShouldBe(5);

        token = await client.TokenOfAsync("/onboarding/rainy");
        (await client.PostAsync("/onboarding/rainy", ("answer", "thunder"), ("antiforgery", token))).Body.ShouldContain("This cannot be chosen here.");
        token = await client.TokenOfAsync("/onboarding/city");
        ((int)(await client.PostAsync("/onboarding/city", ("answer", "91;0;Nowhere"), ("antiforgery", token))).Status).ShouldBe(400);
    }

    [Fact]
    public async Task What_the_setting_requires_cannot_be_skipped()
    {
        await using var server = await Site.StartServerAsync(s => s with { Onboarding = OnboardingDefinition.FromSetting("age_range", out _) });
        using var client = await new PageClient(server.Url).RegisterAsync();
        await client.SubmitAsync("/onboarding/username", "/onboarding/username", ("username", TestClient.NewName()));
        (await client.GetAsync("/onboarding/age")).Body.ShouldNotContain("Skip this");
        (await client.GetAsync("/onboarding/genres")).Body.ShouldNotContain("Skip the rest");
        (await client.SubmitAsync("/onboarding/connect", "/onboarding/connect")).Location.ShouldBe("/onboarding/age");
        (await client.SubmitAsync("/onboarding/age", "/onboarding/age", ("answer", "55+"))).Location.ShouldBe("/onboarding/city");
        (await client.SubmitAsync("/onboarding/connect", "/onboarding/connect")).Location.ShouldBe("/home");
    }

    private static Task ChooseAsync(Visitor visitor, string text) => visitor.Page.GetByRole(AriaRole.Main).GetByText(text, new() { Exact = true }).ClickAsync();

    private static async Task NextAsync(Visitor visitor, string step)
    {
        await visitor.PressAsync("Next");
        await visitor.ArriveAsync("/onboarding/" + step);
    }

    /// <summary>With the module the list comes while typing; without it the button fetches it.</summary>
    private static async Task SearchAsync(Visitor visitor, string text, string choose, bool script)
    {
        await visitor.Page.Locator("#q").FillAsync(text);
        if (!script) await visitor.PressAsync("Search");
        await visitor.Page.Locator(".entry").GetByText(choose, new() { Exact = true }).First.ClickAsync();
    }

    private async Task<JsonNode> ProfileAsync(string email)
    {
        using var app = site.Server.NewClient();
        (await app.LoginAsync(email)).EnsureOk();
        return (await app.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json;
    }
}
