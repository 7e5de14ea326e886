using System.Text.RegularExpressions;
using Juke.Conformance;

namespace Juke.Client.Tests;

/// <summary>src/Juke.Client/session.md shows the states that there are and the ways that the golden scenarios walk.</summary>
public sealed partial class DiagramTests
{
    private static readonly List<(string From, string To)> Drawn =
        [.. Arrow().Matches(Repository.Read("src/Juke.Client/session.md")).Select(m => (m.Groups[1].Value, m.Groups[2].Value))];

    [Fact]
    public void Every_status_is_drawn_and_no_other() =>
        Drawn.SelectMany(a => new[] { a.From, a.To }).Where(s => s != "[*]").Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(Enum.GetNames<SessionStatus>().Select(KitApp.Camel).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_way_that_a_scenario_walks_is_drawn_and_no_other() =>
        Drawn.Where(a => a.From != "[*]").Order().ShouldBe(SessionVectors.BuiltIn.Scenarios.SelectMany(Walked).Distinct().Order(), "draw the arrow in src/Juke.Client/session.md, or write the scenario");

    private static IEnumerable<(string From, string To)> Walked(Scenario scenario)
    {
        foreach (var window in new[] { "a", "b" })
        {
            (string? Status, bool? Required) at = ("loading", null);
            foreach (var step in scenario.Steps.Where(s => s.Window == window))
            {
                if (step.Do == "restart") at = ("loading", null);
                if (step.State is null || (step.State, step.OnboardingRequired) == at) continue;
                // A state without a word on onboarding is the same one again.
                if (step.State != at.Status || step.OnboardingRequired is not null) yield return (at.Status!, step.State);
                at = (step.State, step.OnboardingRequired);
            }
        }
    }

    [GeneratedRegex(@"^\s*(\[\*\]|\w+) --> (\w+)", RegexOptions.Multiline)]
    private static partial Regex Arrow();
}
