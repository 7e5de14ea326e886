using Juke.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>From the front page to home: without the module, with the keyboard alone, and with what the module adds.</summary>
public sealed class WalkTests(Site site)
{
    [Fact]
    public async Task Without_script()
    {
        await using var visitor = await site.VisitAsync(script: false);
        await visitor.GoAsync("/");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Continue with e-mail" }).ClickAsync();
        await visitor.FillAsync("E-mail address", "not an address");
        await visitor.FillAsync("Password", "short");
        await visitor.PressAsync("Create account");
        (await visitor.Page.GetByLabel("E-mail address", new() { Exact = true }).InputValueAsync()).ShouldBe("not an address");
        (await visitor.Page.GetByLabel("Password", new() { Exact = true }).InputValueAsync()).ShouldBe("");
        await visitor.SeeAsync("This does not look like an e-mail address yet.");

        var email = await visitor.RegisterAsync();
        using var other = await site.NewClient().OnboardAsync();
        await visitor.FillAsync("Username", other.Username!);
        await visitor.PressAsync("Next");
        await visitor.SeeAsync("Somebody else has this name already.");
        var suggestion = (await visitor.Page.Locator("button.chip").TextContentAsync())!;
        await visitor.Page.Locator("button.chip").ClickAsync();
        await visitor.ArriveAsync("/onboarding/genres");
        await visitor.PressAsync("Skip the rest");
        await visitor.ArriveAsync("/home");
        await visitor.SeeAsync($"Hello, {suggestion}");
        await visitor.SeeAsync("UTC");

        await visitor.Page.Locator("form.leave button").ClickAsync();
        await visitor.ArriveAsync("/");
        await visitor.GoAsync("/profile");
        await visitor.LoginAsync(email);
        await visitor.ArriveAsync("/profile");
    }

    [Fact]
    public async Task By_keyboard_alone()
    {
        await using var visitor = await site.VisitAsync();
        var keys = visitor.Page.Keyboard;
        await visitor.GoAsync("/");
        await TabToAsync(visitor.Page, "a.button[href='/register']");
        await keys.PressAsync("Enter");
        await visitor.ArriveAsync("/register");
        SecretWatch.Remember(TestClient.Password);
        await TabToAsync(visitor.Page, "#email");
        await keys.TypeAsync("nonsense");
        await TabToAsync(visitor.Page, "#password");
        await keys.TypeAsync(TestClient.Password);
        await keys.PressAsync("Enter");

        // The refusal has the focus, and leads to the field.
        await visitor.Page.WaitForFunctionAsync("document.activeElement?.classList.contains('summary')");
        await TabToAsync(visitor.Page, ".summary a");
        await keys.PressAsync("Enter");
        await visitor.Page.WaitForFunctionAsync("document.activeElement?.id === 'email'");
        await keys.PressAsync("Control+A");
        await keys.TypeAsync(TestClient.NewEmail());
        await TabToAsync(visitor.Page, "#password");
        await keys.TypeAsync(TestClient.Password);
        await TabToAsync(visitor.Page, "form[action='/register'] button:not(.reveal)");
        await keys.PressAsync("Space");
        await visitor.ArriveAsync("/onboarding/username");

        await TabToAsync(visitor.Page, "#username");
        var name = TestClient.NewName();
        await keys.TypeAsync(name);
        // Enter means Next, not the suggestion.
        await keys.PressAsync("Enter");
        await visitor.ArriveAsync("/onboarding/genres");
        await TabToAsync(visitor.Page, "input[value='hiphop']");
        await keys.PressAsync("Space");
        await keys.PressAsync("Enter");
        await visitor.ArriveAsync("/onboarding/artist");
        await TabToAsync(visitor.Page, "button[value='rest']");
        await keys.PressAsync("Enter");
        await visitor.ArriveAsync("/home");
        await visitor.SeeAsync($"Hello, {name}");

        await TabToAsync(visitor.Page, "a.skip");
        await keys.PressAsync("Enter");
        await visitor.Page.WaitForFunctionAsync("document.activeElement?.id === 'main'");
        await TabToAsync(visitor.Page, "form.leave button");
        await keys.PressAsync("Enter");
        await visitor.ArriveAsync("/");
    }

