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
    public async Task It_signs_in_goes_through_onboarding_and_finds_itself_signed_in_the_next_time()
    {
        await using var server = await JukeServer.StartAsync();
        using var person = server.NewClient();
        var email = TestClient.NewEmail();
        (await person.RegisterAsync(email)).EnsureOk();
        using var home = new FileInFolder();

        var name = TestClient.NewName();
        var first = await RunAsync(server, home, email, $"x\n{name}\n");
        first.ShouldContain("Guest");
        first.ShouldContain("at least 3 characters");
        first.ShouldContain($"Authed {name}");

        var second = await RunAsync(server, home, email, "");
        second.ShouldContain($"Authed {name}");
        second.ShouldNotContain("Guest");
    }

    private static async Task<string> RunAsync(JukeServer server, FileInFolder home, string email, string typed)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var sample = Path.Combine(AppContext.BaseDirectory, "..", "..", "Juke.Client.Sample", here, "Juke.Client.Sample.dll");
        var start = new ProcessStartInfo("dotnet", [sample, server.Url.ToString(), email, TestClient.Password]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
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
