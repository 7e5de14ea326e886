using System.Text.RegularExpressions;
using Juke.Desk.StandIns;
using Juke.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>Everybody of both account pickers, at each kind of browser: who gets in stands in the wizard, who does not is told what to do.</summary>
public sealed class PickerTests(Site site, Houses houses) : IClassFixture<Houses>
{
    /// <summary>By provider and key: the suggested name, or what the page says instead.</summary>
    private static readonly Dictionary<(string Provider, string Key), (string? Name, string? Trouble)> Everybody = new()
    {
        [("Spotify", "first-timer")] = ("Nia_Okafor", null),
        [("Spotify", "returning")] = ("Ravi_Menon", null),
        [("Spotify", "no-email")] = ("Lena_Vogt", null),
        [("Spotify", "taken-email")] = ("Sam_Taken", null),
        [("Spotify", "no-name")] = (null, null),
        [("Spotify", "free")] = ("Jo_Freeman", null),
        [("Spotify", "not-listed")] = (null, "Spotify does not let this account use Juke."),
        [("Spotify", "not-listed-json")] = (null, "Spotify does not let this account use Juke."),
        [("Spotify", "outage-token")] = (null, "Spotify does not answer right now."),
        [("Spotify", "outage-me")] = (null, "Spotify does not answer right now."),
        [("Spotify", Picker.Deny)] = (null, "You did not agree at Spotify"),
        [("Spotify", Picker.New)] = (null, null),
        [("Google", "gmail")] = ("Grace_Mailer", null),
        [("Google", "workspace")] = ("Wim_Kantoor", null),
        [("Google", "third-party")] = ("Thea_Elsewhere", null),
        [("Google", "unverified")] = ("Ulf_Unsure", null),
        [("Google", "no-email")] = ("Nora_Nomail", null),
        [("Google", "taken-email")] = ("Sam_Taken", null),
        [("Google", "no-name")] = (null, null),
        [("Google", "outage-token")] = (null, "Google does not answer right now."),
        [("Google", Picker.Deny)] = (null, "You did not agree at Google"),
        [("Google", Picker.New)] = (null, null),
    };

    /// <summary>Everybody with and without the module, on the phone and at the desk; the other two pairings are the soak's, but for who is the same at both doors.</summary>
    public static TheoryData<string, string, bool, bool> Walks { get; } =
    [
        .. from who in Everybody.Keys from script in (bool[])[true, false] from phone in (bool[])[true, false]
           where script != phone || Soak.IsOn || who.Key is Picker.New or Picker.Deny or "outage-token"
           select (who.Provider, who.Key, script, phone),
    ];

    [Theory]
    [MemberData(nameof(Walks))]
    public async Task Everybody_gets_in_or_is_told_what_to_do(string provider, string key, bool script, bool phone)
    {
        var house = await houses.ForAsync(script, phone);
        await using var visitor = await site.VisitAsync(house.Server, script, phone: phone);
        await visitor.GoAsync("/");
        await visitor.ContinueWithAsync(provider, LabelOf(house.Providers, provider, key));
        var (name, trouble) = Everybody[(provider, key)];
        if (trouble is not null)
        {
            await visitor.ArriveAsync("/login");
            await visitor.SeeAsync(trouble);
            await Assertions.Expect(visitor.Page.GetByLabel("Password", new() { Exact = true })).ToBeVisibleAsync();
            await visitor.Page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link, new() { Name = "Continue with e-mail" }).ClickAsync();
            await visitor.ArriveAsync("/register");
            return;
        }
        await visitor.ArriveAsync("/onboarding/username");
        var suggested = await visitor.Page.GetByLabel("Username", new() { Exact = true }).InputValueAsync();
        // Never made of an id or an address: who has no name gets two words.
        if (name is null) suggested.ShouldMatch("^[a-z]+_[a-z]+[0-9]*$");
        else suggested.ShouldMatch($"^{Regex.Escape(name)}[0-9]*$");
        await visitor.SeeAsync("Already have a Juke account?");
        await visitor.PressAsync("Next");
        await visitor.ArriveAsync("/onboarding/genres");
    }

    [Fact]
    public async Task Nobody_of_the_pickers_is_left_out()
    {
        await using var providers = await Providers.StartAsync(new ManualClock());
        Everybody.Keys.Where(who => who.Key is not (Picker.Deny or Picker.New)).Order()
            .ShouldBe(providers.Spotify.People.Select(p => ("Spotify", p.Key)).Concat(providers.Google.People.Select(p => ("Google", p.Key))).Order());
    }

    private static string LabelOf(Providers providers, string provider, string key) => key switch
    {
        Picker.Deny => Picker.SaysNo.Label,
        Picker.New => "A brand-new person",
        _ when provider == "Spotify" => providers.Spotify.Find(key)!.Choice.Label,
        _ => providers.Google.Find(key)!.Choice.Label,
    };
}
