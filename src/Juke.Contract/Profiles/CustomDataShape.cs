using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Juke.Contract.Profiles;

/// <summary>What every value inside <c>custom_data</c> obeys, whoever defined its key: storable, not too deep, no key twice.</summary>
internal static class CustomDataShape
{
    // PostgreSQL's numeric keeps this many digits after the point; with more it refuses the whole value.
    private const int MaxDecimals = 16_383;

    /// <summary>Null when fine, else the message.</summary>
    /// <param name="value">The object, or one value in it.</param>
    /// <param name="extra">Grows by the bytes that numbers gain when written out.</param>
    /// <param name="depth">Level of <paramref name="value"/>; the object itself is 1.</param>
    public static string? Check(JsonElement value, ref long extra, int depth = 1)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return JsonText.TryString(value, out var text) ? JsonText.Fault(text) : Messages.Surrogate;
            case JsonValueKind.Number:
                return CheckNumber(JsonMarshal.GetRawUtf8Value(value), ref extra);
            case JsonValueKind.Array:
                if (depth > ProfileFields.CustomDataMaxDepth) return Messages.TooDeep;
                foreach (var element in value.EnumerateArray())
                    if (Check(element, ref extra, depth + 1) is { } fault) return fault;
                return null;
            case JsonValueKind.Object:
                if (depth > ProfileFields.CustomDataMaxDepth) return Messages.TooDeep;
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in value.EnumerateObject())
                {
                    if (!JsonText.TryName(member, out var name)) return Messages.Surrogate;
                    if (JsonText.Fault(name) is { } fault) return fault;
                    if (!names.Add(name)) return Messages.KeyTwice(name);
                    if (Check(member.Value, ref extra, depth + 1) is { } inner) return inner;
                }
                return null;
            default:
                return null;
        }
    }

    private static string? CheckNumber(ReadOnlySpan<byte> number, ref long extra)
    {
        var e = number.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = e < 0 ? number : number[..e];
        var point = mantissa.IndexOf((byte)'.');
        var sign = mantissa[0] == '-' ? 1 : 0;
        long whole = (point < 0 ? mantissa.Length : point) - sign;
        long decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        if (e >= 0)
        {
            if (!int.TryParse(number[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)) return Messages.NumberTooLarge;
            whole = Math.Max(1, whole + exponent);
            decimals = Math.Max(0, decimals - exponent);
        }
        if (decimals > MaxDecimals || whole > ProfileFields.CustomDataMaxBytes) return Messages.NumberTooLarge;
        extra += Math.Max(0, sign + whole + (decimals == 0 ? 0 : decimals + 1) - number.Length);
        return null;
    }
}
