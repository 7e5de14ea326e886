using Juke.Server.Plumbing;
using Juke.Server.Spotify;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace Juke.Server.Catalogue;

/// <summary>Artists from Spotify's search. What was found a moment ago is not asked again, and nobody waits long: who types goes on typing.</summary>
internal sealed class SpotifyArtistSearch(SpotifyService spotify, TimeProvider time) : IArtistSearch, IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan NamesKept = TimeSpan.FromDays(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Spotify's own, in Development Mode.</summary>
    private const int Most = 10;

    private readonly MemoryCache searches = new(new MemoryCacheOptions { SizeLimit = 1000, Clock = new Clock(time) });
    // Apart from the searches, which bring ten of them each and would be crowded out.
    private readonly MemoryCache names = new(new MemoryCacheOptions { SizeLimit = 10_000, Clock = new Clock(time) });
    private readonly Pause pause = new(time);

    public async Task<IReadOnlyList<FoundArtist>> FindAsync(string text, int limit, CancellationToken cancellation)
    {
        var key = text.Trim().ToLowerInvariant();
        if (!searches.TryGetValue(key, out IReadOnlyList<FoundArtist>? found))
        {
            found = await AskAsync(key, cancellation);
            if (found is null) return [];
            foreach (var artist in found) Name(artist.SpotifyId, artist.Name);
            searches.Set(key, found, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpiration = time.GetUtcNow() + Kept });
        }
        return found!.Count > limit ? [.. found.Take(limit)] : found;
    }

    public async Task<string?> NameAsync(string spotifyId, CancellationToken cancellation)
    {
        if (!names.TryGetValue(spotifyId, out string? name))
        {
            if (await AskAsync(c => spotify.ArtistAsync(spotifyId, c), cancellation) is not { } found) return null;
            // That there is none of this id is kept as well.
            name = found.Length > 0 ? found[0].Name : "";
            Name(spotifyId, name);
        }
        return name!.Length > 0 ? name : null;
    }

    public void Dispose()
    {
        searches.Dispose();
        names.Dispose();
    }

    private void Name(string spotifyId, string name) =>
        names.Set(spotifyId, name, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpiration = time.GetUtcNow() + NamesKept });

    private async Task<IReadOnlyList<FoundArtist>?> AskAsync(string text, CancellationToken cancellation) =>
        await AskAsync(c => spotify.SearchArtistsAsync(text, Most, c), cancellation) is { } found
            ? [.. found.Select(a => new FoundArtist(a.Id, a.Name, a.Popularity, a.Followers, a.Images, a.Genres))]
            : null;

    /// <returns>Null when Spotify does not answer; it is then left alone as long as it asks, without anybody waiting for that.</returns>
    private async Task<T?> AskAsync<T>(Func<CancellationToken, Task<Outcome<T>>> ask, CancellationToken cancellation)
        where T : class
    {
        if (pause.Left > TimeSpan.Zero) return null;
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        TimeSpan rest;
        try
        {
            var outcome = await ask(both.Token);
            if (!outcome.Failed) return outcome.Value;
            rest = outcome.Problem.RetryAfter ?? Patience;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            rest = Patience;
        }
        pause.AtLeast(rest);
        return null;
    }

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
