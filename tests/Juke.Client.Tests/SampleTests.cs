using System.Diagnostics;

namespace Juke.Client.Tests;

/// <summary>The README's sample compiles, does what it says, and is the one in docs/samples.</summary>
public sealed class SampleTests
{
    [Fact]
    public void The_README_shows_the_sample_as_it_is_compiled()
    {
        var readme = Repository.Read("README.md");
        var from = readme.IndexOf("```csharp\n", readme.IndexOf("<!-- sample -->", StringComparison.Ordinal), StringComparison.Ordinal) + "```csharp\n".Length;
        readme[from..readme.IndexOf("```", from, StringComparison.Ordinal)].ShouldBe(Repository.Read("docs/samples/client.cs"), "README.md and docs/samples/client.cs are the same text: copy one to the other.");
        Repository.Read("docs/samples/client.cs").Split('\n').Length.ShouldBeLessThanOrEqualTo(21);
    }

    [Fact]
    public Task It_signs_in_goes_through_onboarding_and_finds_itself_signed_in_the_next_time() =>
        PlayAsync("dotnet", Path.Combine(AppContext.BaseDirectory, "..", "..", "Juke.Client.Sample", new DirectoryInfo(AppContext.BaseDirectory).Name, "Juke.Client.Sample.dll"));

    [Fact]
    public async Task It_does_so_when_all_that_it_does_not_use_is_trimmed_away()
    {
        using var folder = new FileInFolder();
        using var publish = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                "publish", Path.Combine(Repository.Root, "tests", "Juke.Client.Sample"), "-c", "Release", "--use-current-runtime", "--self-contained", "-p:PublishTrimmed=true",
                "-warnaserror", "--artifacts-path", Path.Combine(folder.Folder, "build"), "-o", Path.Combine(folder.Folder, "app"),
                "-nodeReuse:false", "-p:UseSharedCompilation=false", // Nobody stays behind to build more.
            ])
        { RedirectStandardOutput = true, UseShellExecute = false, Environment = { ["TMPDIR"] = folder.Folder } })!; // Every build leaves folders there.
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        publish.ExitCode.ShouldBe(0, said);
        await PlayAsync(Path.Combine(folder.Folder, "app", "Juke.Client.Sample"));
    }

    private static async Task PlayAsync(params string[] sample)
    {
        await using var server = await JukeServer.StartAsync();
        using var person = server.NewClient();
        var email = TestClient.NewEmail();
        (await person.RegisterAsync(email)).EnsureOk();
        using var home = new FileInFolder();

        var name = TestClient.NewName();
        var first = await RunAsync(sample, server, home, email, $"x\n{name}\n");
        first.ShouldContain("Guest");
        first.ShouldContain("at least 3 characters");
        first.ShouldContain($"Authed {name}");

        var second = await RunAsync(sample, server, home, email, "");
        second.ShouldContain($"Authed {name}");
        second.ShouldNotContain("Guest");
    }

    private static async Task<string> RunAsync(string[] sample, JukeServer server, FileInFolder home, string email, string typed)
    {
        var start = new ProcessStartInfo(sample[0], [.. sample[1..], server.Url.ToString(), email, TestClient.Password]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["XDG_DATA_HOME"] = home.Folder;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(typed);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, output);
        return output;
    }
}
