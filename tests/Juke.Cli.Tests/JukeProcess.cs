using System.Diagnostics;
using System.Text;

namespace Juke.Cli.Tests;

/// <summary><c>juke</c> as a process of its own, on the machine of a desk, with pipes for a terminal.</summary>
internal static class JukeProcess
{
    /// <summary>The program, built beside this assembly.</summary>
    private static string Program => typeof(Commands).Assembly.Location;

    public static Task<Said> RunAsync(Desk desk, string input, params string[] words) => RunAsync(desk, input, "dotnet", [Program, .. words]);

    public static async Task<Said> RunAsync(Desk desk, string input, string program, IEnumerable<string> words)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in desk.Variables) start.Environment[name] = value;
        start.Environment.Remove("XDG_STATE_HOME");
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Said(process.ExitCode, await output, await error);
    }

    /// <summary>
    /// Sits at a terminal of its own (<c>script</c> of util-linux makes one) and types each text once what comes before it is on the screen.
    /// U+0003 is Ctrl-C: the terminal sends SIGINT.
    /// </summary>
    public static async Task<Said> SitAsync(Desk desk, IReadOnlyList<(string Seen, string Typed)> keys, params string[] words)
    {
        // A test run in the background of a shell is deaf to SIGINT, and so would be its children.
        string[] command = ["env", "--default-signal=INT", "dotnet", Program, .. words];
        var start = new ProcessStartInfo("script", ["-qec", string.Join(' ', command.Select(w => $"'{w}'")), "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in desk.Variables) start.Environment[name] = value;
        start.Environment.Remove("XDG_STATE_HOME");
        start.Environment["TERM"] = "xterm";
        using var process = Process.Start(start)!;
        var screen = new StringBuilder();
        var piece = new char[4096];
        var next = 0;
        for (int read; (read = await process.StandardOutput.ReadAsync(piece, TestContext.Current.CancellationToken)) > 0;)
        {
            screen.Append(piece, 0, read);
            if (next == keys.Count || !screen.ToString().Contains(keys[next].Seen, StringComparison.Ordinal)) continue;
            await process.StandardInput.WriteAsync(keys[next++].Typed);
            await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        }
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Said(process.ExitCode, screen.ToString(), "");
    }
}
