using System.Net;
using Juke.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>Profile and settings: what is changed there, and who is signed out by it.</summary>
public sealed class SettingsTests(Site site)
{
    [Fact]
    public async Task A_changed_password_signs_out_the_other_browser_and_not_this_one()
    {
        using var here = await site.NewClient().OnboardAsync();
        await using var there = await site.VisitAsync();
        await there.GoAsync("/login");
        await there.LoginAsync(here.Email);
        await there.ArriveAsync("/home");

        await using var visitor = await site.VisitAsync(here);
        await visitor.GoAsync("/settings");
        const string changed = "a new and quiet evening";
        SecretWatch.Remember(changed);
        await visitor.FillAsync("Current password", TestClient.Password);
        await visitor.FillAsync("New password", changed);
        await visitor.PressAsync("Change password");
        await visitor.SeeAsync("Your password is changed");

        await there.GoAsync("/profile");
        there.At.ShouldBe("/login?next=%2Fprofile");
        await visitor.GoAsync("/profile");
        visitor.At.ShouldBe("/profile");
        await there.LoginAsync(here.Email, changed);
        await there.ArriveAsync("/profile");
    }

    [Fact]
    public async Task Sign_out_there_and_everywhere_else()
    {
        using var here = await site.NewClient().OnboardAsync();
        using var phone = site.Server.NewClient();
        (await phone.LoginAsync(here.Email)).EnsureOk();
        await using var visitor = await site.VisitAsync(here);
        await visitor.GoAsync("/settings");
        await visitor.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Sign out there") }).ClickAsync();
        await visitor.SeeAsync("Signed out there.");
        (await phone.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        (await phone.LoginAsync(here.Email)).EnsureOk();
        await visitor.GoAsync("/settings");
        await visitor.PressAsync("Sign out everywhere else");
        await visitor.SeeAsync("Signed out there.");
        (await phone.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await here.GetAsync("/home")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_ends_a_session_of_somebody_else()
    {
        using var here = await site.NewClient().OnboardAsync();
        using var other = await site.NewClient().OnboardAsync();
        using var api = site.Server.NewClient();
        (await api.LoginAsync(other.Email)).EnsureOk();
        foreach (var session in (await api.GetAsync("/auth/sessions")).EnsureOk().Json["sessions"]!.AsArray())
            await here.SubmitAsync("/settings", $"/settings/sessions/{session!["id"]!.GetValue<string>()}/end");
        (await api.GetAsync("/auth/me")).EnsureOk();
        (await other.GetAsync("/home")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task After_sign_out_the_cookie_is_gone_and_no_page_comes_back()
    {
        using var account = await site.NewClient().OnboardAsync();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/profile");
        await visitor.Page.Locator("form.leave button").ClickAsync();
        await visitor.ArriveAsync("/");
        (await visitor.Context.CookiesAsync()).ShouldNotContain(c => c.Name == "juke_session");
        await visitor.Page.GoBackAsync();
        visitor.At.ShouldBe("/login?next=%2Fprofile");
        (await account.GetAsync("/home")).Location.ShouldBe("/login?next=%2Fhome");
    }

    [Fact]
    public async Task The_address_is_mailed_again_and_a_confirmed_one_is_changed_with_the_password_only()
    {
        using var account = await site.NewClient().OnboardAsync();
        (await account.SubmitAsync("/settings", "/settings/email", ("email", account.Email))).Location.ShouldBe("/settings?notice=EmailSent");
        var token = (await site.Server.Mailbox.WaitForAsync(account.Email, "Confirm", count: 2)).Token!;
        (await account.SubmitAsync("/settings", "/verify-email", ("token", token))).Location.ShouldBe("/settings?notice=EmailConfirmed");

        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/settings");
        var email = TestClient.NewEmail();
        await visitor.FillAsync("New address", email);
        await visitor.Page.Locator("#email-currentPassword").FillAsync("not the right one");
        await visitor.PressAsync("Mail me a link");
        await visitor.SeeAsync("This is not your current password.");
        (await visitor.Page.GetByLabel("New address", new() { Exact = true }).InputValueAsync()).ShouldBe(email);
        await visitor.Page.Locator("#email-currentPassword").FillAsync(TestClient.Password);
        await visitor.PressAsync("Mail me a link");
        await visitor.SeeAsync("We sent a link to that address.");
        var next = (await site.Server.Mailbox.WaitForAsync(email, "Confirm")).Token!;
        await visitor.GoAsync("/verify-email?token=" + next);
        await visitor.PressAsync("Confirm");
        await visitor.SeeAsync(email);
    }

    [Fact]
    public async Task The_profile_keeps_what_was_typed_and_changes_what_was_changed()
    {
        using var other = await site.NewClient().OnboardAsync();
        using var account = await site.NewClient().OnboardAsync();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/profile");
        await visitor.FillAsync("Display name", "Ada \"L\" <b>");
        await visitor.FillAsync("Username", other.Username!);
        await visitor.PressAsync("Save");
        await visitor.SeeAsync("Somebody else has this name already.");
        (await visitor.Page.GetByLabel("Display name").InputValueAsync()).ShouldBe("Ada \"L\" <b>");
        await visitor.FillAsync("Username", account.Username!);
        await visitor.PressAsync("Save");
        await visitor.SeeAsync("Saved.");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Ada \"L\" <b>");

        (await account.SubmitAsync("/profile", "/profile", ("name", "Ada"), ("username", account.Username!), ("image", "javascript:alert(1)")))
            .Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Home_says_so_when_nothing_is_on()
    {
        await using var quiet = await Site.StartServerAsync();
        using var account = await new PageClient(quiet.Url).OnboardAsync();
        (await account.GetAsync("/home")).Body.ShouldContain("All quiet");
    }
}
