namespace Juke.Contract.Tests.Profiles;

/// <summary>Which texts are read is in drift-7-custom-data.json; here, as what.</summary>
public sealed class CompletionMarkerTests
{
    [Theory]
    [InlineData("2026-02-01T10:00:00.123Z", "2026-02-01T10:00:00.123Z")]
    [InlineData("2026-02-01T10:00:00.123456789Z", "2026-02-01T10:00:00.123456Z")]
    [InlineData("2026-02-01T10:00:00.1Z", "2026-02-01T10:00:00.100Z")]
    [InlineData("2026-02-01T10:00:00+02:00", "2026-02-01T08:00:00Z")]
    [InlineData("2026-02-01T10:00:00-0530", "2026-02-01T15:30:00Z")]
    [InlineData("2026-02-01T10:00:00+02", "2026-02-01T08:00:00Z")]
    [InlineData("2026-02-01T10:00:00", "2026-02-01T10:00:00Z")]
    [InlineData("2026-02-01 10:00", "2026-02-01T10:00:00Z")]
    [InlineData("2026-02-01", "2026-02-01T00:00:00Z")]
    [InlineData("1969-07-20T20:17:40Z", "1969-07-20T20:17:40Z")]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")]
    public void Reads_the_instant(string text, string instant) => InstantConverter.Format(CompletionMarker.Read(text).ShouldNotBeNull()).ShouldBe(instant);

    [Theory]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("2026-02-01T10:00:00+24:00")]
    [InlineData("2026-02-01T10:00:00+02:60")]
    [InlineData("2026-02-01T10:60:00Z")]
    [InlineData("2026-02-01T10:00:00,5Z")]
    [InlineData("2026-02-01\u00A010:00")]
    [InlineData("２０２６-02-01")]
    [InlineData("2026-02-01T10:00:00Z\n")]
    public void Does_not_read(string text) => CompletionMarker.Read(text).ShouldBeNull();
}
