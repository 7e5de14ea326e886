using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Juke.Conformance;

/// <summary>How long the kit waits, in real time.</summary>
/// <param name="Call">For an expected call, state or answer.</param>
public sealed record KitPatience(TimeSpan Call)
{
    /// <summary>How often something is looked at.</summary>
    internal static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(15);

    /// <summary>How long a call that nobody expects may stand before one that is expected.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(400);

    /// <summary>Enough for an app on a busy machine.</summary>
    public static KitPatience Usual { get; } = new(TimeSpan.FromSeconds(10));

    internal long Deadline() => Environment.TickCount64 + (long)Call.TotalMilliseconds;

    internal static long Grace() => Environment.TickCount64 + (long)Moment.TotalMilliseconds;

    internal static bool IsOver(long deadline) => Environment.TickCount64 > deadline;
}

/// <summary>What the app says of itself. Every report is held against what is true at any time: the routing table, and what may be kept.</summary>
internal sealed partial class AppReports(AppChannel channel, KitPatience patience, Func<string, BrokenException> broken, Action answerAllowed)
{
    public async Task<JsonObject> SendAsync(JsonObject command)
    {
        try
        {
            return await channel.SendAsync(command, patience.Call * 3);
        }
        catch (TimeoutException)
        {
            throw new BrokenException("kit", $"the app did not answer the command {(string?)command["do"]}");
        }
    }

    /// <summary>Waits until the window is in this state.</summary>
    public Task StateAsync(Step expected) => UntilAsync(report =>
    {
        var window = WindowOf(report, expected.Window);
        if ((string?)window["status"] != expected.State) return $"the app is {(string?)window["status"] ?? "nothing"} instead of {expected.State}";
        if (expected.OnboardingRequired is { } required && (bool?)window["onboardingRequired"] != required)
            return $"the app says onboardingRequired {window["onboardingRequired"]?.ToJsonString() ?? "null"} instead of {(required ? "true" : "false")}";
        return null;
    });

    public Task ResultAsync(Step expected) => UntilAsync(report =>
    {
        var outcome = report["results"]?[expected.Result!];
        if (outcome is null) return $"the app's call {expected.Result} has not ended";
        return expected.Is!.Any(i => JsonNode.DeepEquals(i, outcome)) ? null : $"the app's call {expected.Result} ended with {outcome.ToJsonString()}";
    });

    /// <param name="tokens">Every token that is kept.</param>
    /// <param name="wait">False where it must be so at this very moment.</param>
    public Task StoreAsync(IReadOnlyList<string> tokens, bool wait) => UntilAsync(
        report =>
        {
            var kept = RefreshToken().Matches(Kept(report)).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal).ToList();
            return kept.SequenceEqual(tokens.Order(StringComparer.Ordinal)) ? null : $"the store holds [{string.Join(", ", kept)}] instead of [{string.Join(", ", tokens)}]";
        },
        wait);

    /// <summary>Everything that is kept, as one text.</summary>
    public async Task<string> KeptAsync() => Kept(await ReportAsync());

    private async Task UntilAsync(Func<JsonObject, string?> difference, bool wait = true)
    {
        var deadline = patience.Deadline();
        answerAllowed();
        while (difference(await ReportAsync()) is { } what)
        {
            answerAllowed();
            if (!wait || KitPatience.IsOver(deadline)) throw broken(what);
            await Task.Delay(KitPatience.Blink);
        }
    }

    private async Task<JsonObject> ReportAsync()
    {
        var report = await SendAsync(new JsonObject { ["do"] = AppCommand.Report });
        var kept = Kept(report);
        if (kept.Contains("access-", StringComparison.Ordinal)) throw new BrokenException("R7", "the store holds an access token");
        if (kept.Contains("onboarding", StringComparison.OrdinalIgnoreCase)) throw new BrokenException("R8", "the store holds something about onboarding");
        foreach (var (name, window) in report["windows"]?.AsObject() ?? [])
            if (WrongRoute(window!.AsObject()) is { } wrong) throw new BrokenException("R1", $"window {name}: {wrong}");
        return report;
    }

    private static string? WrongRoute(JsonObject window)
    {
        var status = (string?)window["status"];
        var required = (bool?)window["onboardingRequired"] ?? false;
        foreach (var row in SessionVectors.Routes.Where(r => r.Status == status && r.OnboardingRequired == required))
        {
            if ((string?)window["routes"]?[row.Route] is { } then && then != row.Then)
                return $"{status}{(required ? " with onboarding required" : "")}, a screen of kind {row.Route} leads to {then} instead of {row.Then}";
        }
        return null;
    }

    private static JsonNode WindowOf(JsonObject report, string name) => report["windows"]?[name] ?? new JsonObject();

    private static string Kept(JsonObject report) => report["store"] switch
    {
        null => "",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        var json => json.ToJsonString(),
    };

    [GeneratedRegex("refresh-[0-9]+")]
    private static partial Regex RefreshToken();
}
