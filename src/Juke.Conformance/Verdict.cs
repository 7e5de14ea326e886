namespace Juke.Conformance;

/// <summary>How a scenario went.</summary>
/// <param name="Scenario">Which.</param>
/// <param name="BrokenRule">The rule that the app broke; null when it kept all.</param>
/// <param name="What">What it did instead; empty when it kept all.</param>
/// <param name="Missing">What the app does not offer and the scenario needs; null when it was played.</param>
/// <param name="Fault">One of <see cref="AppFault"/> when the app and the kit do not understand each other, so that nothing can be said of rules.</param>
public sealed record Verdict(Scenario Scenario, string? BrokenRule, string What, string? Missing = null, string? Fault = null)
{
    /// <summary>Whether it was played and nothing was broken.</summary>
    public bool IsKept => BrokenRule is null && Missing is null && Fault is null;
}

/// <summary>Why an app could not be played: what is wrong is its side of the channel, not its session.</summary>
public static class AppFault
{
    /// <summary>It did not answer a command.</summary>
    public const string Silent = "APP_SILENT";

    /// <summary>It answered something that docs/how-to/build-a-client.md does not know.</summary>
    public const string Unreadable = "APP_UNREADABLE";
}

/// <summary>The app did something else than the scenario says.</summary>
internal sealed class BrokenException(string rule, string what) : Exception(what)
{
    public string Rule => rule;
}

/// <summary>The app's answer to a command is missing or means nothing.</summary>
internal sealed class AppFaultException(string code, string what) : Exception(what)
{
    /// <summary>One of <see cref="AppFault"/>.</summary>
    public string Code => code;

    public static AppFaultException Unreadable(string what) => new(AppFault.Unreadable, what);
}
