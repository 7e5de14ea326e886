using System.Diagnostics;
using System.Text.RegularExpressions;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.House.Tests;

/// <summary>What the README shows is what happens: its curl lines are run as they stand.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task The_walk_with_curl_answers_what_the_README_shows()
    {
        await using var server = await JukeServer.StartAsync();
        var readme = House.Read("README.md");
        var walk = readme[readme.IndexOf("<!-- walk -->", StringComparison.Ordinal)..readme.IndexOf("<!-- /walk -->", StringComparison.Ordinal)];
        var steps = Step().Matches(walk).Select(m => (Command: m.Groups[1].Value, Shown: m.Groups[2].Value)).ToList();
        steps.Count.ShouldBe(5);

        var token = "";
        foreach (var (command, shown) in steps)
        {
            var answer = await RunAsync(command.Replace("http://127.0.0.1:5080", server.Url.ToString().TrimEnd('/'), StringComparison.Ordinal), token);
            if (Token().Match(answer) is { Success: true } match)
            {
                token = match.Groups[1].Value;
                SecretWatch.Remember(token);
            }
            Comparable(answer).ShouldBe(Comparable(shown), command);
        }
        token.ShouldNotBeEmpty();
    }

    [Fact]
    public void Every_setting_that_the_server_reads_stands_in_the_table()
    {
        var readme = House.Read("README.md");
        var read = House.Files("src", ".cs").Append("dev").Append("tests/Juke.Testing/Soak.cs").SelectMany(f => Setting().Matches(House.Read(f))).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        read.Count.ShouldBeGreaterThan(30);
        // The terminal's stand in its own paragraph; JUKE_KIT is how the kit tells a client where it is.
        read.Where(name => name is not ("JUKE_KIT" or "JUKE_SERVER") && !name.StartsWith("JUKE_CLI_", StringComparison.Ordinal) && !readme.Contains($"| `{name}` |", StringComparison.Ordinal))
            .ShouldBeEmpty("Add the setting to the README's table.");
        read.Where(name => name.StartsWith("JUKE_CLI_", StringComparison.Ordinal) && !readme.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty("Name it under From the terminal.");
        Row().Matches(readme).Select(m => m.Groups[1].Value).Where(name => !read.Contains(name) && House.Files("tests", ".cs").All(f => !House.Read(f).Contains(name, StringComparison.Ordinal)))
            .ShouldBeEmpty("Nothing reads it: take its row away.");
    }

    [Fact]
    public void Every_room_of_the_server_is_on_the_map_and_nothing_twice()
    {
        var readme = House.Read("README.md");
        var map = readme[readme.IndexOf("## The map", StringComparison.Ordinal)..readme.IndexOf("## The pages", StringComparison.Ordinal)];
        var named = MapEntry().Matches(map).SelectMany(m => m.Groups[1].Value.Split(", ")).Select(n => n.Replace("… ", "", StringComparison.Ordinal).Split('`')[1]).ToList();
        named.ShouldBeUnique();
        Directory.GetDirectories(Path.Combine(House.Root, "src/Juke.Server")).Select(d => Path.GetFileName(d)!).Where(r => r is not ("bin" or "obj" or "Properties"))
            .Where(room => !map.Contains($"/{room}`", StringComparison.Ordinal)).ShouldBeEmpty("Put the room on the map.");
        Directory.GetDirectories(Path.Combine(House.Root, "src")).Select(d => "src/" + Path.GetFileName(d)).Except(named, StringComparer.Ordinal).ShouldBeEmpty("Put the project on the map.");
    }

    [Fact]
    public void Every_file_and_folder_that_the_papers_name_exists()
    {
        var missing = new List<string>();
        foreach (var paper in House.Files("docs", ".md").Append("README.md").Append("STYLE.md").Append("contract/CONTRACT.md"))
        {
            foreach (Match path in PathName().Matches(House.Read(paper)))
            {
                var name = path.Groups[1].Value;
                if (!File.Exists(Path.Combine(House.Root, name)) && !Directory.Exists(Path.Combine(House.Root, name)))
                    missing.Add($"{Path.GetFileName(paper)}: {name}");
            }
        }
        missing.ShouldBeEmpty();
    }

    // Tokens, ids, the clock and the newest version differ from run to run; everything else may not.
    private static string Comparable(string text) =>
        Varying().Replace(text.Trim(), m => m.Groups[1].Value + "…\"");

    private static async Task<string> RunAsync(string command, string token)
    {
        var start = new ProcessStartInfo("bash", ["-c", command]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["TOKEN"] = token;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    [GeneratedRegex(@"^\$ (curl .*)\n(.*)$", RegexOptions.Multiline)]
    private static partial Regex Step();

    [GeneratedRegex("\"accessToken\":\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("(\"(?:accessToken|refreshToken|contractVersion)\":\")[^\"]*\"")]
    private static partial Regex Varying();

    [GeneratedRegex(@"^\| (`[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex MapEntry();

    [GeneratedRegex(@"^\| `(JUKE_[A-Z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("\\b(JUKE_[A-Z_]+)\\b")]
    private static partial Regex Setting();

    [GeneratedRegex(@"`((?:src|tests|docs|db|bench|contract)/[\w./-]+)`")]
    private static partial Regex PathName();
}
