namespace Juke.Server.Catalogue;

/// <summary>A country of the list of cities.</summary>
/// <param name="Code">ISO 3166-1 alpha-2.</param>
/// <param name="Name">Short English name.</param>
/// <param name="Keys">Folded: all that people write after a city's name to mean this country.</param>
internal sealed record CityCountry(string Code, string Name, string[] Keys);

/// <summary>Where a city lies: a region of a country, or a country that has none.</summary>
/// <param name="Country">The country.</param>
/// <param name="Name">As GeoNames writes it; empty where there is no region.</param>
/// <param name="Keys">Folded: its name, and its letters where people write them (<c>Boston, MA</c>).</param>
internal sealed record CityRegion(CityCountry Country, string Name, string[] Keys)
{
    /// <summary>Whether the folded text is a name of the region or its country, or only begins one.</summary>
    public bool IsNamed(string text, bool orBegins)
    {
        return Array.Exists(Keys, Is) || Array.Exists(Country.Keys, Is);

        bool Is(string key) => orBegins ? key.StartsWith(text, StringComparison.Ordinal) : string.Equals(key, text, StringComparison.Ordinal);
    }

    /// <summary>Reads the first two tables of the list.</summary>
    public static CityRegion[] Read(string tables)
    {
        var parts = tables.Split("\n\n");
        var countries = parts[0].Split('\n').Select(line => line.Split('\t'))
            .ToDictionary(c => c[0], c => new CityCountry(c[0], c[1], Fold([c[0], c[1], .. c[2].Split('|')])), StringComparer.Ordinal);
        return [.. parts[1].Split('\n').Select(line => line.Split('\t')).Select(r =>
        {
            var letters = r[0][3..];
            return new CityRegion(countries[r[0][..2]], r[1], Fold(letters.All(char.IsAsciiLetterUpper) ? [r[1], letters] : [r[1]]));
        })];
    }

    private static string[] Fold(string[] names) => [.. names.Select(Folding.Fold).Where(key => key.Length > 0).Distinct(StringComparer.Ordinal)];
}
