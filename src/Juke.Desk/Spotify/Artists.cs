using System.Text.Json.Nodes;
using Juke.Desk.StandIns;

namespace Juke.Desk.Spotify;

/// <summary>The catalogue: artists who do not exist.</summary>
internal static class Artists
{
    private static readonly (string Name, string Genres)[] Catalogue =
    [
        ("The Velvet Harbour", "indie rock, dream pop"), ("Marlowe Finch", "singer-songwriter, folk"), ("Neon Orchard", "synthpop, electropop"),
        ("Kassia Dune", "r&b, neo soul"), ("Iron Lantern", "heavy metal"), ("DJ Saffron Tide", "house, deep house"), ("Los Faroles", "latin pop, cumbia"),
        ("Paper Lighthouse", "indie pop"), ("The Midnight Tram", "post-punk, new wave"), ("Ondine Ray", "pop, dance pop"), ("Big Tuesday", "hip hop"),
        ("Sister Meridian", "gospel, soul"), ("Glass Antlers", "shoegaze"), ("Thelonius Park", "jazz, bebop"), ("Amara Vale", "afrobeats"),
        ("The Copper Wrens", "bluegrass, country"), ("Echo Fjord", "ambient"), ("Vanta Choir", "choral, contemporary classical"), ("Bassline Bakery", "drum and bass"),
        ("Cold Sunday", "emo, pop punk"), ("Ruby Calloway", "blues"), ("Tamsin & the Tide", "folk rock"), ("Señor Relámpago", "reggaeton, latin trap"),
        ("Hanabi Machine", "j-pop, city pop"), ("Seoul Static", "k-pop"), ("Gravel Saints", "southern rock"), ("Ivory Quarter", "classical, piano"),
        ("Moss & Marble", "chillout, trip hop"), ("Kingston Parade", "reggae, ska"), ("Delta Nine Orchestra", "funk, soul"), ("Juniper Vox", "alt pop"),
        ("Björn Åskväder", "techno"), ("Nightbus 43", "uk garage, grime"), ("The Last Cassette", "lo-fi, indie rock"), ("Yael Or", "mediterranean pop"),
        ("Static Garden", "grunge, alternative rock"), ("Zephyr Union", "trance"), ("Harlow Crane", "country pop"), ("Quiet Riot Act", "punk"), ("Mirage Social Club", "disco, nu disco"),
        ("The Velvet Harbour Quartet", "jazz"), ("Velvet Hour", "lounge"),
    ];

    /// <summary>All their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Catalogue.Select(artist => artist.Name)];

    /// <summary>A page of those whose name, or genre, has each word of the question in it.</summary>
    /// <param name="question">What somebody typed; upper and lower case are the same.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="offset">From which, 0 first.</param>
    /// <param name="extended">With the fields that small apps lost.</param>
    public static JsonObject Search(string question, int limit, int offset, bool extended)
    {
        // Spotify's filter: artists of a genre, whatever they are called.
        if (question.StartsWith("genre:\"", StringComparison.Ordinal) && question.EndsWith('"') && question.Length > 8)
        {
            var genre = question[7..^1].Replace('-', ' ');
            var those = Catalogue.Where(artist => artist.Genres.Contains(genre, StringComparison.InvariantCultureIgnoreCase)).ToList();
            return Page(question, those, limit, offset, extended);
        }
        var words = question.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        bool Has(string text) => words.All(word => text.Contains(word, StringComparison.InvariantCultureIgnoreCase));
        var found = Catalogue.Where(artist => Has(artist.Name)).Concat(Catalogue.Where(artist => !Has(artist.Name) && Has(artist.Genres))).ToList();
        return Page(question, found, limit, offset, extended);
    }

    private static JsonObject Page(string question, List<(string Name, string Genres)> found, int limit, int offset, bool extended)
    {
        string Href(int from) => $"https://api.spotify.com/v1/search?query={Uri.EscapeDataString(question)}&type=artist&offset={from}&limit={limit}";
        return new()
        {
            ["href"] = Href(offset),
            ["items"] = new JsonArray([.. found.Skip(offset).Take(limit).Select(artist => Item(artist.Name, artist.Genres, extended))]),
            ["limit"] = limit,
            ["next"] = offset + limit < found.Count ? Href(offset + limit) : null,
            ["offset"] = offset,
            ["previous"] = offset > 0 ? Href(Math.Max(0, offset - limit)) : null,
            ["total"] = found.Count,
        };
    }

    /// <summary>One of them; null = there is none of that id.</summary>
    public static JsonObject? ById(string? id, bool extended) =>
        Catalogue.Where(artist => Id(artist.Name) == id).Select(artist => Item(artist.Name, artist.Genres, extended)).FirstOrDefault();

    private static JsonObject Item(string name, string genres, bool extended)
    {
        var id = Id(name);
        var item = new JsonObject
        {
            ["external_urls"] = new JsonObject { ["spotify"] = $"https://open.spotify.com/artist/{id}" },
            ["genres"] = new JsonArray([.. genres.Split(", ").Select(genre => JsonValue.Create(genre))]),
            ["href"] = $"https://api.spotify.com/v1/artists/{id}",
            ["id"] = id,
            ["images"] = new JsonArray([.. new[] { 640, 320, 160 }.Select(side => new JsonObject { ["url"] = $"https://i.scdn.co/image/{id}{side}", ["height"] = side, ["width"] = side })]),
            ["name"] = name,
            ["type"] = "artist",
            ["uri"] = $"spotify:artist:{id}",
        };
        if (!extended) return item;
        item["followers"] = new JsonObject { ["href"] = null, ["total"] = 1000 * name.Length };
        item["popularity"] = 30 + name.Length;
        return item;
    }

    /// <summary>22 letters and digits, always the same ones for a name.</summary>
    private static string Id(string name) => Pkce.Challenge(name).Replace('-', 'x').Replace('_', 'y')[..22];
}