    [Fact]
    public async Task The_module_says_at_once_what_the_server_would_say()
    {
        using var other = await site.NewClient().OnboardAsync();
        using var account = await site.NewClient().RegisterAsync();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/onboarding");
        await visitor.FillAsync("Username", other.Username!.ToUpperInvariant());
        await visitor.SeeAsync("Somebody else has this name already.");
        await Assertions.Expect(visitor.Page.Locator("#username")).ToHaveAttributeAsync("aria-invalid", "true");
        await visitor.FillAsync("Username", "a b c");
        await visitor.SeeAsync("Username can only contain letters, numbers, underscores, and hyphens.");
        await visitor.FillAsync("Username", TestClient.NewName());
        await visitor.SeeAsync("This name is free.");
        await Assertions.Expect(visitor.Page.Locator("#username-error")).ToBeHiddenAsync();
        await Assertions.Expect(visitor.Page.Locator("#username")).Not.ToHaveAttributeAsync("aria-invalid", "true");
    }

    [Fact]
    public async Task The_module_shows_passwords_and_names_gaps()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.GoAsync("/register");
        var password = visitor.Page.Locator("#password");
        await password.FillAsync("seven77");
        await visitor.PressAsync("Show");
        await Assertions.Expect(password).ToHaveAttributeAsync("type", "text");
        await visitor.PressAsync("Hide");
        await Assertions.Expect(password).ToHaveAttributeAsync("type", "password");

        await visitor.PressAsync("Create account");
        visitor.At.ShouldBe("/register");
        await Assertions.Expect(visitor.Page.Locator("#email")).ToBeFocusedAsync();
        await visitor.SeeAsync("Enter an e-mail address.");
        await visitor.SeeAsync("The password must be at least 8 characters long.");
        await password.FillAsync("seven777");
        await Assertions.Expect(visitor.Page.Locator("#password-error")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Times_stand_in_the_visitors_own_zone()
    {
        using var account = await site.NewClient().OnboardAsync();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/home");
        var time = visitor.Page.Locator("time").First;
        var instant = DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!);
        var local = TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        (await time.TextContentAsync())!.ShouldContain(local.ToString("HH:mm"));
    }

    [Fact]
    public async Task Without_network_there_is_a_page_that_keeps_the_session()
    {
        using var account = await site.NewClient().OnboardAsync();
        await using var visitor = await site.VisitAsync(worker: true);
        await visitor.Context.AddCookiesAsync([new() { Name = "juke_session", Value = account.Session!, Url = site.Server.Url.ToString() }]);
        await visitor.GoAsync("/home");
        await visitor.Page.EvaluateAsync("navigator.serviceWorker.ready.then(() => true)");
        visitor.ExpectsOutage = true;
        await visitor.Context.SetOfflineAsync(true);
        await visitor.GoAsync("/profile");
        await visitor.SeeAsync("You are offline");
        (await visitor.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.card')).display")).ShouldBe("grid");
        (await visitor.Page.EvaluateAsync<string[]>("caches.open('juke-offline-1').then((c) => c.keys()).then((k) => k.map((r) => new URL(r.url).pathname).sort())"))
            .ShouldBe(["/assets/juke.css", "/assets/juke.js", "/favicon.svg", "/offline"]);

        await visitor.Context.SetOfflineAsync(false);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Try again" }).ClickAsync();
        await visitor.SeeAsync("Edit profile");
        visitor.At.ShouldBe("/profile");
    }

    /// <summary>Presses Tab until the element has the focus; every stop on the way must be visible.</summary>
    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var i = 0; i < 40; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            (await page.EvaluateAsync<bool>("document.activeElement === document.body || document.activeElement.checkVisibility()")).ShouldBeTrue();
            if (await page.EvaluateAsync<bool>("(selector) => document.activeElement.matches(selector)", selector)) return;
        }
        throw new InvalidOperationException($"Tab never reached {selector}.");
    }
}
