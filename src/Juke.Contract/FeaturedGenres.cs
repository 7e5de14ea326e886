namespace Juke.Contract;

/// <summary>A genre that onboarding offers.</summary>
/// <param name="Id">What a profile stores: lower case letters, never changed.</param>
/// <param name="Name">What a person reads.</param>
/// <param name="SpotifyId">Spotify's seed for it.</param>
public sealed record FeaturedGenre(string Id, string Name, string SpotifyId);

/// <summary>The genres that onboarding offers, in the order in which the old server showed them (legacy-wire A.8).</summary>
public static class FeaturedGenres
{
    /// <summary>All 20.</summary>
    public static IReadOnlyList<FeaturedGenre> All { get; } =
    [
        new("hiphop", "Hip-Hop", "hip-hop"),
        new("pop", "Pop", "pop"),
        new("rock", "Rock", "rock"),
        new("rnb", "R&B", "r&b"),
        new("electronic", "Electronic", "electronic"),
        new("country", "Country", "country"),
        new("jazz", "Jazz", "jazz"),
        new("classical", "Classical", "classical"),
        new("latin", "Latin", "latin"),
        new("indie", "Indie", "indie"),
        new("metal", "Metal", "metal"),
        new("reggae", "Reggae", "reggae"),
        new("folk", "Folk", "folk"),
        new("blues", "Blues", "blues"),
        new("funk", "Funk", "funk"),
        new("punk", "Punk", "punk"),
        new("soul", "Soul", "soul"),
        new("rap", "Rap", "rap"),
        new("edm", "EDM", "edm"),
        new("house", "House", "house"),
    ];
}
