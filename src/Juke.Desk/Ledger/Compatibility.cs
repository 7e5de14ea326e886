using System.Globalization;

namespace Juke.Desk.Ledger;

/// <summary>
/// The rules: what a client of the older ledger can live with. Clients ignore members that they do not know and fall back on
/// the status for a code that they do not know; they send only what the older ledger allows.
/// </summary>
internal sealed class Compatibility(IReadOnlyDictionary<string, WireLine> old, IReadOnlyDictionary<string, WireLine> now)
{
    public (bool IsBreaking, string Reason) Added(WireLine line)
    {
        if (line.Parent is { } parent && !old.ContainsKey(parent) && now.TryGetValue(parent, out var above)) return Added(above);
        var isAsked = Words(line).Contains("required", StringComparer.Ordinal);
        return line.Kind switch
        {
            PlaceKind.Security when !old.Keys.Any(k => k.StartsWith(line.Parent + " security ", StringComparison.Ordinal)) => (true, "it was open, now a credential is asked"),
            PlaceKind.Parameter or PlaceKind.Body when isAsked => (true, "older clients do not send it"),
            PlaceKind.Member when line.IsSent && isAsked => (true, "older clients do not send it"),
            PlaceKind.Choice when line.IsProblem => (false, "clients fall back on the status"),
            PlaceKind.Choice when line.IsSent => HadChoices(old, line) ? (false, "one more value is read") : (true, "any value was read, now only some are"),
            PlaceKind.Choice => HadChoices(old, line) ? (true, "older clients do not know the value") : (false, "fewer values than before"),
            PlaceKind.Status when IsPassing(line) => (false, "every client waits and tries again at 429 and 503"),
            PlaceKind.Status => (true, "older clients do not expect the status"),
            PlaceKind.Code => (false, "clients fall back on the status"),
            _ => (false, "older clients do without it"),
        };
    }

    public (bool IsBreaking, string Reason) Removed(WireLine line)
    {
        if (line.Parent is { } parent && !now.ContainsKey(parent) && old.TryGetValue(parent, out var above)) return Removed(above);
        return line.Kind switch
        {
            PlaceKind.Security when !now.Keys.Any(k => k.StartsWith(line.Parent + " security ", StringComparison.Ordinal)) => (false, "a credential is not asked any more"),
            PlaceKind.Choice when line.IsSent => HadChoices(now, line) ? (true, "older clients may send it") : (false, "any value is read now"),
            PlaceKind.Choice when !line.IsProblem => HadChoices(now, line) ? (false, "one value fewer to know") : (true, "any value may come now"),
            PlaceKind.Code or PlaceKind.Choice => (true, "clients that branch on it wait in vain"),
            _ when line.IsSent => (true, "older clients send it"),
            _ => (true, "older clients count on it"),
        };
    }

    public static (bool IsBreaking, string Reason) Changed(WireLine was, WireLine line)
    {
        if (line.Kind == PlaceKind.Operation)
            return Array.IndexOf(Levels, line.Value) > Array.IndexOf(Levels, was.Value) ? (true, "the gate asks for more") : (false, "the gate asks for less");
        if (line.Kind is PlaceKind.Scheme or PlaceKind.Code) return (true, "clients build on it");

        var (before, after) = (Words(was), Words(line));
        if (line.Kind == PlaceKind.Body) return after[0] == "required" ? (true, "older clients may leave it out") : (false, "it may be left out now");
        // Whoever reads must be able to take all that whoever writes may write; which side is newer is turned round for answers.
        var (writes, reads, side) = line.IsSent ? (before, after, "older clients may send") : (after, before, "older clients do not expect");
        if (!Covers(reads[0], writes[0])) return (true, $"{side} {writes[0]}");
        // A required member may be counted on; an optional one may be missing.
        if (reads.Contains("required", StringComparer.Ordinal) && writes.Contains("optional", StringComparer.Ordinal)) return (true, line.IsSent ? "older clients may leave it out" : "older clients count on it");
        if (line.IsSent && after.Contains("closed", StringComparer.Ordinal) && !before.Contains("closed", StringComparer.Ordinal)) return (true, "older clients may send other members");
        if (line.IsSent && Limit(before, "default") != Limit(after, "default")) return (true, "what an absent value means");
        foreach (var name in Forms)
            if (Limit(reads, name) != Limit(writes, name)) return (true, $"{side} another {name}");
        foreach (var name in Fixed)
            if (Limit(reads, name) is { } read && read != Limit(writes, name)) return (true, $"{side} another {name}");
        foreach (var name in Bounds)
            if (Limit(reads, name) is { } read && !IsWithin(Limit(writes, name), read, name)) return (true, $"{side} values beyond {name}={read}");
        return (false, line.IsSent ? "all that older clients send is read" : "older clients can read it");
    }

    private static readonly string[] Levels = ["Anonymous", "SignedIn", "Onboarded"];
    private static readonly string[] Forms = ["encoding", "explode"];
    private static readonly string[] Fixed = ["format", "pattern"];
    private static readonly string[] Bounds = ["minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"];

    // R6 of contract/vectors/session.json: any call may be told to come back later.
    private static bool IsPassing(WireLine line) => line.Key.EndsWith(" 429", StringComparison.Ordinal) || line.Key.EndsWith(" 503", StringComparison.Ordinal);

    private static string[] Words(WireLine line) => line.Value.Split(' ');

    private static string? Limit(string[] words, string name) => Array.Find(words, w => w.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static bool IsWithin(string? writes, string reads, string name)
    {
        if (writes is null) return false;
        var (inner, outer) = (decimal.Parse(writes, CultureInfo.InvariantCulture), decimal.Parse(reads, CultureInfo.InvariantCulture));
        return name.StartsWith("min", StringComparison.Ordinal) ? inner >= outer : inner <= outer;
    }

    private static bool Covers(string reads, string writes)
    {
        var accepted = reads.Split('|');
        return accepted.Contains("any", StringComparer.Ordinal)
            || writes.Split('|').All(t => accepted.Contains(t, StringComparer.Ordinal) || (t == "integer" && accepted.Contains("number", StringComparer.Ordinal)));
    }

    private static bool HadChoices(IReadOnlyDictionary<string, WireLine> lines, WireLine choice) => lines.Keys.Any(k => k.StartsWith(choice.Parent + " = ", StringComparison.Ordinal));
}
