using Juke.Desk.Google;
using Juke.Desk.Spotify;
using Juke.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>What follows after the doors of Spotify and Google: resuming, coming back, and the person who has an account already.</summary>
public sealed class ProviderWalkTests(Site site)
{
    [Theory]
    [InlineData("Spotify", true)]
    [InlineData("Spotify", false)]
    [InlineData("Google", true)]
    [InlineData("Google", false)]
    public async Task Who_left_in_the_middle_goes_on_there_and_who_is_done_never_sees_the_wizard_again(string provider, bool script)
    {
        var label = NewPerson(provider);
        await using (var phone = await site.VisitAsync(script: script, phone: true))
        {
            await phone.GoAsync("/login");
            await phone.ContinueWithAsync(provider, label);
            await phone.ArriveAsync("/onboarding/username");
            await phone.PressAsync("Next");
            await phone.ArriveAsync("/onboarding/genres");
        }

        await using var laptop = await site.VisitAsync(script: script);
        await laptop.GoAsync("/register");
        await laptop.ContinueWithAsync(provider, label);
        await laptop.ArriveAsync("/onboarding/genres");
        await laptop.PressAsync("Skip the rest");
        await laptop.ArriveAsync("/home");
        await laptop.SeeAsync($"Hello, {label}");
        await laptop.SignOutAsync();

        // On the way to a page of their own: the provider remembers who chose, and the way is kept.
        await laptop.Context.ClearCookiesAsync(new() { NameRegex = new("^standin_") });
        await laptop.GoAsync("/profile");
        laptop.At.ShouldBe("/login?next=%2Fprofile");
        await laptop.ContinueWithAsync(provider, label);
        await laptop.ArriveAsync("/profile");
        (await laptop.Page.GetByLabel("Display name").InputValueAsync()).ShouldBe(label);
    }

    [Fact]
    public async Task Who_has_an_account_already_signs_in_and_connects_from_within_the_wizard()
    {
        using var account = await site.NewClient().OnboardAsync();
        var label = NewPerson("Spotify");
        await using var visitor = await site.VisitAsync();
        await visitor.GoAsync("/");
        await visitor.ContinueWithAsync("Spotify", label);
        await visitor.ArriveAsync("/onboarding/username");
        await visitor.PressAsync("Sign in and connect");
        await visitor.ArriveAsync("/login");
        await visitor.LoginAsync(account.Email);
        await visitor.ArriveAsync("/settings");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Connect Spotify", Exact = true }).ClickAsync();
        await visitor.PickAsync(label);
        await visitor.ArriveAsync("/settings");
        await visitor.SeeAsync("Spotify is connected.");

        // From now on Spotify leads here, and the account that was begun by mistake is nobody's.
        await visitor.SignOutAsync();
        await visitor.GoAsync("/login");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Continue with Spotify", Exact = true }).ClickAsync();
        await visitor.ArriveAsync("/home");
        await visitor.SeeAsync($"Hello, {account.Username}");
    }

    [Fact]
    public async Task A_Spotify_account_that_somebody_uses_is_not_taken_away_by_connecting_it()
    {
        var label = NewPerson("Spotify");
        await using var owner = await site.VisitAsync();
        await owner.GoAsync("/");
        await owner.ContinueWithAsync("Spotify", label);
        await owner.ArriveAsync("/onboarding/username");
        await owner.CompleteAsync();

        using var account = await site.NewClient().OnboardAsync();
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/settings");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Connect Spotify", Exact = true }).ClickAsync();
        await visitor.PickAsync(label);
        await visitor.ArriveAsync("/settings");
        await visitor.SeeAsync("belongs to another Juke account");
        await owner.SignOutAsync();
        await owner.GoAsync("/login");
        await owner.Page.GetByRole(AriaRole.Link, new() { Name = "Continue with Spotify", Exact = true }).ClickAsync();
        await owner.ArriveAsync("/home");
        await owner.SeeAsync($"Hello, {label}");
    }

    [Fact]
    public async Task Googles_own_address_opens_the_account_that_has_it_and_a_hint_does_not()
    {
        var email = $"u{Guid.NewGuid():N}@gmail.com";
        using var account = await site.NewClient().RegisterAsync(email);
        await account.SubmitAsync("/settings", "/verify-email", ("token", await Scenes.VerifyTokenAsync(site, account)));
        await account.SubmitAsync("/onboarding/username", "/onboarding/username", ("username", TestClient.NewName()));
        await account.SubmitAsync("/onboarding/genres", "/onboarding/genres", ("skip", "rest"));
        site.Providers.Google.Add(new GooglePerson { Email = email, Name = "Owner of " + email });
        site.Providers.Google.Add(new GooglePerson { Email = email, EmailVerified = false, Name = "Says to be " + email });

        await using var owner = await site.VisitAsync();
        await owner.GoAsync("/login");
        await owner.ContinueWithAsync("Google", "Owner of " + email);
        await owner.ArriveAsync("/home");
        await owner.GoAsync("/settings");
        await owner.SeeAsync("You sign in with it");

        await using var other = await site.VisitAsync();
        await other.GoAsync("/login");
        await other.ContinueWithAsync("Google", "Says to be " + email);
        await other.ArriveAsync("/onboarding/username");
        await other.GoAsync("/settings");
        await other.SeeAsync("There is no address on this account yet.");
    }

    [Fact]
    public async Task Through_the_service_worker_the_trip_works_as_well()
    {
        await using var visitor = await site.VisitAsync(worker: true);
        await visitor.GoAsync("/");
        await visitor.Page.EvaluateAsync("navigator.serviceWorker.ready.then(() => true)");
        await visitor.Page.ReloadAsync();
        await visitor.ContinueWithAsync("Spotify", NewPerson("Spotify"));
        await visitor.ArriveAsync("/onboarding/username");
    }

    /// <summary>Somebody whom nobody has seen; the label of the button.</summary>
    private string NewPerson(string provider) => NewPerson(site, provider);

    internal static string NewPerson(Site site, string provider)
    {
        var name = TestClient.NewName();
        if (provider == "Spotify") site.Providers.Spotify.Add(new SpotifyPerson { DisplayName = name });
        else site.Providers.Google.Add(new GooglePerson { Name = name });
        return name;
    }
}
