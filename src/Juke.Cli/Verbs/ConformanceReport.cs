using System.Text.Json.Nodes;
using Juke.Conformance;
using Spectre.Console;

namespace Juke.Cli.Verbs;

/// <summary>What the kit found, scenario by scenario and rule by rule.</summary>
internal sealed class ConformanceReport(IAnsiConsole console)
{
    private static IReadOnlyDictionary<string, string> Rules => SessionVectors.BuiltIn.Rules;

    /// <summary>Advice that is not followed breaks nothing; where nothing was played nothing is proved.</summary>
    public static bool Conforms(IReadOnlyList<Verdict> verdicts) => verdicts.Any(v => v.Missing is null) && !verdicts.Any(IsBroken);

    public static void List(IAnsiConsole console, IReadOnlyList<Scenario> scenarios)
    {
        foreach (var (rule, text) in Rules) console.WriteLine($"{rule,-4} {text}");
        console.WriteLine();
        foreach (var scenario in scenarios) console.WriteLine($"{string.Join(' ', scenario.Rules),-10} {scenario.Name}{(scenario.IsAdvice ? " (advice)" : "")}");
    }

    public static JsonObject ListJson(IEnumerable<Scenario> scenarios) => new()
    {
        ["rules"] = Output.ToNode(Rules),
        ["scenarios"] = new JsonArray([.. scenarios.Select(s => new JsonObject { ["name"] = s.Name, ["rules"] = Output.ToNode(s.Rules), ["advice"] = s.IsAdvice })]),
    };

    public void Line(Verdict verdict)
    {
        var (sign, more) = verdict switch
        {
            { Missing: { } missing } => ("–", $"\n      not played: the app offers no {missing}"),
            { Scenario.IsAdvice: true, BrokenRule: not null } => ("~", $"\n      advice: {Output.Plain(verdict.What)}"),
            { BrokenRule: { } rule } => ($"✗  {rule}", $"\n      {Output.Plain(verdict.What)}"),
            _ => ("✓", ""),
        };
        console.WriteLine($"{sign,-6} {verdict.Scenario.Name}{more}");
    }

    public void Summary(IReadOnlyList<Verdict> verdicts)
    {
        console.WriteLine();
        foreach (var (rule, text) in Rules)
        {
            var word = State(rule, verdicts);
            if (word != "not tried") console.WriteLine($"{word,-7} {rule,-4} {text}");
        }
        console.WriteLine();
        var (kept, broken, left) = (verdicts.Count(v => v.IsKept), verdicts.Count(IsBroken), verdicts.Count(v => v.Missing is not null));
        console.WriteLine($"{kept} kept, {broken} broken, {left} not played");
        if (left == verdicts.Count) console.WriteLine("Nothing was played, so nothing is proved.");
    }

    public static JsonObject Json(IReadOnlyList<Verdict> verdicts) => new()
    {
        ["conforms"] = Conforms(verdicts),
        ["rules"] = new JsonArray([.. Rules.Select(r => new JsonObject { ["rule"] = r.Key, ["text"] = r.Value, ["state"] = State(r.Key, verdicts) })]),
        ["scenarios"] = new JsonArray([.. verdicts.Select(v => new JsonObject
        {
            ["name"] = v.Scenario.Name,
            ["state"] = IsBroken(v) ? "broken" : v.BrokenRule is not null ? "advice not followed" : v.Missing is not null ? "not played" : "kept",
            ["brokenRule"] = v.BrokenRule, ["what"] = v.What.Length > 0 ? v.What : null, ["missing"] = v.Missing, ["advice"] = v.Scenario.IsAdvice,
        })]),
    };

    private static bool IsBroken(Verdict verdict) => verdict.BrokenRule is not null && !verdict.Scenario.IsAdvice;

    /// <summary>Broken once is broken; kept means that a scenario proved it and none broke it.</summary>
    private static string State(string rule, IReadOnlyList<Verdict> verdicts) =>
        verdicts.Any(v => IsBroken(v) && v.BrokenRule == rule) ? "broken"
        : verdicts.Any(v => v.IsKept && !v.Scenario.IsAdvice && v.Scenario.Rules.Contains(rule, StringComparer.Ordinal)) ? "kept"
        : "not tried";
}
