using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Juke.Conformance;

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

    /// <summary>What is in a state, each with the rule that was broken.</summary>
    public static IEnumerable<string> States(JsonNode report, string state) =>
        report["scenarios"]!.AsArray().Where(s => s!["state"]!.GetValue<string>() == state).Select(s => $"{s!["brokenRule"]?.GetValue<string>()} {s["name"]!.GetValue<string>()}");

    /// <summary>Plays an app and comes back when the kit is done.</summary>
    public static Task<Said> PlayAsync(Func<JsonObject, Task<JsonObject>> app, double patience, params string[] words) => PlayAsync(app, patience, isJson: true, words);

    public static async Task<Said> PlayAsync(Func<JsonObject, Task<JsonObject>> app, double patience, bool isJson, params string[] words)
    {
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        var (kit, playing) = await OpenAsync(desk, ["--patience", FormattableString.Invariant($"{patience}"), .. isJson ? new[] { "--json" } : [], .. words]);
        await FollowAsync(kit, app, playing);
        return await playing;
    }

    /// <summary>Obeys the kit until it is gone.</summary>
    public static async Task FollowAsync(Uri kit, Func<JsonObject, Task<JsonObject>> app, Task playing)
    {
        while (!playing.IsCompleted)
        {
            try
            {
                await KitLoop.RunAsync(kit, app, TestContext.Current.CancellationToken);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken); // The kit is not there any more.
            }
        }
    }

    [GeneratedRegex("^The kit is at (http://[0-9.:]+)\\. ")]
    private static partial Regex Address();
}
