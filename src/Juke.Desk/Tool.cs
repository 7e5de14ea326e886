using System.ComponentModel;
using System.Diagnostics;

namespace Juke.Desk;

/// <summary>Runs a program to its end and keeps what it said.</summary>
internal static class Tool
{
    public sealed record Answer(int ExitCode, string Output, string Errors)
    {
        public bool Worked => ExitCode == 0;

        /// <summary>The last line it said, errors first: usually the reason.</summary>
        public string LastLine => (Errors + "\n" + Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? $"exit code {ExitCode}";
    }

    public static async Task<Answer> RunAsync(IEnumerable<string> command, CancellationToken cancel, IReadOnlyDictionary<string, string>? environment = null, string folder = "/")
    {
        var start = Start(command, folder);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            return new(127, "", $"{start.FileName}: not found");
        }

        using (process!)
        {
            process!.StandardInput.Close();
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(cancel);
                var errors = process.StandardError.ReadToEndAsync(cancel);
                await process.WaitForExitAsync(cancel);
                return new(process.ExitCode, await output, await errors);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
    }

    /// <summary>
    /// A start in "/" unless told otherwise, because PostgreSQL's programs fail in a working directory that their user cannot
    /// enter, and without PG* and LC_* variables, which would silently point them at some other server or locale.
    /// </summary>
    public static ProcessStartInfo Start(IEnumerable<string> command, string folder)
    {
        var words = command.ToArray();
        var start = new ProcessStartInfo(words[0], words[1..]) { WorkingDirectory = folder, UseShellExecute = false };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal) || name.StartsWith("LC_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        return start;
    }
}
