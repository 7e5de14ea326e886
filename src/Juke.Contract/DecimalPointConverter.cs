using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Juke.Contract;

/// <summary>
/// Floating-point numbers as the old server shows them: always with a point (<c>0</c> is <c>0.0</c>) and with the sign of
/// zero (<c>-0.0</c>) (legacy-wire.md A.1). JSON has no word for a number that is not finite; null stands for it.
/// </summary>
public sealed class DecimalPointConverter : JsonConverter<double>
{
    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value)) writer.WriteRawValue(Format(value), skipInputValidation: true);
        else writer.WriteNullValue();
    }

    /// <summary>The shortest text that reads back as the same number, with a point or an exponent in it.</summary>
    public static string Format(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        return text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0";
    }
}
