using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Juke.Desk.Spotify;
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
        await visitor.SeeAsync("Spotify is connected, and nothing else is needed");
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

        await ExecuteAsync(site, "update credentials set refresh_token = null", account.Email);
        await visitor.GoAsync("/settings");
        await visitor.SeeAsync("Spotify wants you to agree once more");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Connect Spotify again" }).ClickAsync();
        await AgreeAsync(visitor, label);
        await visitor.ArriveAsync("/settings");
        await Assertions.Expect(visitor.Page.GetByText("Spotify wants you to agree once more")).ToHaveCountAsync(0);

        await visitor.PressAsync("Disconnect Spotify");
        await visitor.SeeAsync("Spotify is disconnected.");
        await Assertions.Expect(visitor.Page.GetByText(label)).ToHaveCountAsync(0);
        (await CountAsync("select count(*) from identities i join users u on u.id = i.user_id where u.email = $1", account.Email)).ShouldBe(0);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_that_somebody_sent_asks_first_and_links_nothing_without_a_yes(bool isSignedIn)
    {
        var token = await JukeTokenAsync(site);
        var label = ProviderWalkTests.NewPerson(site, "Spotify");
        using var account = await site.NewClient().OnboardAsync();
        await using var victim = isSignedIn ? await site.VisitAsync(account) : await site.VisitAsync();
        await victim.GoAsync("/api/v1/auth/connect/spotify/?token=" + token);
        await victim.PickAsync(label);
        await victim.ArriveAsync("/connect/spotify");
        await victim.SeeAsync($"Connect the Spotify account “{label}” to the Juke account Mallory?");
        await victim.PressAsync("Do not connect");
        await victim.ArriveAsync("/");
        (await CountAsync("select count(*) from identities where name_hint = $1", label)).ShouldBe(0);
    }

    private static Task ConnectAsync(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Connect Spotify", Exact = true }).ClickAsync();

    /// <summary>The picker asks again where more is asked for than was agreed to; else the browser is sent on at once.</summary>
    private static async Task AgreeAsync(Visitor visitor, string label)
    {
        await visitor.Page.WaitForLoadStateAsync(); // A click waits until the next page begins, and IsVisible waits for nothing.
        if (await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Who are you at Spotify?" }).IsVisibleAsync()) await visitor.PickAsync(label);
    }

    private async Task<long> CountAsync(string query, string value)
    {
        await using var command = site.Server.Database.CreateCommand(query);
        command.Parameters.AddWithValue(value);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Changes the rows of an account.</summary>
    internal static async Task ExecuteAsync(Site site, string update, string email)
    {
        await using var command = site.Server.Database.CreateCommand(update + " where user_id = (select id from users where email = $1)");
        command.Parameters.AddWithValue(email);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The token of an old app, of somebody who signed in there with Spotify.</summary>
    internal static async Task<string> JukeTokenAsync(Site site)
    {
        var verifier = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var redirect = new Uri(site.Server.Url, "/auth/spotify/callback").AbsoluteUri;
        var code = site.Providers.Spotify.IssueCode(site.Providers.Spotify.Add(new SpotifyPerson { DisplayName = "Mallory" }), redirect, Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))));
        using var app = site.Server.NewClient();
        var token = (await app.PostAsync("/api/v1/auth/social-login/", new { code, code_verifier = verifier, redirect_uri = redirect })).EnsureOk().Json["token"]!.GetValue<string>();
        foreach (var secret in new[] { verifier, code, token }) SecretWatch.Remember(secret);
        return token;
    }
}
