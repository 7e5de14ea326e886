namespace Juke.Contract;

/// <summary>One featured genre.</summary>
/// <param name="Id">The id that profiles hold.</param>
/// <param name="Name">English name, as every client shows it.</param>
/// <param name="SpotifyId">The name Spotify knows the genre by (legacy-wire.md A.8).</param>
/// <param name="BuiltIn">Whether shipped apps have it hard-coded and show it without asking the server (legacy-drift.md §5).</param>
public sealed record Genre(string Id, string Name, string SpotifyId, bool BuiltIn);

/// <summary>
/// The featured genres in the old server's order, and the one rule that makes all clients mean the same by the same
/// string: a known spelling becomes the id, anything else stays the trimmed text (contract §7; legacy-drift.md §4).
/// </summary>
public static class Genres
{
    /// <summary>The 20 genres of <c>/api/v1/genres/featured/</c>, in its order.</summary>
    public static IReadOnlyList<Genre> Featured { get; } =
    [
        new("hiphop", "Hip-Hop", "hip-hop", BuiltIn: true),
        new("pop", "Pop", "pop", BuiltIn: true),
        new("rock", "Rock", "rock", BuiltIn: true),
        new("rnb", "R&B", "r&b", BuiltIn: true),
        new("electronic", "Electronic", "electronic", BuiltIn: true),
        new("country", "Country", "country", BuiltIn: true),
        new("jazz", "Jazz", "jazz", BuiltIn: true),
        new("classical", "Classical", "classical", BuiltIn: true),
        new("latin", "Latin", "latin", BuiltIn: true),
        new("indie", "Indie", "indie", BuiltIn: true),
        new("metal", "Metal", "metal", BuiltIn: false),
        new("reggae", "Reggae", "reggae", BuiltIn: false),
        new("folk", "Folk", "folk", BuiltIn: false),
        new("blues", "Blues", "blues", BuiltIn: false),
        new("funk", "Funk", "funk", BuiltIn: false),
        new("punk", "Punk", "punk", BuiltIn: false),
        new("soul", "Soul", "soul", BuiltIn: false),
        new("rap", "Rap", "rap", BuiltIn: false),
        new("edm", "EDM", "edm", BuiltIn: false),
        new("house", "House", "house", BuiltIn: false),
    ];

    private static readonly Dictionary<string, string> Spellings = KnownSpellings();

    /// <summary>The id when the text is a known spelling (id, name, Spotify's name or <c>r-n-b</c>, whatever the case), else the trimmed text.</summary>
    public static string Canonical(string text)
    {
        var trimmed = text.Trim();
        return Spellings.GetValueOrDefault(trimmed, trimmed);
    }

    private static Dictionary<string, string> KnownSpellings()
    {
        var spellings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var genre in Featured)
            spellings[genre.Id] = spellings[genre.Name] = spellings[genre.SpotifyId] = genre.Id;
        // The built-in lists of all three shipped clients spell it so; the old server never did.
        spellings["r-n-b"] = "rnb";
        return spellings;
    }
}
