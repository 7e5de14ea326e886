using Juke.Conformance;

namespace Juke.Cli.Tests.Conformance;

/// <summary><c>docs/samples/client.mjs</c>, and what <c>docs/how-to/build-a-client.md</c> shows of its run.</summary>
public sealed class SampleInJavaScriptTests
{
    [Fact]
    public async Task The_sample_in_JavaScript_conforms_when_the_kit_starts_it()
    {
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        var said = await desk.RunAsync("conformance", "--port", "0", "--json", "--", NodeProgram.Find(), Path.Combine(Repository.Root, "docs", "samples", "client.mjs"));
        KitAtDesk.States(said.Json, "broken").Concat(KitAtDesk.States(said.Json, "advice not followed")).ShouldBeEmpty();
        said.ShouldSucceed().Json["rules"]!.AsArray().ShouldAllBe(r => r!["state"]!.GetValue<string>() == "kept");
        Repository.Read("docs/how-to/build-a-client.md").ShouldContain(
            $"\n{KitAtDesk.States(said.Json, "kept").Count()} kept, 0 broken, {KitAtDesk.States(said.Json, "not played").Count()} not played\n", customMessage: "the how-to shows this very run: write these numbers there");
    }

    [Fact]
    public void What_the_how_to_shows_of_a_run_can_be_said()
    {
        var page = Repository.Read("docs/how-to/build-a-client.md");
        var shown = page[page.IndexOf("$ juke conformance -- node docs/samples/client.mjs\n", StringComparison.Ordinal)..];
        var lines = shown[..shown.IndexOf("```", StringComparison.Ordinal)].Split('\n');
        var names = lines.Where(l => l.StartsWith('✓') || l.StartsWith('–')).Select(l => l[7..]).ToList();
        names.ShouldNotBeEmpty();
        names.ShouldBeSubsetOf(SessionVectors.BuiltIn.Scenarios.Select(s => s.Name));
        var rules = lines.Where(l => l.StartsWith("kept ", StringComparison.Ordinal)).ToList();
        rules.ShouldNotBeEmpty();
        rules.ShouldBeSubsetOf(SessionVectors.BuiltIn.Rules.Select(r => $"kept    {r.Key,-4} {r.Value}"));
    }
}
