namespace Juke.Conformance;

/// <summary>How a scenario went.</summary>
/// <param name="Scenario">Which.</param>
/// <param name="BrokenRule">The rule that the app broke; null when it kept all.</param>
/// <param name="What">What it did instead; empty when it kept all.</param>
/// <param name="Missing">What the app does not offer and the scenario needs; null when it was played.</param>
public sealed record Verdict(Scenario Scenario, string? BrokenRule, string What, string? Missing = null)
{
    /// <summary>Whether it was played and nothing was broken.</summary>
    public bool IsKept => BrokenRule is null && Missing is null;
}

/// <summary>The app did something else than the scenario says.</summary>
internal sealed class BrokenException(string rule, string what) : Exception(what)
{
    public string Rule => rule;
}
