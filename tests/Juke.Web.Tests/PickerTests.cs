using System.Text.RegularExpressions;
using Juke.Desk.Spotify;
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
        [("Spotify", "returning")] = (null, null),
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
        [("Google", "taken-email")] = (null, null),
        [("Google", "no-name")] = (null, null),
        [("Google", "outage-token")] = (null, "Google does not answer right now."),
        [("Google", Picker.Deny)] = (null, "You did not agree at Google"),
        [("Google", Picker.New)] = (null, null),
    };

    /// <summary>Who was here before, and is done with onboarding: they are at home at once.</summary>
    private static readonly HashSet<(string Provider, string Key)> AtHome = [("Spotify", "returning"), ("Google", "taken-email")];

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
        var before = await BeforeAsync(house, provider, key);
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
        if (AtHome.Contains((provider, key)))
        {
            await visitor.ArriveAsync("/home");
            await visitor.GoAsync("/profile");
            await visitor.SeeAsync("@" + before);
            return;
        }
        await visitor.ArriveAsync("/onboarding/username");
        var suggested = await visitor.Page.GetByLabel("Username", new() { Exact = true }).InputValueAsync();
        // Never made of an id or an address: who has no name gets two words.
        if (name is null) suggested.ShouldMatch("^[a-z]+_[a-z]+[0-9]*$");
        else suggested.ShouldMatch($"^{Regex.Escape(name)}[0-9]*$");
        await visitor.SeeAsync("Already have a Juke account?");
        if (before is not null) (await LinkedAsync(house, before)).ShouldBe(0, "Spotify's address opens nobody's account");
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

    /// <summary>What the picker says was there before: the account with that address, the listener's own. Gives its username.</summary>
    private static async Task<string?> BeforeAsync(House house, string provider, string key)
    {
        using var client = house.Server.NewClient();
        switch (provider, key)
        {
            case ("Spotify", "returning"):
                var listener = house.Providers.Spotify.Find(key)!;
                client.AccessToken = (await client.PostAsync("/auth/spotify", CodeOf(house, listener))).EnsureOk().Json["accessToken"]!.GetValue<string>();
                SecretWatch.Remember(client.AccessToken);
                break;
            case (_, "taken-email"):
                var email = provider == "Spotify" ? house.Providers.Spotify.Find(key)!.Email! : house.Providers.Google.Find(key)!.Email!;
                (await client.RegisterAsync(email)).EnsureOk();
                (await client.PostAsync("/auth/verify-email", new { token = (await house.Server.Mailbox.WaitForAsync(email, "Confirm")).Token })).EnsureOk();
                break;
            default:
                return null;
        }
        var name = TestClient.NewName();
        (await client.CompleteAsync(name)).EnsureOk();
        return name;
    }

    private static async Task<long> LinkedAsync(House house, string username)
    {
        await using var command = house.Server.Database.CreateCommand("select count(*) from identities i join users u on u.id = i.user_id where u.username = $1");
        command.Parameters.AddWithValue(username);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static object CodeOf(House house, SpotifyPerson listener)
    {
        var (codeVerifier, redirectUri) = (new string('v', 43), new Uri(house.Server.Url, "/auth/spotify/callback").AbsoluteUri);
        return new { code = house.Providers.Spotify.IssueCode(listener, redirectUri, Pkce.Challenge(codeVerifier)), codeVerifier, redirectUri };
    }

    private static string LabelOf(Providers providers, string provider, string key) => key switch
    {
        Picker.Deny => Picker.SaysNo.Label,
        Picker.New => "A brand-new person",
        _ when provider == "Spotify" => providers.Spotify.Find(key)!.Choice.Label,
        _ => providers.Google.Find(key)!.Choice.Label,
    };
}
