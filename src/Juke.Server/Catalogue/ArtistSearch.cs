namespace Juke.Server.Catalogue;

/// <summary>An artist as the provider of music data knows it.</summary>
/// <param name="SpotifyId">22 characters.</param>
/// <param name="Name">Name.</param>
/// <param name="Popularity">0..100.</param>
/// <param name="Followers">0 or more.</param>
/// <param name="Images">Absolute URLs, largest first.</param>
/// <param name="Genres">The provider's genres.</param>
internal sealed record FoundArtist(string SpotifyId, string Name, int Popularity, int Followers, IReadOnlyList<string> Images, IReadOnlyList<string> Genres);

/// <summary>Artists by name, at the edge of the process: the answer comes from a provider outside.</summary>
internal interface IArtistSearch
{
    /// <summary>Best match first. Empty when nothing matches or the provider does not answer: choosing an artist is never a must.</summary>
    Task<IReadOnlyList<FoundArtist>> FindAsync(string text, int limit, CancellationToken cancellation);

    /// <summary>Name of one artist; null when there is none of that id or the provider does not answer.</summary>
    Task<string?> NameAsync(string spotifyId, CancellationToken cancellation);
}

/// <summary>No provider is set up: nothing is found, and the wizard takes a typed name instead.</summary>
internal sealed class NoArtistProvider : IArtistSearch
{
    public Task<IReadOnlyList<FoundArtist>> FindAsync(string text, int limit, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<FoundArtist>>([]);

    public Task<string?> NameAsync(string spotifyId, CancellationToken cancellation) => Task.FromResult<string?>(null);
}
