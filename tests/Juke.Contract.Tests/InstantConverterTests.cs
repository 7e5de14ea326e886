using System.Text.Json;

namespace Juke.Contract.Tests;

public sealed class InstantConverterTests
{
    private static readonly JsonSerializerOptions Options = new(JukeJson.Plain.Options);

    [Theory]
    [InlineData(0, "2026-02-01T10:00:00Z")]
    [InlineData(1_230_000, "2026-02-01T10:00:00.123Z")]
    [InlineData(1_234_560, "2026-02-01T10:00:00.123456Z")]
    [InlineData(1_234_569, "2026-02-01T10:00:00.123456Z")]
    [InlineData(9, "2026-02-01T10:00:00Z")]
    [InlineData(10, "2026-02-01T10:00:00.000001Z")]
    public void Writes_none_three_or_six_digits_because_iOS_reads_no_other(long ticks, string text) =>
        InstantConverter.Format(new DateTimeOffset(2026, 2, 1, 12, 0, 0, TimeSpan.FromHours(2)).AddTicks(ticks)).ShouldBe(text);

    [Theory]
    [InlineData("\"2026-02-01T10:00:00Z\"", "2026-02-01T10:00:00Z")]
    [InlineData("\"2026-02-01T12:30:00.5+02:30\"", "2026-02-01T10:00:00.500Z")]
    public void Reads_any_offset(string json, string instant) => InstantConverter.Format(Read(json)).ShouldBe(instant);

    [Theory]
    [InlineData("\"soon\"")]
    [InlineData("1769940000")]
    [InlineData("null")]
    [InlineData("{}")]
    public void Reads_nothing_else(string json) => Should.Throw<JsonException>(() => Read(json));

    private static DateTimeOffset Read(string json)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json));
        reader.Read();
        return new InstantConverter().Read(ref reader, typeof(DateTimeOffset), Options);
    }
}
