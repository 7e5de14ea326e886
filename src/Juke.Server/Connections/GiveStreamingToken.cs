using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Server.Spotify;
using Npgsql;

namespace Juke.Server.Connections;

/// <summary>
/// Gives the app an access token for Spotify's players, refreshed when it is about to end. The refresh token stays here
/// (RFC 10017, token-mediating backend). At one time one refresh runs for a person: callers on this server share it, and
/// between servers the locked row decides.
/// </summary>
internal sealed class GiveStreamingToken(NpgsqlDataSource database, SpotifyService spotify, TokenSeal seal, TimeProvider time, Limits limits, Audit audit) : IDisposable
{
    /// <summary>A token that ends sooner is refreshed first, as the old server did.</summary>
    public static TimeSpan Margin { get; } = TimeSpan.FromSeconds(45);

    /// <summary>What Spotify's access tokens have always lived, for one whose end was not said.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    private static readonly Problem NotConnected = new(ProblemCode.SpotifyNotConnected, "Connect Spotify before requesting a streaming token.");

    private static readonly Problem Ended = new(ProblemCode.SpotifyRefreshFailed, "Spotify authentication expired. Please reconnect your account.");

    private static readonly Problem Unavailable = new(ProblemCode.SpotifyAccessTokenUnavailable, "Spotify authentication expired. Please reconnect your account.");

    private static readonly Problem SignInAgain = new(
        ProblemCode.SpotifyAccessTokenUnavailable, "Signed in with an access token, you cannot stream. Please sign in again through Spotify with a code.");

    private static readonly Problem Busy =
        new(ProblemCode.ProviderUnavailable, "Spotify takes too long right now. Please try again.") { RetryAfter = TimeSpan.FromSeconds(2) };

    // A refresh holds a connection while Spotify thinks: however slow Spotify is, the rest of the server keeps most of its pool.
    private readonly SemaphoreSlim seats = new(20);
    private readonly Shared<long, Outcome<CredentialRow>> refreshing = new();

    public async Task<Outcome<StreamingToken>> RunAsync(CurrentUser user, CancellationToken cancellation)
    {
        // Any app's token opened that session, and this one was granted to Juke alone (C8).
        if (user.ByBareToken) return SignInAgain;
        var userId = user.Id;
        if (limits.CheckStreamingToken(userId) is { } tooMany) return tooMany;
        if (await ProviderCredentials.FindAsync(database, userId, ProviderPerson.Spotify, cancellation) is not { } row) return NotConnected;
        if (!IsFresh(row))
        {
            var refreshed = await refreshing.RunAsync(userId, () => RefreshAsync(userId), cancellation);
            if (refreshed.Failed) return refreshed.Problem;
            row = refreshed.Value;
        }
        if (seal.Open(row.AccessToken) is not { } token) return Unavailable;
        var (at, left) = ReadSpotifyStatus.Ends(row, time.GetUtcNow());
        return new StreamingToken(ProviderPerson.Spotify, "Bearer", token, at, left);
    }

    public void Dispose() => seats.Dispose();

    /// <summary>One transaction around the call: the row is held until what Spotify said is written.</summary>
    private async Task<Outcome<CredentialRow>> RefreshAsync(long userId)
    {
        if (!await seats.WaitAsync(0)) return Busy;
        try
        {
            await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            if (await ProviderCredentials.HoldAsync(transaction, userId, ProviderPerson.Spotify, CancellationToken.None) is not { } row) return NotConnected;
            if (IsFresh(row)) return row; // Another server was quicker.
            if (seal.Open(row.RefreshToken) is not { } refreshToken)
            {
                if (row.AccessToken is null || row.RefreshToken is not null) return Unavailable;
                return EndsAt(row) > time.GetUtcNow() ? row : Ended;
            }

            var asked = time.GetUtcNow();
            var given = await spotify.RefreshAsync(refreshToken, CancellationToken.None);
            if (given.Failed)
            {
                if (given.Problem.Code != ProblemCode.SpotifyRefreshFailed) return given.Problem;
                await ProviderCredentials.ForgetRefreshTokenAsync(transaction, userId, ProviderPerson.Spotify, CancellationToken.None);
                await transaction.CommitAsync(CancellationToken.None);
                audit.ConnectionEnded(userId, ProviderPerson.Spotify, "the provider no longer takes the refresh token");
                return given.Problem;
            }
            var fresh = seal.Seal(given.Value, asked);
            await ProviderCredentials.RefreshedAsync(transaction, userId, ProviderPerson.Spotify, fresh, CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
            return fresh;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return Busy;
        }
        finally
        {
            seats.Release();
        }
    }

    private bool IsFresh(CredentialRow row) => row.AccessToken is not null && EndsAt(row) - Margin > time.GetUtcNow() && seal.Open(row.AccessToken) is not null;

    private static DateTimeOffset EndsAt(CredentialRow row) => row.AccessEndsAt ?? row.ObtainedAt + Usual;
}
