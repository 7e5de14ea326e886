using System.Text.Json;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests;

public sealed class SampleFixturesTests
{
    private static readonly string[] Members = ["id", "name", "kickoffAt", "state", "stage", "round", "leg", "league", "homeTeam", "awayTeam", "country", "odds"];

    public static TheoryData<string> Moments => ["2026-01-01T00:00:00Z", "2026-02-28T12:29:59Z", "2026-12-31T23:59:59Z"];

    [Theory]
    [MemberData(nameof(Moments))]
    public void Every_fixture_is_to_come_within_ten_days(string moment)
    {
        var now = DateTimeOffset.Parse(moment);
        var fixtures = Parse(now);
        fixtures.Count.ShouldBe(40);
        foreach (var fixture in fixtures)
        {
            var kickOff = fixture.GetProperty("kickoffAt").GetDateTimeOffset();
            kickOff.ShouldBeInRange(now.AddSeconds(1), now.AddDays(10));
            fixture.GetProperty("kickoffAt").GetString()!.ShouldEndWith("Z");
        }
    }

    [Fact]
    public void Every_line_has_the_shape_of_the_wire()
    {
        var fixtures = Parse(DateTimeOffset.UnixEpoch);
        foreach (var fixture in fixtures)
        {
            fixture.EnumerateObject().Select(member => member.Name).ShouldBe(Members);
            fixture.GetProperty("state").GetString().ShouldBe("NS");
            Names(fixture, "league").ShouldBe(["id", "name", "imagePath"]);
            Names(fixture, "homeTeam").ShouldBe(["id", "name", "shortCode", "imagePath"]);
            Names(fixture, "awayTeam").ShouldBe(["id", "name", "shortCode", "imagePath"]);
            if (fixture.GetProperty("country").ValueKind != JsonValueKind.Null) Names(fixture, "country").ShouldBe(["id", "name", "imagePath", "iso2"], ignoreOrder: true);
            foreach (var odd in fixture.GetProperty("odds").EnumerateArray())
            {
                odd.EnumerateObject().Select(member => member.Name).ShouldBe(["marketId", "market", "label", "value"]);
                odd.GetProperty("value").GetDecimal().ShouldBeGreaterThan(1);
            }

            Id(fixture, "homeTeam").ShouldNotBe(Id(fixture, "awayTeam"));
        }

        fixtures.ShouldContain(fixture => fixture.GetProperty("odds").GetArrayLength() == 0, "hasOdds needs both kinds");
        fixtures.ShouldContain(fixture => fixture.GetProperty("country").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public void Ids_are_unique_and_stay_the_same_from_day_to_day()
    {
        var today = Parse(DateTimeOffset.UnixEpoch).ConvertAll(fixture => fixture.GetProperty("id").GetInt32());
        today.ShouldBeUnique();
        Parse(DateTimeOffset.UnixEpoch.AddDays(400)).ConvertAll(fixture => fixture.GetProperty("id").GetInt32()).ShouldBe(today);
        Parse(DateTimeOffset.UnixEpoch).Select(fixture => Id(fixture, "league")).Distinct().Count().ShouldBe(5);
    }

    private static List<JsonElement> Parse(DateTimeOffset now) => [.. SampleFixtures.Lines(now).Select(line => JsonDocument.Parse(line).RootElement)];

    private static IEnumerable<string> Names(JsonElement fixture, string block) => fixture.GetProperty(block).EnumerateObject().Select(member => member.Name);

    private static int Id(JsonElement fixture, string block) => fixture.GetProperty(block).GetProperty("id").GetInt32();
}
