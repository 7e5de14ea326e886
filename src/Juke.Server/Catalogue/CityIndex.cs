using System.Buffers.Text;
using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using Juke.Contract.Wire;

namespace Juke.Server.Catalogue;

/// <summary>
/// The list of cities in memory: the table as it is packed, and beside it one long text of all folded names to search in.
/// Two arrays of bytes and two of offsets in place of 48,000 objects: little to load, little to keep, nothing for the
/// collector to walk. Cities stand by population, so the first match of a kind is the best one.
/// </summary>
internal sealed class CityIndex
{
    // In the folded text a city is: '\n' name ('|' alias)*. Folding leaves neither of the two in a name.
    private const byte NameStart = (byte)'\n';
    private const byte AliasStart = (byte)'|';

    private readonly byte[] table;
    private readonly int[] rows;
    private readonly byte[] folded;
    private readonly int[] starts;
    private readonly CityRegion[] regions;

    private CityIndex(byte[] table, int[] rows, byte[] folded, int[] starts, CityRegion[] regions) =>
        (this.table, this.rows, this.folded, this.starts, this.regions) = (table, rows, folded, starts, regions);

    /// <summary>How many cities there are.</summary>
    public int Count => rows.Length;

    /// <summary>Bytes that the index keeps, give or take the regions.</summary>
    public int Size => table.Length + folded.Length + (rows.Length + starts.Length) * sizeof(int);

    /// <summary>For each region whether the text names it (see <see cref="CityRegion.IsNamed"/>), or null when it names none.</summary>
    public bool[]? RegionsNamed(string text, bool orBegins)
    {
        var named = Array.ConvertAll(regions, r => r.IsNamed(text, orBegins));
        return Array.IndexOf(named, value: true) >= 0 ? named : null;
    }

    /// <summary>
    /// Numbers of the cities whose name or alias holds the folded text, best first: its name begins with the text (or an
    /// alias is the text), then a later word does, then an alias begins with it, then it stands inside the name.
    /// </summary>
    public IEnumerable<int> Find(string text, int limit, bool[]? within = null)
    {
        var pattern = Encoding.UTF8.GetBytes(text);
        List<int>[] byRank = [[], [], [], []];
        var at = 0;
        var city = -1;
        while (byRank[0].Count < limit && folded.AsSpan(at).IndexOf(pattern) is var next and >= 0)
        {
            var hit = at + next;
            city = CityAt(hit, city + 1);
            var end = city + 1 < starts.Length ? starts[city + 1] : folded.Length;
            if ((within is null || within[RegionOf(city)]) && BestRank(pattern, hit, starts[city], end) is { } rank && byRank[rank].Count < limit)
                byRank[rank].Add(city);
            at = end;
        }
        return byRank.SelectMany(cities => cities).Take(limit);
    }

    /// <summary>Numbers of the largest cities of these regions.</summary>
    public IEnumerable<int> Largest(bool[] within) => Enumerable.Range(0, Count).Where(city => within[RegionOf(city)]);

    /// <summary>A city by its number.</summary>
    public City this[int city]
    {
        get
        {
            var line = table.AsSpan(rows[city]);
            var columns = Encoding.UTF8.GetString(line[..line.IndexOf((byte)'\n')]).Split('\t');
            var region = regions[Number(columns[1])];
            return new City(
                columns[0], region.Country.Name, region.Country.Code, region.Name.Length == 0 ? null : region.Name,
                double.Parse(columns[2], CultureInfo.InvariantCulture), double.Parse(columns[3], CultureInfo.InvariantCulture), Number(columns[4]));
        }
    }

    /// <summary>Every alias, folded as it is packed.</summary>
    public IEnumerable<string> Aliases => Encoding.UTF8.GetString(folded).Split('\n').SelectMany(city => city.Split('|').Skip(1));

    /// <summary>Unpacks the list that is part of this assembly.</summary>
    public static CityIndex Load()
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream("cities.tsv.br")!;
        using var unpacked = new MemoryStream(3_000_000);
        using (var brotli = new BrotliStream(resource, CompressionMode.Decompress)) brotli.CopyTo(unpacked);
        var bytes = unpacked.ToArray();

        var afterCountries = bytes.AsSpan().IndexOf("\n\n"u8);
        var cities = afterCountries + 2 + bytes.AsSpan(afterCountries + 2).IndexOf("\n\n"u8) + 2;
        var places = CityRegion.Read(Encoding.UTF8.GetString(bytes, 0, cities));

        var lines = new int[bytes.AsSpan(cities).Count((byte)'\n')];
        var names = new int[lines.Length];
        using var search = new MemoryStream(bytes.Length);
        for (int row = 0, at = cities; row < lines.Length; row++)
        {
            lines[row] = at;
            names[row] = (int)search.Length;
            var line = bytes.AsSpan(at);
            line = line[..line.IndexOf((byte)'\n')];
            at += line.Length + 1;
            search.WriteByte(NameStart);
            search.Write(Encoding.UTF8.GetBytes(Folding.Fold(Encoding.UTF8.GetString(line[..line.IndexOf((byte)'\t')]))));
            // The aliases stand there folded, with the same sign between them.
            var aliases = line[(line.LastIndexOf((byte)'\t') + 1)..];
            if (aliases.IsEmpty) continue;
            search.WriteByte(AliasStart);
            search.Write(aliases);
        }
        search.WriteByte(NameStart);
        return new CityIndex(bytes, lines, search.ToArray(), names, places);
    }

    private int CityAt(int offset, int from)
    {
        var found = Array.BinarySearch(starts, from, starts.Length - from, offset);
        return found >= 0 ? found : ~found - 1;
    }

    // The kind of the best hit between the first one and the end of the city; null when all stand inside aliases.
    private int? BestRank(ReadOnlySpan<byte> pattern, int hit, int start, int end)
    {
        var nameEnd = folded.AsSpan(start + 1, end - start - 1).IndexOf(AliasStart) is var length and >= 0 ? start + 1 + length : end;
        int? best = null;
        while (true)
        {
            if (RankOf(hit, hit + pattern.Length, nameEnd) is { } rank && !(best <= rank)) best = rank;
            if (best == 0) return best;
            var next = folded.AsSpan(hit + 1, end - hit - 1).IndexOf(pattern);
            if (next < 0) return best;
            hit += 1 + next;
        }
    }

    private int? RankOf(int hit, int after, int nameEnd) => folded[hit - 1] switch
    {
        NameStart => 0,
        AliasStart => folded[after] is AliasStart or NameStart ? 0 : 2,
        (byte)' ' when hit < nameEnd => 1,
        _ => hit < nameEnd ? 3 : null,
    };

    private int RegionOf(int city)
    {
        var line = table.AsSpan(rows[city]);
        var number = line[(line.IndexOf((byte)'\t') + 1)..];
        return Utf8Parser.TryParse(number, out int region, out _) ? region : throw new InvalidDataException("A row of the cities has no region.");
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
