using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juke.Cli.Tests.Samples;

/// <summary>
/// What <c>--json</c> prints, as the files beside this one show it: names, their order and kinds. Scripts read these; a difference is a change for
/// somebody outside, and belongs into CHANGELOG.md.
/// </summary>
public sealed class SampleTests(OneServer one) : IClassFixture<OneServer>
{
    [Fact]
    public async Task Every_answer_looks_as_its_sample()
    {
        using var desk = new Desk(one.Server.Url);
        await one.ImportFixtureAsync(4712, "Nova FC vs Luna FC");
        var differences = new List<string>();
        await CompareAsync("error-not-signed-in", ExitCode.NotSignedIn, "whoami");
        await desk.RegisteredAsync();
        await CompareAsync("whoami", ExitCode.Done, "whoami");
        await CompareAsync("error-onboarding-required", ExitCode.OnboardingRequired, "fixtures");
        await CompareAsync("onboarding", ExitCode.Done, "onboarding", "--set", "favorite_genres=jazz", "--skip", "artist");
        await CompareAsync("onboarding-done", ExitCode.Done, "onboarding", "--set", "username=" + TestClient.NewName());
        await CompareAsync("profile", ExitCode.Done, "profile", "set", "location=Lisbon", "rainy_day_mood=jazz");
        await CompareAsync("error-validation", ExitCode.Failed, "profile", "set", "rainy_day_mood=loud");
        await CompareAsync("fixtures", ExitCode.Done, "fixtures", "--per-page", "1");
        await CompareAsync("sessions", ExitCode.Done, "sessions");
        await CompareAsync("conformance-list", ExitCode.Done, "conformance", "--list", "--only", "Nothing stored");
        await CompareAsync("logout", ExitCode.Done, "logout");
        differences.ShouldBeEmpty();

        async Task CompareAsync(string sample, int exitCode, params string[] words)
        {
            var said = (await desk.RunAsync([.. words, "--json"])).ShouldEndWith(exitCode);
            var file = Path.Combine(Repository.Root, "tests", "Juke.Cli.Tests", "Samples", sample + ".json");
            var expected = File.Exists(file) ? Shape(JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))) : "nothing";
            if (Shape(said.Json) != expected) differences.Add($"{sample}.json is another shape than:\n{said.Out}");
        }
    }

    /// <summary>Names in their order and kinds of values; of a list its first entry.</summary>
    private static string Shape(JsonNode? json) => json switch
    {
        JsonObject o => "{" + string.Join(",", o.Select(m => m.Key + ":" + Shape(m.Value))) + "}",
        JsonArray a => "[" + (a.Count > 0 ? Shape(a[0]) : "") + "]",
        null => "null",
        _ => json.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? "bool" : json.GetValueKind().ToString(),
    };
}
