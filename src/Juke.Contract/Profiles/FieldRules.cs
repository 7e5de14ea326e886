using System.Globalization;
using System.Text.Json;

namespace Juke.Contract.Profiles;

/// <summary>One rule per type of field. Each gives null and the canonical value, or the message.</summary>
internal static class FieldRules
{
    /// <summary>A text: trimmed, at most <paramref name="max"/> code points (null = no limit of its own).</summary>
    public static string? ReadText(JsonElement value, int? max, out string text)
    {
        if (JsonText.Read(value, out text) is { } fault) return fault;
        text = text.Trim();
        return max is { } limit && IsLonger(text, limit) ? Messages.TooLong(limit) : null;
    }

    /// <summary>An address of a picture: empty, or absolute http(s). What is stored already is never refused when it comes back.</summary>
    public static string? ReadUrl(JsonElement value, string stored, out string url)
    {
        if (ReadText(value, ProfileFields.NameMaxLength, out url) is { } fault) return fault;
        return url.Length == 0 || url == stored || IsUrl(url) ? null : Messages.NotAUrl;
    }

    /// <summary>
    /// A list of strings: each canonical, blank ones and exact duplicates dropped, order kept. What is longer than the
    /// limits is refused only if the stored list was not so already: the shipped editor sends back all it got.
    /// </summary>
    public static string? ReadList(JsonElement value, Func<string, string> canonical, IReadOnlyList<string> stored, out IReadOnlyList<string> entries)
    {
        entries = [];
        if (value.ValueKind == JsonValueKind.Null) return Messages.Null;
        if (value.ValueKind != JsonValueKind.Array) return Messages.NotAList(JsonText.TypeName(value));
        var kept = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var element in value.EnumerateArray())
        {
            if (JsonText.Read(element, out var text) is { } fault) return fault;
            var entry = canonical(text);
            if (entry.Length == 0 || !seen.Add(entry)) continue;
            if (IsLonger(entry, ProfileFields.EntryMaxLength) && !stored.Contains(entry, StringComparer.Ordinal)) return Messages.TooLong(ProfileFields.EntryMaxLength);
            kept.Add(entry);
        }
        if (kept.Count > ProfileFields.ListMaxEntries && kept.Count > stored.Count) return Messages.TooManyEntries;
        entries = kept;
        return null;
    }

    /// <summary>
    /// A coordinate: a finite number or the text of one, within plus or minus <paramref name="range"/> degrees, to 2 decimals.
    /// The old server took <c>true</c> for 1; that is nobody's city.
    /// </summary>
    public static string? ReadCoordinate(JsonElement value, int range, out double? coordinate)
    {
        coordinate = null;
        double number;
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.Number when value.TryGetDouble(out number):
                break;
            case JsonValueKind.String:
                if (!JsonText.TryString(value, out var text)) return Messages.Surrogate;
                if (JsonText.Fault(text) is { } fault) return fault;
                if (text.Length > 1000 || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)) return Messages.NotANumber;
                break;
            default:
                return Messages.NotANumber;
        }
        if (!double.IsFinite(number)) return Messages.NotANumber;
        if (number < -range) return Messages.AtLeast(-range);
        if (number > range) return Messages.AtMost(range);
        coordinate = Coordinates.Round(number);
        return null;
    }

    /// <summary>One of a closed list; empty = not answered.</summary>
    public static string? ReadChoice(JsonElement value, IReadOnlyList<string> choices, out string choice)
    {
        if (JsonText.Read(value, out choice) is { } fault) return fault == Messages.NotAString ? Messages.NotAChoice(JsonText.TypeName(value)) : fault;
        choice = choice.Trim();
        return choice.Length == 0 || choices.Contains(choice, StringComparer.Ordinal) ? null : Messages.NotAChoice(choice);
    }

    /// <summary>Null, an empty or blank text, an empty list: in a replayed wizard these mean "not answered" (contract §6).</summary>
    public static bool IsUnanswered(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => JsonText.TryString(value, out var text) && string.IsNullOrWhiteSpace(text),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static bool IsLonger(string text, int codePoints) => text.Length > codePoints && text.EnumerateRunes().Count() > codePoints;

    private static bool IsUrl(string text)
    {
        foreach (var c in text)
            if (char.IsWhiteSpace(c) || char.IsControl(c)) return false;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            // "http:/x" and "http:x" parse as well; what a browser would load is written with two slashes.
            && text.AsSpan(uri.Scheme.Length).StartsWith("://", StringComparison.Ordinal)
            && (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || uri.Host == "localhost"
                || (uri.HostNameType == UriHostNameType.Dns && uri.Host.Trim('.').Contains('.', StringComparison.Ordinal)));
    }
}
