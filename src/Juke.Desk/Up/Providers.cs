using Juke.Desk.Google;
using Juke.Desk.Spotify;

namespace Juke.Desk.Up;

/// <summary>The stand-ins beside a server at a desk, on the two ports after its own; none for a provider where somebody has an app of their own.</summary>
internal sealed class Providers : IAsyncDisposable
{
    private readonly SpotifyStandIn? spotify;
    private readonly GoogleStandIn? google;

    private Providers(SpotifyStandIn? spotify, GoogleStandIn? google) => (this.spotify, this.google) = (spotify, google);

    /// <summary>What the server has to know of them.</summary>
    public IReadOnlyDictionary<string, string> Environment
    {
        get
        {
            var variables = new Dictionary<string, string>(StringComparer.Ordinal);
            if (spotify is not null)
            {
                variables["JUKE_SPOTIFY_CLIENT_ID"] = SpotifyStandIn.ClientId;
                variables["JUKE_SPOTIFY_CLIENT_SECRET"] = SpotifyStandIn.ClientSecret;
                variables["JUKE_SPOTIFY_ACCOUNTS"] = variables["JUKE_SPOTIFY_API"] = spotify.Address.GetLeftPart(UriPartial.Authority);
                variables["JUKE_SPOTIFY_REDIRECTS"] = "http://127.0.0.1/callback,juke://spotify-callback";
            }
            if (google is not null)
            {
                variables["JUKE_GOOGLE_CLIENT_IDS"] = $"{GoogleStandIn.WebClientId},{GoogleStandIn.IosClientId}";
                variables["JUKE_GOOGLE_CLIENT_SECRET"] = GoogleStandIn.ClientSecret;
                variables["JUKE_GOOGLE_PARTIES"] = GoogleStandIn.AndroidClientId;
                variables["JUKE_GOOGLE_URL"] = google.Address.GetLeftPart(UriPartial.Authority);
            }
            return variables;
        }
    }

    /// <summary>What to tell the person at the desk.</summary>
    public IEnumerable<string> Lines =>
    [
        spotify is null ? "spotify   as in your environment (JUKE_SPOTIFY_CLIENT_ID); no stand-in" : $"spotify   a stand-in: switches, faults and people at {spotify.ControlPage}",
        google is null ? "google    as in your environment (JUKE_GOOGLE_CLIENT_IDS); no stand-in" : $"google    a stand-in: switches, faults and people at {google.ControlPage}",
    ];

    /// <summary>Starts those that are wanted.</summary>
    /// <exception cref="DeskException">A port is taken.</exception>
    public static async Task<Providers> StartAsync(DeskSettings settings)
    {
        // In production a server speaks to nobody but the real ones, and says so.
        if (settings.Environment != "development") return new(null, null);
        var open = settings.PublicUrl.GetLeftPart(UriPartial.Authority);
        // Extended, so that people see what each person of the picker demonstrates, addresses among it; the small mode is a switch away.
        var atSpotify = settings.OwnSpotify ? null : await AtAsync(settings.Url.Port + 1, port => SpotifyStandIn.StartAsync(port, mode: SpotifyMode.Extended));
        atSpotify?.RedirectUris.AddRange([$"{open}/auth/spotify/callback", $"{open}/api/v1/social-auth/complete/spotify/"]);
        try
        {
            var atGoogle = settings.OwnGoogle ? null : await AtAsync(settings.Url.Port + 2, port => GoogleStandIn.StartAsync(port));
            atGoogle?.RedirectUris.Add($"{open}/auth/google/callback");
            return new(atSpotify, atGoogle);
        }
        catch (DeskException) when (atSpotify is not null)
        {
            await atSpotify.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (spotify is not null) await spotify.DisposeAsync();
        if (google is not null) await google.DisposeAsync();
    }

    private static async Task<T> AtAsync<T>(int port, Func<int, Task<T>> startAsync)
    {
        if (port > ushort.MaxValue) throw new DeskException("The stand-ins take the two ports after JUKE_URL's: set JUKE_URL to a port below 65534.") { ExitCode = 2 };
        try
        {
            return await startAsync(port);
        }
        catch (IOException e)
        {
            throw new DeskException($"Port {port} is taken, and a stand-in takes it: stop what listens there, or set JUKE_URL to another port; the stand-ins take the two after it.", e);
        }
    }
}
