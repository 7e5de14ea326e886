using System.Net;
using Juke.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>Mailed links: setting a new password, confirming an address, and saying "not me".</summary>
public sealed class RecoveryTests(Site site)
{
    [Fact]
    public async Task A_forgotten_password_is_set_anew_and_every_device_is_signed_out()
    {
        using var account = await site.NewClient().OnboardAsync();
        await using var visitor = await site.VisitAsync();
        await visitor.GoAsync("/login");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Forgot your password?" }).ClickAsync();
        await visitor.FillAsync("E-mail address", account.Email);
        await visitor.PressAsync("Mail me a link");
        await visitor.SeeAsync("If there is an account with that address");

        var token = (await site.Server.Mailbox.WaitForAsync(account.Email, "Set a new password")).Token!;
        await visitor.GoAsync("/reset-password?token=" + token);
        await visitor.SeeAsync(account.Email);
        const string changed = "another long and quiet evening";
        await visitor.FillAsync("New password", changed);
        await visitor.PressAsync("Set password");
        await visitor.ArriveAsync("/login");
        await visitor.SeeAsync("Your new password is set.");

        (await account.GetAsync("/home")).Location.ShouldBe("/login?next=%2Fhome");
        await visitor.LoginAsync(account.Email, changed);
        await visitor.ArriveAsync("/home");
        await visitor.GoAsync("/reset-password?token=" + token);
        await visitor.SeeAsync("This link has been used or is too old.");
    }

    [Fact]
    public async Task Asking_says_the_same_about_an_address_that_nobody_has()
    {
        using var client = site.NewClient();
        using var account = await site.NewClient().RegisterAsync();
        var known = await client.SubmitAsync("/forgot-password", "/forgot-password", ("email", account.Email));
        var unknown = await client.SubmitAsync("/forgot-password", "/forgot-password", ("email", TestClient.NewEmail()));
        (unknown.Status, unknown.Location, unknown.Body).ShouldBe((known.Status, known.Location, known.Body));
    }

    [Fact]
    public async Task A_guest_signs_in_to_confirm_and_opening_the_link_alone_confirms_nothing()
    {
        using var account = await site.NewClient().OnboardAsync();
        var token = await Scenes.VerifyTokenAsync(site, account);
        await using var visitor = await site.VisitAsync();
        await visitor.GoAsync("/verify-email?token=" + token);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in to confirm" }).ClickAsync();
        await visitor.LoginAsync(account.Email);
        await visitor.ArriveAsync("/verify-email");
        (await account.GetAsync("/settings")).Body.ShouldContain("Not confirmed yet");

        await visitor.PressAsync("Confirm");
        await visitor.ArriveAsync("/settings");
        await visitor.SeeAsync("Your e-mail address is confirmed.");
        (await account.GetAsync("/settings")).Body.ShouldNotContain("Not confirmed yet");
    }

    [Fact]
    public async Task Who_did_not_make_the_account_takes_the_address_off_it()
    {
        using var account = await site.NewClient().OnboardAsync();
        await using var visitor = await site.VisitAsync();
        await visitor.GoAsync("/verify-email?token=" + await Scenes.VerifyTokenAsync(site, account));
        await visitor.PressAsync("Not me");
        await visitor.ArriveAsync("/");
        await visitor.SeeAsync("Your address has been taken off that account.");
        (await account.GetAsync("/settings")).Body.ShouldContain("There is no address on this account yet.");
    }

    [Fact]
    public async Task Another_account_cannot_confirm_it()
    {
        using var account = await site.NewClient().OnboardAsync();
        using var other = await site.NewClient().OnboardAsync();
        var token = await Scenes.VerifyTokenAsync(site, account);
        var page = await other.GetAsync("/verify-email?token=" + token);
        page.Body.ShouldContain("was given for another account");
        page.Body.ShouldNotContain("action=\"/verify-email\"");

        var forced = await other.SubmitAsync("/settings", "/verify-email", ("token", token));
        forced.Status.ShouldBe(HttpStatusCode.Forbidden);
        (await account.GetAsync("/settings")).Body.ShouldContain("Not confirmed yet");
    }

    [Fact]
    public async Task A_guest_who_posts_the_confirmation_is_asked_to_sign_in_and_keeps_the_link()
    {
        using var client = site.NewClient();
        (await client.SubmitAsync("/login", "/verify-email", ("token", "abc"))).Location.ShouldBe("/login?next=%2Fverify-email%3Ftoken%3Dabc");
    }
}
