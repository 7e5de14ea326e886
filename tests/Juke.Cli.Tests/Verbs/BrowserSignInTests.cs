using System.Net;
using System.Web;
using Juke.Desk.Google;
using Juke.Desk.Spotify;

namespace Juke.Cli.Tests.Verbs;

/// <summary>login --spotify and --google: through a browser and back to this machine (RFC 8252).</summary>
public sealed class BrowserSignInTests(Doors doors) : IClassFixture<Doors>
{
    [Fact]
    public async Task Spotify_signs_in_and_leads_to_onboarding()
    {
        var person = doors.Spotify.Add(new SpotifyPerson { DisplayName = "Nia Okafor" });
        using var desk = doors.NewDesk(person.Key);
        var user = (await desk.RunAsync("login", "--spotify", "--json")).ShouldSucceed().Json;
        user["onboardingRequired"]!.GetValue<bool>().ShouldBeTrue();
        user["email"].ShouldBeNull("an address of Spotify's is a hint only");
        (await desk.RunAsync("whoami", "--json")).ShouldSucceed().Json["id"]!.GetValue<long>().ShouldBe(user["id"]!.GetValue<long>());
    }

    [Fact]
    public async Task Google_signs_in_with_the_address_that_it_vouches_for()
    {
        var person = doors.Google.Add(new GooglePerson { Name = "Ada Lovelace", Email = $"u{Guid.NewGuid():N}@gmail.com" });
        using var desk = doors.NewDesk(person.Key);
        (await desk.RunAsync("login", "--google", "--json")).ShouldSucceed().Json["email"]!.GetValue<string>().ShouldBe(person.Email);
    }

    [Theory]
    [InlineData("--spotify")]
    [InlineData("--google")]
    public async Task Saying_no_in_the_browser_is_a_refusal_that_changes_nothing(string door)
    {
        using var desk = doors.NewDesk("deny");
        (await desk.RunAsync("login", door, "--json")).ShouldEndWith(ExitCode.Failed, "PROVIDER_REFUSED");
        desk.Tokens.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--spotify", "outage-token")]
    [InlineData("--spotify", "outage-me")]
    [InlineData("--google", "outage-token")]
    public async Task A_provider_that_is_down_is_code_5(string door, string person)
    {
        using var desk = doors.NewDesk(person);
        (await desk.RunAsync("login", door, "--json")).ShouldEndWith(ExitCode.Unreachable, "PROVIDER_UNAVAILABLE");
    }

    [Fact]
    public async Task The_address_is_said_where_no_browser_opens_and_holds_the_challenge_not_the_verifier()
    {
        var person = doors.Spotify.Add(new SpotifyPerson());
        using var desk = doors.NewDesk(person.Key);
        Uri? seen = null;
        desk.Browser = address => seen = address;
        var login = desk.RunAsync("login", "--spotify", "--wait", "60");
        await UntilAsync(() => seen is not null && desk.Clock.Waiting > 0);
        desk.Clock.Advance(TimeSpan.FromSeconds(60));
        var said = (await login).ShouldEndWith(ExitCode.Failed);
        said.Error.ShouldContain(seen!.AbsoluteUri);
        said.Error.ShouldContain("within 60 seconds");
        var query = HttpUtility.ParseQueryString(seen.Query);
        query["code_challenge_method"].ShouldBe("S256");
        query["code_challenge"]!.Length.ShouldBe(43);
        query["state"]!.Length.ShouldBe(43);
        query["redirect_uri"]!.ShouldMatch("^http://127\\.0\\.0\\.1:[0-9]+/callback$");
        query.AllKeys.ShouldNotContain("code_verifier");
    }

    [Fact]
    public async Task An_answer_with_another_state_is_turned_away_and_the_right_one_still_counts()
    {
        var person = doors.Spotify.Add(new SpotifyPerson());
        using var desk = doors.NewDesk(person.Key);
        var statuses = new List<HttpStatusCode>();
        desk.Browser = address => _ = AttackThenVisitAsync(address);
        (await desk.RunAsync("login", "--spotify")).ShouldSucceed();
        statuses.ShouldBe([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound]);

        async Task AttackThenVisitAsync(Uri address)
        {
            var back = new Uri(HttpUtility.ParseQueryString(address.Query)["redirect_uri"]!);
            using var browser = Doors.NewBrowser();
            foreach (var path in new[] { "/callback?code=stolen&state=guessed", "/callback?code=stolen", "/?code=stolen" })
                statuses.Add((await browser.GetAsync(new Uri(back, path))).StatusCode);
            await Doors.VisitAsync(address, person.Key);
        }
    }

    [Fact]
    public async Task After_the_answer_nobody_listens_any_more()
    {
        var person = doors.Spotify.Add(new SpotifyPerson());
        using var desk = doors.NewDesk(person.Key);
        Uri? back = null;
        var page = Task.FromResult("");
        desk.Browser = address =>
        {
            back = new Uri(HttpUtility.ParseQueryString(address.Query)["redirect_uri"]!);
            page = Doors.VisitAsync(address, person.Key);
        };
        (await desk.RunAsync("login", "--spotify")).ShouldSucceed();
        (await page).ShouldContain("go back to the terminal");
        using var browser = Doors.NewBrowser();
        await Should.ThrowAsync<HttpRequestException>(() => browser.GetAsync(back));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var tries = 0; !isSo(); tries++)
        {
            tries.ShouldBeLessThan(500);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
