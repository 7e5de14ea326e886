using System.Text.Json;
using System.Text.Json.Serialization;
using Juke.Contract.Wire;

namespace Juke.Contract.Tests;

public sealed class OptionalTests
{
    [Theory]
    [InlineData("{}", false, null)]
    [InlineData("""{"name":null}""", true, null)]
    [InlineData("""{"name":"Ada"}""", true, "Ada")]
    public void Tells_absent_null_and_a_value_apart(string json, bool isPresent, string? value)
    {
        var request = JsonSerializer.Deserialize(json, OptionalJson.Default.UpdateProfileRequest).ShouldNotBeNull();
        request.Name.IsPresent.ShouldBe(isPresent);
        request.Name.Value.ShouldBe(value);
    }

    [Fact]
    public void Refuses_another_type() =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize("""{"name":1}""", OptionalJson.Default.UpdateProfileRequest));

    [Fact]
    public void Writes_null_and_a_value_but_not_what_is_absent()
    {
        var fixture = new Fixture(1, "a", DateTimeOffset.UnixEpoch, 0, "NS", null, null, null);
        Country(fixture).ShouldBeNull();
        Country(fixture with { Country = new(null) }).ShouldBe("null");
        Country(fixture with { Country = new(new Country(2, "b", null, "DE")) }).ShouldNotBeNull().ShouldContain("\"iso2\":\"DE\"");

        static string? Country(Fixture fixture) =>
            JsonSerializer.SerializeToElement(fixture, OptionalJson.Default.Fixture).TryGetProperty("country", out var country) ? country.GetRawText() : null;
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(UpdateProfileRequest))]
[JsonSerializable(typeof(Fixture))]
[JsonSerializable(typeof(Country))]
internal sealed partial class OptionalJson : JsonSerializerContext;
