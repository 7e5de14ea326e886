using Juke.Server.Data;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Connections;

/// <summary>
/// Forgets what Spotify gave. Spotify has no way to take a token back; people do that at spotify.com/account/apps. Signing in
/// with Spotify goes too, unless nothing else would be left to sign in with.
/// </summary>
internal sealed class DisconnectSpotify(NpgsqlDataSource database, Audit audit)
{
    public async Task RunAsync(long userId, CancellationToken cancellation)
    {
        await ProviderCredentials.DisconnectAsync(database, userId, ProviderPerson.Spotify, cancellation);
        audit.ConnectionEnded(userId, ProviderPerson.Spotify, "by the user");
    }
}
