using Juke.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>Connecting Spotify: from the wizard and back to its step, from the settings, by somebody's link; and disconnecting.</summary>
public sealed class ConnectTests(Site site)
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task From_the_wizard_one_comes_back_to_its_step_and_goes_on(bool script, bool phone)
    {
        using var account = await site.NewClient().RegisterAsync();
        await account.SubmitAsync("/onboarding/username", "/onboarding/username", ("username", TestClient.NewName()));
        var label = ProviderWalkTests.NewPerson(site, "Spotify");
        await using var visitor = await site.VisitAsync(script: script, phone: phone);
        await visitor.GoAsync("/profile");
        await visitor.LoginAsync(account.Email);
        await visitor.ArriveAsync("/onboarding/genres");
        await visitor.GoAsync("/onboarding/connect?next=%2Fprofile");

        // Saying no, and an outage, lead back to the same step; nothing is lost.
        await ConnectAsync(visitor);
        await visitor.PickAsync("Says no");
        await visitor.ArriveAsync("/onboarding/connect");
        await visitor.SeeAsync("You did not agree at Spotify");
        await ConnectAsync(visitor);
        await visitor.PickAsync("Outage at the profile");
        await visitor.ArriveAsync("/onboarding/connect");
        await visitor.SeeAsync("Spotify does not answer right now.");

        await ConnectAsync(visitor);
        await visitor.PickAsync(label);
        await visitor.ArriveAsync("/onboarding/connect");
        await visitor.SeeAsync(label);
        await visitor.SeeAsync("Connected");
        await visitor.PressAsync("Finish");
        await visitor.ArriveAsync("/profile");
    }

    [Fact]
    public async Task The_step_can_be_passed_over()
    {
        using var account = await site.NewClient().RegisterAsync();
        await account.SubmitAsync("/onboarding/username", "/onboarding/username", ("username", TestClient.NewName()));
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/onboarding/connect");
        await visitor.PressAsync("Finish");
        await visitor.ArriveAsync("/home");
    }

    [Fact]
    public async Task In_the_settings_it_is_connected_disconnected_and_connected_again_when_Spotify_wants_that()
    {
        using var account = await site.NewClient().OnboardAsync();
        var label = ProviderWalkTests.NewPerson(site, "Spotify");
        await using var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/settings");
        await ConnectAsync(visitor);
        await visitor.PickAsync(label);
        await visitor.ArriveAsync("/settings");
        await visitor.SeeAsync("Spotify is connected.");
        await visitor.SeeAsync(label);

        await ExecuteAsync("update credentials set refresh_token = null", account.Email);
        await visitor.GoAsync("/settings");
        await visitor.SeeAsync("Spotify wants you to agree once more");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Connect Spotify again" }).ClickAsync();
        await AgreeAsync(visitor, label);
        await visitor.ArriveAsync("/settings");
        await Assertions.Expect(visitor.Page.GetByText("Spotify wants you to agree once more")).ToHaveCountAsync(0);

        await visitor.PressAsync("Disconnect Spotify");
        await visitor.SeeAsync("Spotify is disconnected.");
        await Assertions.Expect(visitor.Page.GetByText(label)).ToHaveCountAsync(0);
        (await site.Server.Database.CreateCommand("select count(*) from identities i join users u on u.id = i.user_id where u.email = '" + account.Email + "'").ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task Who_has_only_Spotify_is_told_what_disconnecting_means_and_keeps_the_way_in()
    {
        var label = ProviderWalkTests.NewPerson(site, "Spotify");
        await using var visitor = await site.VisitAsync();
        await visitor.GoAsync("/");
        await visitor.ContinueWithAsync("Spotify", label);
        await visitor.ArriveAsync("/onboarding/username");
        await visitor.CompleteAsync();
        await visitor.GoAsync("/settings");
        await visitor.SeeAsync("This is your only way to sign in.");
        await visitor.SeeAsync("add an e-mail address first");
        await ConnectAsync(visitor);
        await AgreeAsync(visitor, label);
        await visitor.ArriveAsync("/settings");
        await visitor.SeeAsync("Spotify stays your way to sign in");
        await visitor.PressAsync("Disconnect Spotify");
        await visitor.SeeAsync("Spotify is disconnected.");
        await visitor.SignOutAsync();
        await visitor.GoAsync("/login");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Continue with Spotify", Exact = true }).ClickAsync();
        await visitor.ArriveAsync("/home");
    }

    private static Task ConnectAsync(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Connect Spotify", Exact = true }).ClickAsync();

    /// <summary>The picker asks again where more is asked for than was agreed to; else the browser is sent on at once.</summary>
    private static async Task AgreeAsync(Visitor visitor, string label)
    {
        if (await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Who are you at Spotify?" }).IsVisibleAsync()) await visitor.PickAsync(label);
    }

    private async Task ExecuteAsync(string update, string email)
    {
        await using var command = site.Server.Database.CreateCommand(update + " where user_id = (select id from users where email = $1)");
        command.Parameters.AddWithValue(email);
        await command.ExecuteNonQueryAsync();
    }
}
