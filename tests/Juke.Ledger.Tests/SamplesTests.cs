using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Desk.Ledger;
using Juke.Server.Plumbing;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Ledger.Tests;

/// <summary>The golden samples of every version, frozen ones too and the next one's, through today's records and back.</summary>
public sealed class SamplesTests(ServedContract served)
{
    public static TheoryData<string, string> All()
    {
        var folder = new ContractFolder(Repository.ContractFolder);
        return [.. folder.Versions.SelectMany(v => folder.SamplesOf(v.Version).Keys.Select(file => (v.Version, file)))];
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_sample_decodes_and_encodes_to_the_same(string version, string file) =>
        GoesRound(version, file, new ContractFolder(Repository.ContractFolder).SamplesOf(version)[file]);

    [Fact]
    public void So_does_every_sample_that_is_served_now()
    {
        using var copy = new ContractCopy();
        copy.Folder.Write(served.Document);
        var samples = copy.Folder.SamplesOf(copy.Newest.Version);
        samples.Count.ShouldBeGreaterThan(50);
        foreach (var (file, text) in samples) GoesRound(copy.Newest.Version, file, text);
    }

    private static void GoesRound(string version, string file, string text)
    {
        var name = file.Split('.')[0];
        // FeaturedGenres.juke.json is a list of FeaturedGenre.
        var type = Wire(name) ?? (Wire(name[..^1]) is { } entry ? typeof(IReadOnlyList<>).MakeGenericType(entry) : null);
        type.ShouldNotBeNull($"contract/samples/{version}/{file} was written by a version that is served: its record must stay in Juke.Contract.Wire.");
        var isJuke = file.EndsWith(".juke.json", StringComparison.Ordinal);
        if (isJuke && type == typeof(ProblemBody)) (text, isJuke) = (WithoutFieldsOnTop(text), false);
        var info = (isJuke ? (JsonSerializerContext)JukeJson.Plain : CoreJson.Default).GetTypeInfo(type).ShouldNotBeNull();

        var value = JsonSerializer.Deserialize(text, info).ShouldNotBeNull();
        var again = JsonSerializer.SerializeToNode(value, info);
        // Written by the newest version: the same. By an older one: all of it, beside members that came later.
        var isNewest = version == ContractVersion.Current;
        (isNewest ? JsonNode.DeepEquals(again, JsonNode.Parse(text)) : Holds(again, JsonNode.Parse(text))).ShouldBeTrue($"{version}/{file} came back as {again!.ToJsonString()}");
    }

    [Fact]
    public void An_older_sample_may_gain_members_and_lose_none()
    {
        var newer = JsonNode.Parse("""{"a":[{"b":1,"c":2}],"d":null}""");
        Holds(newer, JsonNode.Parse("""{"a":[{"b":1}]}""")).ShouldBeTrue();
        Holds(newer, JsonNode.Parse("""{"a":[{"b":2}]}""")).ShouldBeFalse();
        Holds(newer, JsonNode.Parse("""{"a":[]}""")).ShouldBeFalse();
        Holds(newer, JsonNode.Parse("""{"d":null,"e":1}""")).ShouldBeFalse();
    }

    // What is left is the problem as both dialects read it.
    private static string WithoutFieldsOnTop(string text)
    {
        var problem = JsonNode.Parse(text)!.AsObject();
        foreach (var (field, messages) in problem["errors"]?.AsObject() ?? [])
        {
            JsonNode.DeepEquals(problem[field], messages).ShouldBeTrue(field);
            problem.Remove(field);
        }
        return problem.ToJsonString();
    }

    private static Type? Wire(string name) => typeof(ContractVersion).Assembly.GetType("Juke.Contract.Wire." + name);

    private static bool Holds(JsonNode? whole, JsonNode? part) => (whole, part) switch
    {
        (JsonObject all, JsonObject some) => some.All(m => all.ContainsKey(m.Key) && Holds(all[m.Key], m.Value)),
        (JsonArray all, JsonArray some) => all.Count == some.Count && all.Zip(some).All(p => Holds(p.First, p.Second)),
        _ => JsonNode.DeepEquals(whole, part),
    };
}
