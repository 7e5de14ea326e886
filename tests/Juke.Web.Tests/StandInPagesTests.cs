using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Juke.Desk.Google;
using Juke.Desk.Spotify;
using Juke.Desk.StandIns;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>The pages of the stand-ins in a real browser: everybody at a desk uses them, and so do the tests of the doors.</summary>
public sealed class StandInPagesTests(Site site) : IAsyncLifetime
{
    private SpotifyStandIn spotify = null!;
    private GoogleStandIn google = null!;
    private string back = null!;

    public async ValueTask InitializeAsync()
    {
        (spotify, google) = (await SpotifyStandIn.StartAsync(), await GoogleStandIn.StartAsync());
        back = new Uri(site.Server.Url, "/login").AbsoluteUri;
        spotify.RedirectUris.Add(back);
        google.RedirectUris.Add(back);
    }

    public async ValueTask DisposeAsync()
    {
        await spotify.DisposeAsync();
        await google.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task No_axe_violation_in_either_theme_at_either_width()
    {
        spotify.Faults.Next("me", Fault.Hang, 3);
        spotify.Add(new() { DisplayName = "A name of one word that is long enough to be broken: " + new string('x', 60) });
        await using var visitor = await site.VisitAsync();
        foreach (var url in new[] { AtSpotify(), AtSpotify() + "&response_type=token", AtGoogle() + "&login_hint=grace.mailer@gmail.com", AtGoogle() + "&client_id=x", spotify.ControlPage.AbsoluteUri, google.ControlPage.AbsoluteUri })
        {
            await visitor.Page.GotoAsync(url);
            foreach (var (width, scheme) in new[] { (320, ColorScheme.Dark), (1280, ColorScheme.Light) })
            {
                await visitor.Page.SetViewportSizeAsync(width, 800);
                await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                (await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, url + " scrolls sideways");
                (await visitor.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('button, input:not([type=hidden]), select')].filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)")).ShouldBeEmpty();
                var result = await visitor.Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
                result.Violations.Select(v => $"{v.Id}: {v.Help} {string.Join(" | ", v.Nodes.Select(n => n.Html))}").ShouldBeEmpty($"{url}, {scheme}, {width} px");
            }
        }
    }

    [Fact]
    public async Task Without_scripts_everybody_is_found_by_name_and_goes_back()
    {
        await using var visitor = await site.VisitAsync(script: false);
        var atSpotify = SpotifyPeople.All().Select(person => (Url: AtSpotify(), Name: person.Label!));
        var atGoogle = GooglePeople.All().Select(person => (Url: AtGoogle(), Name: person.Label!));
        foreach (var (url, name) in atSpotify.Concat(atGoogle).Concat(new[] { "Says no", "A brand-new person" }.SelectMany(name => new[] { (AtSpotify(), name), (AtGoogle(), name) })))
        {
            // Whoever was here before is not known any more: the page asks again.
            await visitor.Context.ClearCookiesAsync();
            await visitor.Page.GotoAsync(url);
            await visitor.PressAsync(name);
            await visitor.ArriveAsync("/login");
            visitor.Page.Url.ShouldContain(name == "Says no" ? "error=access_denied" : "code=");
            visitor.Page.Url.ShouldContain("state=s");
        }
    }

    [Fact]
    public async Task Somebody_new_types_a_name_and_the_button_says_what_it_is_for()
    {
        await using var visitor = await site.VisitAsync(script: false);
        await visitor.Page.GotoAsync(AtSpotify());
        await visitor.FillAsync("Name", "Ada Newcomer");
        var button = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "A brand-new person" });
        await Assertions.Expect(button).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex("^Somebody whom nobody has seen"));
        await button.PressAsync("Enter");
        await visitor.ArriveAsync("/login");
        spotify.People[^1].DisplayName.ShouldBe("Ada Newcomer");
    }

    private string AtSpotify() => $"{spotify.Address}authorize?client_id={SpotifyStandIn.ClientId}&response_type=code&state=s&redirect_uri={Uri.EscapeDataString(back)}";

    private string AtGoogle() => $"{google.Address}o/oauth2/v2/auth?client_id={GoogleStandIn.WebClientId}&response_type=code&scope=openid+email&state=s&redirect_uri={Uri.EscapeDataString(back)}";
}
