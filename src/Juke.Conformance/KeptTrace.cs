using System.Text.RegularExpressions;

namespace Juke.Conformance;

/// <summary>
/// What can be known of R7 and R8 from what an app keeps: an access token that the kit gave, a name that only a note about onboarding
/// has, and, whatever its name, something that comes and goes with <c>onboardingRequired</c> while nothing else changes. A note that is
/// written once and never read cannot be told from any other; one that is read shows in the state after a restart.
/// </summary>
internal sealed partial class KeptTrace
{
    private readonly List<(bool IsRequired, string Kept)> seen = [];

    /// <exception cref="BrokenException">Something is kept that must not be.</exception>
    public void Look(AppReport report)
    {
        if (AccessToken().IsMatch(report.Kept)) throw new BrokenException("R7", "the store holds an access token");
        if (OnboardingNote().Match(report.Kept) is { Success: true } note) throw new BrokenException("R8", $"the store holds something about onboarding: {note.Value}");
        // Two windows share one store and may know different things for a moment.
        if (report.Windows.Count == 1 && report.Windows.Values.Single() is { OnboardingRequired: { } required } && ComesAndGoes(required, report.Kept))
            throw new BrokenException("R8", "what the store holds changes with onboarding, and back: something of it is stored");
    }

    private bool ComesAndGoes(bool required, string kept)
    {
        if (seen.Count > 0 && seen[^1] == (required, kept)) return false;
        seen.Add((required, kept));
        var before = seen.IndexOf((required, kept));
        return seen.Skip(before).Any(s => s.IsRequired != required && s.Kept != kept);
    }

    [GeneratedRegex("access-[0-9]+")]
    private static partial Regex AccessToken();

    // Not the bare word: a keychain service or a bundle may be called so.
    [GeneratedRegex("onboarding[_ -]?(required|done|completed?|needed|finished|state|status|step)|(?<![a-z])(needs|is|has|skip(ped)?|completed?|finished)[_ -]?onboard(ed|ing)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OnboardingNote();
}
