using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Juke.Contract.Profiles;

/// <summary>
/// <c>onboarding_completed_at</c> as old clients send it. That it can be read makes it a request to complete; the date
/// itself counts only for imported rows (contract §6; legacy-drift.md §7).
/// </summary>
public static partial class CompletionMarker
{
    /// <summary>
    /// The instant, to microseconds; null when the value is not one. Read are ISO 8601 dates, alone or with a time after
    /// <c>T</c> or one space, to minutes, seconds or up to 9 decimals, with <c>Z</c>, an offset or none (then UTC). Not read:
    /// anything that is no string, padding, lower case, basic format, week dates, hour 24, second 60, a missing day.
    /// </summary>
    public static DateTimeOffset? Read(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && JsonText.TryString(value, out var text) ? Read(text) : null;

    /// <inheritdoc cref="Read(JsonElement)"/>
    public static DateTimeOffset? Read(string text)
    {
        if (text.Length > 40 || !Shape.IsMatch(text)) return null;
        var match = Shape.Match(text);
        if (!DateTime.TryParseExact(match.Groups["date"].ValueSpan, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return null;
        int hour = Number("hour"), minute = Number("minute"), second = Number("second"), offsetHours = Number("oh"), offsetMinutes = Number("om");
        if (hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return null;
        var micros = int.Parse(match.Groups["fraction"].Value.PadRight(6, '0').AsSpan(0, 6), CultureInfo.InvariantCulture);
        var offset = ((offsetHours * 60) + offsetMinutes) * TimeSpan.TicksPerMinute;
        var ticks = date.Ticks + (((((hour * 60) + minute) * 60) + second) * TimeSpan.TicksPerSecond) + (micros * 10L)
            + (match.Groups["sign"].ValueSpan is "-" ? offset : -offset);
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new DateTimeOffset(ticks, TimeSpan.Zero);

        int Number(string group) => match.Groups[group] is { Success: true } digits ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(
        @"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})([T ](?<hour>[0-9]{2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})(\.(?<fraction>[0-9]{1,9}))?)?(Z|(?<sign>[+-])(?<oh>[0-9]{2})(:?(?<om>[0-9]{2}))?)?)?\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Shape { get; }
}
