using System.Diagnostics;

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
}
