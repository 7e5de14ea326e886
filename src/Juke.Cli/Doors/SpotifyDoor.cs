using Juke.Client;
using Juke.Contract.Wire;

namespace Juke.Cli.Doors;

/// <summary>Spotify: the code goes to Juke's server, which alone can redeem it (contract §4). So the client id is the server's.</summary>
internal static class SpotifyDoor
{
    public static async Task<Func<JukeClient, CancellationToken, Task<AuthResult>>> PassAsync(Run run, BrowserTrip trip)
    {
        var client = ProviderAddress.Required(run, "JUKE_CLI_SPOTIFY_CLIENT_ID", "the client id of the Spotify app that the server uses (its JUKE_SPOTIFY_CLIENT_ID)");
        var accounts = ProviderAddress.Of(run, "JUKE_CLI_SPOTIFY_ACCOUNTS", "https://accounts.spotify.com");
        // No scope: who it is, everybody may see.
        var (code, pkce, redirect) = await trip.TakeAsync(run, (pkce, back) => BrowserTrip.With(
            new Uri(accounts, "/authorize"),
            ("response_type", "code"), ("client_id", client), ("redirect_uri", back.AbsoluteUri), ("state", pkce.State),
            ("code_challenge_method", "S256"), ("code_challenge", pkce.Challenge)));
        return (juke, stop) => juke.SignInWithSpotifyAsync(new SpotifySignInRequest(code, pkce.Verifier, redirect.AbsoluteUri), stop);
    }
}
