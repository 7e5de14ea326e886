using System.Text.Json;

namespace Juke.Contract.Tests.Profiles;

/// <summary>Rows by shape are in legacy-rows.json; here what is too large or too hostile for it.</summary>
public sealed class LegacyProfileTests
{
    [Fact]
    public void Five_megabytes_of_custom_data_are_kept_aside_by_key_and_the_rest_stays()
    {
        var legacy = Read($$$"""{"custom_data":{"age_range":"55+","huge":"{{{new string('x', 5_000_000)}}}","small":1}}""");
        SameJson.ShouldBe(legacy.Profile.CustomData, """{"age_range":"55+","small":1}""", "what fits stays");
        legacy.KeptAside.ShouldHaveSingleItem().Field.ShouldBe("custom_data.huge");
        legacy.KeptAside[0].Raw.Length.ShouldBe(5_000_002);
    }

    [Fact]
    public void What_is_kept_of_custom_data_is_within_the_limit_of_a_save()
    {
        var members = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"k{i}\":\"{new string('x', 300)}\""));
        var legacy = Read($$$"""{"custom_data":{{{{members}}}}}""");
        legacy.Profile.CustomData.Length.ShouldBeInRange(ProfileFields.CustomDataMaxBytes - 400, ProfileFields.CustomDataMaxBytes);
        (JsonElement.Parse(legacy.Profile.CustomData).EnumerateObject().Count() + legacy.KeptAside.Count).ShouldBe(500);
    }

    [Theory]
    [InlineData("""{"bio":"\ud800"}""", "bio")]
    [InlineData("""{"location":"a\u0000b"}""", "location")]
    [InlineData("""{"custom_data":{"a":"\ud800"}}""", "custom_data.a")]
    [InlineData("""{"custom_data":{"\ud800":1}}""", "custom_data")]
    [InlineData("""{"favorite_genres":["pop","\u0000"]}""", "favorite_genres[1]")]
    [InlineData("""{"custom_data":{"a":1,"a":2}}""", "custom_data.a")]
    [InlineData("""{"bio":"x","bio":"y"}""", "bio")]
    [InlineData("""{"custom_data":{"a":1e99999}}""", "custom_data.a")]
    [InlineData("[1]", "")]
    public void What_cannot_be_stored_is_kept_aside_as_text(string row, string field)
    {
        var kept = Read(row).KeptAside.ShouldHaveSingleItem();
        kept.Field.ShouldBe(field);
        Text.IsWellFormed(kept.Raw).ShouldBeTrue();
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_kept_as_far_as_text_can()
    {
        var legacy = LegacyProfile.Read(JsonElement.Parse([.. "{\"bio\":\""u8, 0xFF, .. "\"}"u8]));
        legacy.KeptAside.ShouldHaveSingleItem().Raw.ShouldBe("\"\uFFFD\"");
    }

    [Fact]
    public void No_row_at_all_is_an_empty_profile() => LegacyProfile.Read(default).Profile.ToJson().ShouldBe(CanonicalProfile.Empty.ToJson());

    private static LegacyProfile Read(string row) => LegacyProfile.Read(JsonElement.Parse(row, new JsonDocumentOptions { MaxDepth = 1000 }));
}
