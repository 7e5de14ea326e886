using System.Text.Json.Nodes;
using Juke.Server.Fixtures;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Fixtures;

/// <summary>What clients are promised to find in a fixture is asked of the line that brings it.</summary>
public sealed class FixtureImportTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Full =
        """
        {"id":1,"name":"A vs B","kickoffAt":"2026-11-21T14:00:00Z","startTs":0,"state":"NS","league":{"id":8,"name":"Premier","imagePath":null},
        "homeTeam":{"id":31,"name":"A","shortCode":"AAA","imagePath":null},"awayTeam":{"id":32,"name":"B","shortCode":"BBB","imagePath":null},
        "country":{"id":462,"name":"England","imagePath":null,"iso2":"GB"},"odds":[{"marketId":1,"market":"Full time","label":"Home","value":1.95}]}
        """;

    [Fact]
    public async Task A_line_without_a_member_that_the_document_calls_never_null_is_refused_by_line_and_field()
    {
        var schemas = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.ContractFolder, "openapi.json"), TestContext.Current.CancellationToken))!["components"]!["schemas"]!;
        (await ImportAsync(JsonNode.Parse(Full)!)).ShouldBeNull();
        var tried = 0;
        foreach (var (block, schema) in new[] { ("league", "League"), ("homeTeam", "Team"), ("awayTeam", "Team"), ("country", "Country"), ("odds", "Odd") })
        {
            foreach (var (member, type) in schemas[schema]!["properties"]!.AsObject())
            {
                foreach (var isNull in (bool[])[false, true])
                {
                    var line = JsonNode.Parse(Full)!;
                    var within = (line[block] is JsonArray list ? list[0] : line[block])!.AsObject();
                    if (isNull && within[member]?.GetValueKind() is System.Text.Json.JsonValueKind.Number) continue; // Unreadable, as ever.
                    if (isNull) within[member] = null;
                    else within.Remove(member);
                    var mayLack = type!["type"] is JsonArray;
                    (await ImportAsync(line)).ShouldBe(mayLack ? null : $"line 1 lacks {block}{(block == "odds" ? "[0]" : "")}.{member}");
                    tried++;
                }
            }
        }
        tried.ShouldBeGreaterThan(20);
    }

    private async Task<string?> ImportAsync(JsonNode line)
    {
        using var reader = new StringReader(line.ToJsonString());
        return (await ImportFixtures.RunAsync(fixture.Server.Database, reader, TestContext.Current.CancellationToken)).Complaint;
    }
}
