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

    /// <summary>How long the app may take to answer a command. That is no rule, so a busy machine is waited for even where the patience is short.</summary>
    internal TimeSpan Answer => TimeSpan.FromTicks(Math.Max(Call.Ticks * 3, Usual.Call.Ticks));

    internal long Deadline() => Environment.TickCount64 + (long)Call.TotalMilliseconds;

    internal static long Grace() => Environment.TickCount64 + (long)Moment.TotalMilliseconds;

    internal static bool IsOver(long deadline) => Environment.TickCount64 > deadline;
}

/// <summary>What the app says of itself. Every report is held against what is true at any time: the routing table, and what may be kept.</summary>
internal sealed partial class AppReports(AppChannel channel, KitPatience patience, Func<string, BrokenException> broken, Action answerAllowed)
{
    private readonly KeptTrace trace = new();

    /// <exception cref="AppFaultException">No answer, or one that is not read.</exception>
    public async Task<JsonObject> SendAsync(JsonObject command)
    {
        try
        {
            return await channel.SendAsync(command, patience.Answer);
        }
        catch (TimeoutException)
        {
            throw new AppFaultException(AppFault.Silent, $"the app did not answer the command {StrictJson.Text(command["do"])}");
        }
    }

    /// <summary>Waits until the window is in this state.</summary>
    public Task StateAsync(Step expected) => UntilAsync(report =>
    {
        var window = report.Windows.GetValueOrDefault(expected.Window);
        if (window?.Status != expected.State) return $"the app is {window?.Status ?? "nothing"} instead of {expected.State}";
        if (expected.OnboardingRequired is { } required && window!.OnboardingRequired != required)
            return $"the app says onboardingRequired {Say(window.OnboardingRequired)} instead of {Say(required)}";
        return null;
    });

    public Task ResultAsync(Step expected) => UntilAsync(report =>
    {
        var outcome = report.Results[expected.Result!];
        if (outcome is null) return $"the app's call {expected.Result} has not ended";
        return expected.Is!.Any(i => JsonNode.DeepEquals(i, outcome)) ? null : $"the app's call {expected.Result} ended with {StrictJson.Show(outcome)}";
    });

    /// <param name="tokens">Every token that is kept.</param>
    /// <param name="wait">False where it must be so at this very moment.</param>
    public Task StoreAsync(IReadOnlyList<string> tokens, bool wait) => UntilAsync(
        report =>
        {
            var kept = RefreshToken().Matches(report.Kept).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal).ToList();
            return kept.SequenceEqual(tokens.Order(StringComparer.Ordinal)) ? null : $"the store holds [{string.Join(", ", kept)}] instead of [{string.Join(", ", tokens)}]";
        },
        wait);

    /// <summary>Everything that is kept, as one text.</summary>
    public async Task<string> KeptAsync() => (await ReportAsync()).Kept;

    private async Task UntilAsync(Func<AppReport, string?> difference, bool wait = true)
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

    private async Task<AppReport> ReportAsync()
    {
        var report = AppReport.Read(await SendAsync(new JsonObject { ["do"] = AppCommand.Report }));
        trace.Look(report);
        foreach (var (name, window) in report.Windows)
            if (window.WrongRoute() is { } wrong) throw new BrokenException("R1", $"window {name}: {wrong}");
        return report;
    }

    private static string Say(bool? required) => required switch { true => "true", false => "false", null => "null" };

    [GeneratedRegex("refresh-[0-9]+")]
    private static partial Regex RefreshToken();
}
