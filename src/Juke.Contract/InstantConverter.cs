using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Juke.Contract;

/// <summary>
/// Instants on the wire: UTC, <c>Z</c>, and none, three or six fraction digits, because shipped iOS apps read nothing else
/// (contract §7). Any offset is read.
/// </summary>
public sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var instant) ? instant : throw new JsonException("Expected an ISO 8601 date and time.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Format(value));

    /// <summary>The text of an instant, cut to microseconds.</summary>
    public static string Format(DateTimeOffset value)
    {
        var micros = value.UtcTicks % TimeSpan.TicksPerSecond / 10;
        var format = micros == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : micros % 1000 == 0 ? "yyyy-MM-ddTHH:mm:ss.fffZ" : "yyyy-MM-ddTHH:mm:ss.ffffffZ";
        return value.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
    }
}
