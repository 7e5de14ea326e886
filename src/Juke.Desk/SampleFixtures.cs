using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Juke.Desk;

/// <summary>
/// A believable list of matches for the home screen: invented clubs in five leagues over the next ten days, one JSON line each.
/// Ids and names never change, only the dates move with now, so importing it again refreshes instead of piling up.
/// </summary>
public static class SampleFixtures
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly League[] Leagues =
    [
      new(901, "Albion Premier", new(44, "England", "GB"), "Harrowgate United, Northmoor Rovers, Thornbury Town, Castle Quay, Eastwick Athletic, Millbrook Wanderers, Redcliff City, Saltmarsh Albion"),
    new(902, "Liga del Sol", new(34, "Spain", "ES"), "Real Miraflor, Atlético Peñalba, Deportivo Valdoro, Unión Castañar, Costa Brisa, Sporting Olivar, Racing Altamar, Puerto Lindo"),
    new(903, "Ligat HaGalil", new(972, "Israel", "IL"), "Hapoel Galim, Maccabi Arava, Beitar Gilboa, Ironi Carmel, Bnei Hermon, Hapoel Tavor, Maccabi Sharon, Ironi Negba"),
    new(904, "Rheinland Liga", new(49, "Germany", "DE"), "Grünfeld 04, SV Bergstadt, Eintracht Lindau, FC Mühlental, Union Eichwald, TSV Steinach, Rot-Weiß Auen, Viktoria Weser"),
    new(905, "Northern Star Cup", null, "Fjordheim, Åsvik, Kallio Stars, Nordlys, Skerry Isles, Tarn Valley, Baltic Union, Vestervik"),
  ];

    private static readonly TimeSpan[] KickOffs = [new(12, 30, 0), new(15, 0, 0), new(17, 30, 0), new(19, 45, 0)];

    /// <summary>The lines, 40 of them, with kick-offs after now and within ten days.</summary>
    /// <param name="now">The moment from which the dates count.</param>
    public static IEnumerable<string> Lines(DateTimeOffset now) =>
      Leagues.SelectMany((league, leagueIndex) => Enumerable.Range(0, 8).Select(match => JsonSerializer.Serialize(Fixture(league, leagueIndex, match, now), Json)));

    private static object Fixture(League league, int leagueIndex, int match, DateTimeOffset now)
    {
        var (round, pair) = (match / 4, match % 4);
        // Round two turns the pairs round: everybody meets a new opponent, away sides are at home.
        var home = Club(league, round == 0 ? pair : 4 + pair);
        var away = Club(league, round == 0 ? 4 + pair : (pair + 1) % 4);
        var id = league.Id * 1000 + match;
        return new
        {
            Id = id,
            Name = $"{home.Name} vs {away.Name}",
            KickoffAt = KickOff(now, leagueIndex, match).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            State = "NS",
            Stage = league.Country is null ? "Quarter-finals" : "Regular Season",
            Round = league.Country is null ? null : $"{12 + round}",
            Leg = (string?)null,
            League = new { league.Id, league.Name, ImagePath = (string?)null },
            HomeTeam = home,
            AwayTeam = away,
            Country = league.Country,
            Odds = pair == 3 ? [] : Odds(id),
        };
    }

    // The first match of each league is today or tonight, a few hours from now, so that the home screen always opens on something near.
    private static DateTimeOffset KickOff(DateTimeOffset now, int leagueIndex, int match)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        if (match == 0) return today.AddHours(now.UtcDateTime.Hour + 2 + leagueIndex);
        var day = 1 + (match / 4 * 4) + ((leagueIndex + match) % 4);
        return today.AddDays(day) + KickOffs[(leagueIndex + match) % KickOffs.Length];
    }

    private static Team Club(League league, int index)
    {
        var name = league.Clubs.Split(", ")[index];
        var letters = string.Concat(name.Where(char.IsLetter)).ToUpperInvariant();
        return new(league.Id * 100 + index, name, letters[..2] + letters[^1], ImagePath: null);
    }

    private static object[] Odds(int id)
    {
        object Odd(int marketId, string market, string label, int hundredths) => new { MarketId = marketId, Market = market, Label = label, Value = hundredths / 100m };
        var home = 140 + (id * 37 % 200);
        return
        [
          Odd(1, "Fulltime Result", "Home", home), Odd(1, "Fulltime Result", "Draw", 310 + (id * 13 % 60)), Odd(1, "Fulltime Result", "Away", 520 - home),
      Odd(80, "Goals Over/Under 2.5", "Over", 165 + (id * 7 % 50)), Odd(80, "Goals Over/Under 2.5", "Under", 170 + (id * 11 % 50)),
    ];
    }

    private sealed record League(int Id, string Name, Country? Country, string Clubs);

    private sealed record Team(int Id, string Name, string ShortCode, string? ImagePath);

    private sealed record Country(int Id, string Name, string Iso2, string? ImagePath = null);
}
