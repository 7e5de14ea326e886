using Juke.Contract.Wire;

namespace Juke.Server.Catalogue;

/// <summary>Cities by what a person types. The list is part of the server and loaded at the first search.</summary>
internal static class CitySearch
{
    /// <summary>Most characters that a search reads; nothing that long is a city.</summary>
    public const int MaxLength = 100;

    /// <summary>How many are shown when nothing else is asked.</summary>
    public const int DefaultLimit = 10;

    /// <summary>How many can be asked for.</summary>
    public const int MaxLimit = 20;

    // Names of countries and regions have up to this many words: where else to cut "name country" in two.
    private const int MostWordsOfAPlace = 5;

    private static readonly Lazy<CityIndex> Index = new(CityIndex.Load);

    /// <summary>
    /// The best matches, by how they match, then by population: the name begins with the text (or another name of the city
    /// is the text), a word of it does, another name does, the text stands inside the name. Case, accents and punctuation
    /// do not matter. Then "name, country", with a region or a code in place of the country if you like, and last the
    /// cities of a country or region itself. Blank or unreadable text finds nothing.
    /// </summary>
    /// <param name="q">What was typed.</param>
    /// <param name="limit">At most this many; held to 1..<see cref="MaxLimit"/>.</param>
    public static IReadOnlyList<City> Find(string? q, int limit = DefaultLimit)
    {
        if (q is null || q.Length > MaxLength || Folding.Fold(q) is not { Length: > 0 } text) return [];
        var index = Index.Value;
        limit = Math.Clamp(limit, 1, MaxLimit);
        return [.. Candidates(index, q, text, limit).Distinct().Take(limit).Select(city => index[city])];
    }

    // Lazily: the later ways are not tried when the earlier ones gave enough.
    private static IEnumerable<int> Candidates(CityIndex index, string q, string text, int limit)
    {
        foreach (var city in index.Find(text, limit)) yield return city;

        foreach (var (name, place, orBegins) in Cuts(q, text))
        {
            if (index.RegionsNamed(place, orBegins) is not { } within) continue;
            foreach (var city in index.Find(name, limit, within)) yield return city;
        }

        if (index.RegionsNamed(text, orBegins: false) is { } named)
            foreach (var city in index.Largest(named)) yield return city;
    }

    // A comma says where the name ends, and then the place may still be unfinished ("paris, fr"); else any space may.
    private static IEnumerable<(string Name, string Place, bool OrBegins)> Cuts(string q, string text)
    {
        var comma = q.IndexOf(',', StringComparison.Ordinal);
        if (comma >= 0 && Folding.Fold(q[..comma]) is { Length: > 0 } before && Folding.Fold(q[(comma + 1)..]) is { Length: > 0 } after)
            yield return (before, after, true);
        var space = text.Length;
        for (var words = 0; words < MostWordsOfAPlace && (space = text.LastIndexOf(' ', space - 1)) > 0; words++)
            yield return (text[..space], text[(space + 1)..], false);
    }
}
