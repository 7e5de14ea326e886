using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Juke.Server.Import;

/// <summary>What a dry run would do with each user, a JSON line each, and how often each reason was given.</summary>
internal sealed partial class DryRunReport(TextWriter? lines)
{
    /// <summary>Reasons in the summary; the lines have all of them.</summary>
    private const int Shown = 40;

    private readonly Dictionary<(string Kind, string Field, string Reason), long> reasons = [];

    public void Add(long id, string status, IReadOnlyList<Remark> remarks)
    {
        foreach (var remark in remarks)
        {
            var key = (remark.Kind, Place.Replace(remark.Field, ""), Digits.Replace(remark.Reason, "N"));
            reasons[key] = reasons.GetValueOrDefault(key) + 1;
        }
        lines?.WriteLine(CertificateLine.Of(id, status, null, remarks, null, null));
    }

    /// <summary>Kind, field and reason with their counts, the most frequent first.</summary>
    public string Reasons()
    {
        var text = new StringBuilder();
        foreach (var ((kind, field, reason), count) in reasons.OrderByDescending(r => r.Value).ThenBy(r => r.Key.Field, StringComparer.Ordinal).Take(Shown))
            text.Append(CultureInfo.InvariantCulture, $"\n{count,9:N0}  {kind,-8}  {field}: {reason}");
        if (reasons.Count > Shown) text.Append(CultureInfo.InvariantCulture, $"\n{reasons.Count - Shown,9:N0}  more reasons: see --certificate FILE.");
        return text.ToString();
    }

    [GeneratedRegex(@"\[[0-9]+\]")]
    private static partial Regex Place { get; }

    [GeneratedRegex("[0-9]{3,}")]
    private static partial Regex Digits { get; }
}
