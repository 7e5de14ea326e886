using Juke.Desk.Google;
using Juke.Desk.Spotify;
using Juke.Server.Plumbing;
using Juke.Testing;

namespace Juke.Web.Tests;

/// <summary>Spotify and Google for one server, as stand-ins on real HTTP and by the server's clock.</summary>
internal sealed class Providers : IAsyncDisposable
{
    private Providers(SpotifyStandIn spotify, GoogleStandIn google) => (Spotify, Google) = (spotify, google);

    public SpotifyStandIn Spotify { get; }

    public GoogleStandIn Google { get; }

    /// <summary>Starts both. A loopback address without a port stands for any, so they know every server's callbacks.</summary>
    public static async Task<Providers> StartAsync(ManualClock clock)
    {
        // Extended, so that Spotify says what it can say: addresses too.
        var spotify = await SpotifyStandIn.StartAsync(time: clock, mode: SpotifyMode.Extended);
        var google = await GoogleStandIn.StartAsync(time: clock);
        spotify.RedirectUris.AddRange(["http://127.0.0.1/auth/spotify/callback", "http://127.0.0.1/api/v1/social-auth/complete/spotify/"]);
        google.RedirectUris.Add("http://127.0.0.1/auth/google/callback");
        return new Providers(spotify, google);
    }

    /// <summary>Settings of a server that speaks with them, at an address of its own that browsers come back to.</summary>
    public Settings Beside(Settings settings)
    {
        var url = ServerProcess.FreeUrl();
        return settings with
        {
            Url = url,
            PublicUrl = url,
            Spotify = new SpotifySettings { ClientId = SpotifyStandIn.ClientId, ClientSecret = SpotifyStandIn.ClientSecret, Accounts = Spotify.Address, Api = Spotify.Address },
            Google = new GoogleSettings { ClientIds = [GoogleStandIn.WebClientId], ClientSecret = GoogleStandIn.ClientSecret, Elsewhere = Google.Address },
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Spotify.DisposeAsync();
        await Google.DisposeAsync();
    }
}
