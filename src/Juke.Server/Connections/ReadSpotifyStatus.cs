using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Connections;

/// <summary>Whether a Spotify account is connected for playing, and in what state.</summary>
internal sealed class ReadSpotifyStatus(NpgsqlDataSource database, TimeProvider time)
{
    public async Task<SpotifyStatus> RunAsync(long userId, CancellationToken cancellation)
    {
        if (await ProviderCredentials.FindAsync(database, userId, ProviderPerson.Spotify, cancellation) is not { } row)
            return new SpotifyStatus(false, ProviderPerson.Spotify, null, [], null, null, false);
        var (at, left) = Ends(row, time.GetUtcNow());
        return new SpotifyStatus(true, ProviderPerson.Spotify, row.ExternalId, [.. row.Scopes.Order(StringComparer.Ordinal)], at, left, row.RefreshToken is not null);
    }

    /// <summary>The end of the access token as the wire says it.</summary>
    public static (long? At, long? Left) Ends(CredentialRow row, DateTimeOffset now) =>
        row.AccessEndsAt?.ToUnixTimeSeconds() is { } at ? (at, Math.Max(0, at - now.ToUnixTimeSeconds())) : (null, null);
}
