using System.Net;
using Juke.Desk.Google;
using Juke.Desk.Spotify;
using Juke.Server.Plumbing;

namespace Juke.Cli.Tests;

/// <summary>A server with both providers behind it, as stand-ins on real HTTP, and a browser that follows where it is sent.</summary>
public sealed class Doors : IAsyncLifetime
{
    internal JukeServer Server { get; private set; } = null!;

    internal SpotifyStandIn Spotify { get; private set; } = null!;

    internal GoogleStandIn Google { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var clock = new ManualClock(); // One for all three: a token of another day would not do.
        Spotify = await SpotifyStandIn.StartAsync(time: clock);
        Google = await GoogleStandIn.StartAsync(time: clock);
        Server = await JukeServer.StartAsync(
            s => s with
            {
                Spotify = new SpotifySettings
                {
                    ClientId = SpotifyStandIn.ClientId,
                    ClientSecret = SpotifyStandIn.ClientSecret,
                    Accounts = Spotify.Address,
                    Api = Spotify.Address,
                    Redirects = ["http://127.0.0.1/callback"],
                },
                Google = new GoogleSettings { ClientIds = [GoogleStandIn.WebClientId], ClientSecret = GoogleStandIn.ClientSecret, Elsewhere = Google.Address },
            },
            clock: clock);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Spotify.DisposeAsync();
        await Google.DisposeAsync();
    }

    /// <summary>A machine that knows the providers, and whose person is this one there.</summary>
    internal Desk NewDesk(string person)
    {
        var desk = new Desk(Server.Url) { Browser = address => _ = VisitAsync(address, person) };
        desk.Variables["JUKE_CLI_SPOTIFY_CLIENT_ID"] = SpotifyStandIn.ClientId;
        desk.Variables["JUKE_CLI_SPOTIFY_ACCOUNTS"] = Spotify.Address.GetLeftPart(UriPartial.Authority);
        desk.Variables["JUKE_CLI_GOOGLE_CLIENT_ID"] = GoogleStandIn.WebClientId;
        desk.Variables["JUKE_CLI_GOOGLE_CLIENT_SECRET"] = GoogleStandIn.ClientSecret;
        desk.Variables["JUKE_CLI_GOOGLE_URL"] = Google.Address.GetLeftPart(UriPartial.Authority);
        return desk;
    }

    /// <summary>Looks at the page, presses the button of this person, and goes where the provider leads.</summary>
    /// <returns>The page at the end.</returns>
    internal static async Task<string> VisitAsync(Uri address, string person)
    {
        using var browser = NewBrowser();
        (await browser.GetAsync(address)).EnsureSuccessStatusCode();
        using var form = new FormUrlEncodedContent([new("person", person)]);
        using var sent = await browser.PostAsync(address, form);
        sent.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var back = await browser.GetAsync(sent.Headers.Location);
        return await back.Content.ReadAsStringAsync();
    }

    internal static HttpClient NewBrowser() => new(new SocketsHttpHandler { AllowAutoRedirect = false });
}
