using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;
using Juke.Server.Spotify;

namespace Juke.Server.Catalogue;

/// <summary>
/// The featured genres with the artists that stand for them. Nobody waits for Spotify: whoever asks gets what is there, at
/// first no artists, and what is older than a day is fetched behind their back, genre after genre.
/// </summary>
internal sealed class TopArtists(SpotifyService spotify, TimeProvider time) : IDisposable
{
    private const int Most = 3;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource stopping = new();
    private readonly Shared<string, int> fetching = new();
    private readonly DateTimeOffset[] fetchedAt = new DateTimeOffset[Genres.Featured.Count];
    private FeaturedGenre[] genres = [.. Genres.Featured.Select(g => new FeaturedGenre(g.Id, g.Name, g.SpotifyId, TopArtists: []))];
    private long notBefore;

    public IReadOnlyList<FeaturedGenre> Now
    {
        get
        {
            if (spotify.IsSetUp && time.GetUtcNow().Ticks >= Interlocked.Read(ref notBefore) && !stopping.IsCancellationRequested)
                _ = fetching.RunAsync("all", FetchAsync, CancellationToken.None);
            return Volatile.Read(ref genres);
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    /// <returns>How many genres were fetched.</returns>
    private async Task<int> FetchAsync()
    {
        var fetched = 0;
        // Whatever ends this early, also what nobody thought of, is not tried again at once.
        RestFor(AfterFailure);
        var cancellation = stopping.Token;
        for (var i = 0; i < genres.Length; i++)
        {
            if (fetchedAt[i] != default && time.GetUtcNow() - fetchedAt[i] < Kept) continue;
            var outcome = await spotify.SearchArtistsAsync($"genre:\"{genres[i].SpotifyId}\"", Most, cancellation);
            if (outcome.Failed)
            {
                // The rest can wait: somebody else may be typing an artist's name.
                if (outcome.Problem.RetryAfter is { } asked && asked > AfterFailure) RestFor(asked);
                return fetched;
            }
            // A new list: whoever reads the old one reads on.
            var changed = genres.ToArray();
            changed[i] = changed[i] with { TopArtists = [.. outcome.Value.Take(Most).Select(a => new GenreArtist(a.Id, a.Name, a.Images is [var image, ..] ? image : null))] };
            Volatile.Write(ref genres, changed);
            fetchedAt[i] = time.GetUtcNow();
            fetched++;
        }
        RestFor(Kept);
        return fetched;
    }

    private void RestFor(TimeSpan rest) => Interlocked.Exchange(ref notBefore, (time.GetUtcNow() + rest).Ticks);
}
