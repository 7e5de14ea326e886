namespace Juke.Desk.Ledger;

/// <summary>One difference between two ledgers.</summary>
/// <param name="Word"><c>new</c>, <c>gone</c> or <c>changed</c>.</param>
/// <param name="Line">The line as it is now, or as it was when it is gone.</param>
/// <param name="Before">The value that it had, when it changed.</param>
/// <param name="IsBreaking">Whether a client of the older ledger may fail.</param>
/// <param name="Reason">Why, in a few words.</param>
public sealed record WireChange(string Word, string Line, string? Before, bool IsBreaking, string Reason)
{
    /// <summary>For a message.</summary>
    public override string ToString() => $"{(IsBreaking ? "breaking" : "additive")}  {Word,-7}  {Line}{(Before is null ? "" : $"  (was: {Before})")}  -- {Reason}";
}

/// <summary>What lies between two ledgers, each difference judged.</summary>
public static class WireChanges
{
    /// <summary>Every difference, breaking ones first. What stands under a new or a gone line shares its verdict.</summary>
    public static IReadOnlyList<WireChange> Between(IEnumerable<string> before, IEnumerable<string> now)
    {
        var old = before.Select(WireLine.Parse).ToDictionary(l => l.Key, StringComparer.Ordinal);
        var served = now.Select(WireLine.Parse).ToDictionary(l => l.Key, StringComparer.Ordinal);
        var judge = new Compatibility(old, served);
        var changes = new List<WireChange>();
        foreach (var (key, line) in served)
        {
            if (!old.TryGetValue(key, out var was)) Add("new", line, null, judge.Added(line));
            else if (was.Value != line.Value) Add("changed", line, was.Value, Compatibility.Changed(was, line));
        }
        foreach (var (_, line) in old.Where(l => !served.ContainsKey(l.Key))) Add("gone", line, null, judge.Removed(line));
        return [.. changes.OrderByDescending(c => c.IsBreaking).ThenBy(c => c.Line, StringComparer.Ordinal)];

        void Add(string word, WireLine line, string? was, (bool IsBreaking, string Reason) verdict) =>
            changes.Add(new WireChange(word, line.Value.Length == 0 ? line.Key : $"{line.Key} : {line.Value}", was, verdict.IsBreaking, verdict.Reason));
    }
}
