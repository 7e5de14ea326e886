using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Juke.Conformance;

namespace Juke.Cli.Verbs;

/// <summary><c>juke conformance</c>: plays every scenario against an app, whatever its language (docs/how-to/build-a-client.md).</summary>
internal static class ConformanceVerb
{
    private const int UsualPort = 7357;

    /// <summary>Longer than a day nobody waits for an app.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static Command Build(Shell shell)
    {
        var port = new Option<int>("--port") { Description = "Where the app asks for its commands, on this machine.", DefaultValueFactory = _ => UsualPort };
        var only = new Option<string?>("--only") { Description = "Only scenarios of this rule (R1 to R10), or whose name holds this text." };
        var patience = new Option<double>("--patience") { Description = "Seconds to wait for a call or a state before a rule counts as broken.", DefaultValueFactory = _ => 10 };
        var wait = new Option<double>("--wait") { Description = "Seconds to wait for the app to come.", DefaultValueFactory = _ => 120 };
        var list = new Option<bool>("--list") { Description = "Only list rules and scenarios." };
        var app = new Argument<string[]>("APP") { Description = "After --: a program to start, with its words. It finds the kit's address in JUKE_KIT.", Arity = ArgumentArity.ZeroOrMore };
        var verb = new Command("conformance", "Prove a client against the contract: a scripted server plays every scenario of session.json, and says which rules the app kept and broke.")
        {
            port, only, patience, wait, list, app,
        };
        verb.SetAction((words, cancellation) => shell.RunAsync(words, async run =>
        {
            var scenarios = Chosen(words.GetValue(only));
            var (call, come) = (Seconds("--patience", words.GetValue(patience)), Seconds("--wait", words.GetValue(wait)));
            if (words.GetValue(list)) return run.Answer(ConformanceReport.ListJson(scenarios), console => ConformanceReport.List(console, scenarios));
            await using var channel = await OpenAsync(words.GetValue(port));
            run.Note($"The kit is at {channel.Url.GetLeftPart(UriPartial.Authority)}. The app asks GET /kit/next there.");
            using var started = Start(words.GetValue(app)!, channel.Url);
            try
            {
                await ComeAsync(channel, come, started, run);
                return await PlayAsync(run, new Kit(channel, new KitPatience(call)), scenarios);
            }
            finally
            {
                if (started is { HasExited: false }) started.Kill(entireProcessTree: true);
            }
        }, cancellation));
        return verb;
    }

    private static List<Scenario> Chosen(string? only)
    {
        var all = SessionVectors.BuiltIn.Scenarios;
        List<Scenario> chosen = only is null ? [.. all]
            : SessionVectors.BuiltIn.Rules.ContainsKey(only) ? [.. all.Where(s => s.Rules.Contains(only, StringComparer.Ordinal))]
            : [.. all.Where(s => s.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        return chosen.Count > 0 ? chosen : throw Refusal.WrongWords($"--only: no scenario has '{only}'. See: juke conformance --list");
    }

    private static TimeSpan Seconds(string option, double seconds) => seconds > 0 && seconds <= Longest.TotalSeconds
        ? TimeSpan.FromSeconds(seconds)
        : throw Refusal.WrongWords(string.Create(CultureInfo.InvariantCulture, $"{option}: a number of seconds above 0, at most {Longest.TotalSeconds}."));

    private static async Task<AppChannel> OpenAsync(int port)
    {
        if (port is < 0 or > IPEndPoint.MaxPort) throw Refusal.WrongWords(string.Create(CultureInfo.InvariantCulture, $"--port: 0 to {IPEndPoint.MaxPort}; 0 is any that is free."));
        try
        {
            return await AppChannel.OpenAsync(port);
        }
        catch (IOException)
        {
            throw Refusal.WrongWords(string.Create(CultureInfo.InvariantCulture, $"--port: something else listens at {port}. Give another, or 0 for any."));
        }
        catch (SocketException)
        {
            // The low ones belong to the administrator.
            throw Refusal.WrongWords(string.Create(CultureInfo.InvariantCulture, $"--port: {port} may not be listened at here. Give another, or 0 for any."));
        }
    }

    private static Process? Start(string[] app, Uri kit)
    {
        if (app.Length == 0) return null;
        // What the app says goes where what we say meanwhile goes: not into the answer.
        var start = new ProcessStartInfo(app[0], app[1..]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["JUKE_KIT"] = kit.GetLeftPart(UriPartial.Authority);
        try
        {
            var process = Process.Start(start)!;
            process.OutputDataReceived += (_, line) =>
            {
                if (line.Data is not null) Console.Error.WriteLine(line.Data);
            };
            process.BeginOutputReadLine();
            return process;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw Refusal.WrongWords($"'{app[0]}' cannot be started.");
        }
    }

    private static async Task ComeAsync(AppChannel channel, TimeSpan patience, Process? started, Run run)
    {
        var ended = started?.WaitForExitAsync(run.Cancellation) ?? Task.Delay(Timeout.Infinite, run.Cancellation);
        var late = Task.Delay(patience, run.Cancellation);
        var first = await Task.WhenAny(channel.Present, ended, late);
        run.Cancellation.ThrowIfCancellationRequested();
        if (first == ended) throw new Refusal(ExitCode.Failed, "APP_ENDED", "The app ended before it asked for a command.");
        if (first == late) throw new Refusal(ExitCode.Failed, "NO_APP", "No app asked for a command. Is it told where the kit is?");
    }

    private static async Task<int> PlayAsync(Run run, Kit kit, List<Scenario> scenarios)
    {
        var report = new ConformanceReport(run.Terminal.Console);
        var verdicts = new List<Verdict>();
        foreach (var scenario in scenarios)
        {
            // Who stops does not wait for the end of a scenario: without a clock that is minutes away.
            var verdict = await kit.PlayAsync(scenario).WaitAsync(run.Cancellation);
            // An app that died would be waited for in every scenario that is left.
            if (verdict.Fault is { } fault) throw new Refusal(ExitCode.Failed, fault, $"In \"{verdict.Scenario.Name}\" {verdict.What}. {HelpFor(fault)}");
            verdicts.Add(verdict);
            run.Tell(_ => report.Line(verdict));
        }
        await kit.EndAsync();
        run.Answer(ConformanceReport.Json(verdicts), _ => report.Summary(verdicts));
        return ConformanceReport.Conforms(verdicts) ? ExitCode.Done : ExitCode.Failed;
    }

    private static string HelpFor(string fault) => fault == AppFault.Silent
        ? "It has to answer every command at once; calls are begun and not waited for."
        : "What it has to answer stands in docs/how-to/build-a-client.md, \"The loop\".";
}
