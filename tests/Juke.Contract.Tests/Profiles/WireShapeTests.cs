using System.Text;
using System.Text.Json;

namespace Juke.Contract.Tests.Profiles;

public sealed class WireShapeTests
{
    private static readonly CanonicalProfile Profile = CanonicalProfile.Empty with
    {
        Bio = "São Paulo 😀 \"quoted\" <b>\n\u2028",
        FavoriteGenres = ["rnb"],
        City = new(0, -0.0),
        CustomData = """{"n":1.50,"t":"ünï"}""",
    };

    [Fact]
    public void Has_the_21_keys_in_the_old_order() =>
        JsonElement.Parse(Json(isOwner: true)).EnumerateObject().Select(m => m.Name).ShouldBe(ProfileFields.All);

    [Fact]
    public void Is_written_as_the_old_server_wrote_it() => Json(isOwner: true).ShouldBe(
        """
        {"id":7,"username":"","name":null,"display_name":"","tagline":"","bio":"São Paulo 😀 \"quoted\" <b>\n\u2028","location":"","avatar_url":"",
        "favorite_genres":["rnb"],"favorite_artists":[],"favorite_albums":[],"favorite_tracks":[],"onboarding_completed_at":"2026-02-01T10:00:00.123456Z",
        "city_lat":0.0,"city_lng":-0.0,"custom_data":{"n":1.50,"t":"ünï"},"clout":0.5,"top_genre":"rnb","created_at":"1970-01-01T00:00:00Z","modified_at":"1970-01-01T00:00:00Z","is_owner":true}
        """.Replace("\n", "", StringComparison.Ordinal));

    [Fact]
    public void To_others_keeps_its_keys_but_not_its_secrets()
    {
        var other = JsonElement.Parse(Json(isOwner: false));
        other.EnumerateObject().Select(m => m.Name).ShouldBe(ProfileFields.All);
        other.GetProperty("custom_data").GetRawText().ShouldBe("{}");
        other.GetProperty("city_lat").ValueKind.ShouldBe(JsonValueKind.Null);
        other.GetProperty("city_lng").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1, "1.0")]
    [InlineData(-23.55, "-23.55")]
    [InlineData(0.00001, "1e-05")]
    public void Floats_have_a_point(double value, string text) => DecimalPointConverter.Format(value).ShouldBe(text);

    [Fact]
    public void Writable_keys_are_among_all_in_the_same_order() => ProfileFields.All.Where(ProfileFields.Writable.Contains).ShouldBe(ProfileFields.Writable);

    [Fact]
    public void The_encoder_escapes_what_JSON_demands_and_reads_back()
    {
        var text = string.Concat(Enumerable.Range(0, 0x3000).Select(c => (char)c)) + "😀\U0010FFFF";
        var json = JsonSerializer.Serialize(text, JukeJson.Plain.String);
        JsonSerializer.Deserialize(json, JukeJson.Plain.String).ShouldBe(text);
        json.Count(c => c == '\\').ShouldBe(32 + 2 + 1 + 2); // Controls, quote and backslash (which is two), line separators.
        json.ShouldContain("😀\U0010FFFF");
    }

    private static string Json(bool isOwner) => Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(
        Profile.ToWire(7, null, new DateTimeOffset(2026, 2, 1, 10, 0, 0, TimeSpan.Zero).AddTicks(1_234_567), 0.5, "rnb", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, isOwner),
        JukeJson.Plain.MusicProfile));
}
