using System.Text.RegularExpressions;

namespace Juke.Cli.Tests.Conformance;

/// <summary><c>juke conformance</c> at any port: where it listens is what it says.</summary>
internal static partial class KitAtDesk
{
    /// <summary>Types it with these words besides, and comes back when the kit listens.</summary>
    public static async Task<(Uri Kit, Task<Said> Playing)> OpenAsync(Desk desk, params string[] words)
    {
        var said = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        desk.Listener = line =>
        {
            if (Address().Match(line) is { Success: true } address) said.TrySetResult(new Uri(address.Groups[1].Value));
        };
        var playing = desk.RunAsync(["conformance", "--port", "0", .. words]);
        if (await Task.WhenAny(said.Task, playing) == playing) throw new InvalidOperationException("It ended: " + (await playing).Error);
        return (await said.Task, playing);
    }

    [GeneratedRegex("^The kit is at (http://[0-9.:]+)\\. ")]
    private static partial Regex Address();
}
