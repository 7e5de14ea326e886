using System.Globalization;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;

namespace Juke.Server.Fixtures;

/// <summary>What is asked of the list of upcoming fixtures, read from the query string (legacy-wire.md B.4).</summary>
internal sealed record UpcomingFixturesQuery(
    DateTimeOffset From, DateTimeOffset To, int Page, int PerPage, long[] Leagues, long[] Markets, bool? HasOdds, IReadOnlySet<string> Include)
{
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromDays(7);

    public const int LastPage = 1_000_000;

    public const int MostPerPage = 50;

    /// <summary>Ids of competitions or markets that count.</summary>
    public const int MostIds = 200;

    public static readonly string[] Blocks = ["league", "teams", "country", "odds"];

    /// <summary>The next page of the home screen: everything but the odds.</summary>
    public static UpcomingFixturesQuery Home(DateTimeOffset now) =>
        new(now, now + DefaultWindow, 1, 20, [], [], null, new HashSet<string>(["league", "teams", "country"], StringComparer.Ordinal));

    /// <summary>The query, or the fields that are wrong. A <c>from</c> or <c>to</c> that cannot be read means the default, as it always did.</summary>
    public static Outcome<UpcomingFixturesQuery> Read(IQueryCollection query, DateTimeOffset now)
    {
        var errors = new List<(string, string)>();
        var from = Instant(query["from"]) ?? now;
        var to = Instant(query["to"]) ?? from + DefaultWindow;
        if (from > to) errors.Add(("from", "'from' must be <= 'to'"));

        var page = Number("page", 1, 1, LastPage);
        var perPage = Number("perPage", 20, 1, MostPerPage);
        var leagues = Ids("leagues");
        var markets = Ids("markets");
        bool? hasOdds = query["hasOdds"].ToString() switch
        {
            "" => null,
            "true" or "1" => true,
            "false" or "0" => false,
            _ => Wrong("hasOdds", "'hasOdds' must be true or false"),
        };
        var include = query["include"].SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.Ordinal);
        if (include.Any(i => !Blocks.Contains(i, StringComparer.Ordinal))) errors.Add(("include", "'include' may name league, teams, country, odds"));

        return errors.Count > 0 ? Problem.Fields(errors) : new UpcomingFixturesQuery(from, to, page, perPage, leagues, markets, hasOdds, include);

        bool? Wrong(string field, string message)
        {
            errors.Add((field, message));
            return null;
        }

        int Number(string field, int otherwise, int least, int most)
        {
            var text = query[field].ToString();
            if (text.Length == 0) return otherwise;
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) errors.Add((field, $"querystring/{field} must be integer"));
            else if (number < least) errors.Add((field, $"querystring/{field} must be >= {least}"));
            else if (number > most) errors.Add((field, $"querystring/{field} must be <= {most}"));
            else return number;
            return otherwise;
        }

        long[] Ids(string field)
        {
            var ids = new List<long>();
            foreach (var part in query[field].SelectMany(v => (v ?? "").Split(',')).Where(p => p.Length > 0))
            {
                if (long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) ids.Add(id);
                else
                {
                    errors.Add((field, $"Invalid '{field}'. Use comma-separated ids like '1,2,3'."));
                    break;
                }
            }
            return [.. ids.Take(MostIds)];
        }
    }

    // ISO 8601, or unix seconds or milliseconds.
    private static DateTimeOffset? Instant(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var unix))
        {
            var milliseconds = unix >= 100_000_000_000 ? unix : unix * 1000;
            return milliseconds is > 0 and < 253_402_300_799_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            && instant.Year is > 1900 and < 9999 ? instant : null;
    }
}
