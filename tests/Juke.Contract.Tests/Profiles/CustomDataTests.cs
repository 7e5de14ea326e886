using System.Text;

namespace Juke.Contract.Tests.Profiles;

public sealed class CustomDataTests
{
    [Fact]
    public void A_change_is_a_set_and_a_removal_that_SQL_can_merge()
    {
        var change = Judge("""{"custom_data":{"b":2.50,"c":null,"age_range":"55+","workout_vibe":"","onboarding_completed_at":"2026-02-01T10:00:00Z"}}""");
        change.CustomData.Set.ShouldBe("""{"b":2.50,"age_range":"55+"}""");
        change.CustomData.Remove.ShouldBe(["c", "workout_vibe"]);
        change.AsksToComplete.ShouldBeTrue();
    }

    [Fact]
    public void Merges_of_different_keys_come_to_the_same_whatever_their_order()
    {
        var a = Judge("""{"custom_data":{"a":1,"x":null}}""").CustomData;
        var b = Judge("""{"custom_data":{"b":2}}""").CustomData;
        const string Stored = """{"x":0,"y":9}""";
        SameJson.ShouldBe(a.ApplyTo(b.ApplyTo(Stored)), b.ApplyTo(a.ApplyTo(Stored)), "merges commute");
        SameJson.ShouldBe(a.ApplyTo(b.ApplyTo(Stored)), """{"a":1,"b":2,"y":9}""", "and lose nothing");
    }

    [Theory]
    [InlineData("""{"custom_data":{}}""")]
    [InlineData("""{"custom_data":{"onboarding_completed_at":"2026-02-01T10:00:00Z"}}""")]
    [InlineData("""{"onboarding_completed_at":"2026-02-01T10:00:00Z","clout":3}""")]
    [InlineData("{}")]
    public void Nothing_to_change_is_empty(string payload) => Judge(payload).IsEmpty.ShouldBeTrue();

    [Theory]
    [InlineData("""{"tagline":""}""")]
    [InlineData("""{"favorite_tracks":[]}""")]
    [InlineData("""{"city_lat":null}""")]
    [InlineData("""{"custom_data":{"a":null}}""")]
    public void A_clearing_is_a_change(string payload) => Judge(payload).IsEmpty.ShouldBeFalse();

    [Fact]
    public void A_location_without_coordinates_leaves_the_comparison_to_the_UPDATE()
    {
        Judge("""{"location":"Paris"}""").ClearsCityIfLocationDiffers.ShouldBeTrue();
        Judge("""{"location":"Paris","city_lat":1,"city_lng":2}""").ClearsCityIfLocationDiffers.ShouldBeFalse();
        Judge("""{"tagline":"x"}""").ClearsCityIfLocationDiffers.ShouldBeFalse();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("null")]
    public void A_stored_value_that_should_not_be_there_still_reads(string stored)
    {
        var profile = CanonicalProfile.Empty with { CustomData = stored };
        profile.KnownAnswers().ShouldBe(new Wire.KnownAnswers());
        profile.ToJson().ShouldContain("\"custom_data\":{}");
        new CustomDataChange("""{"a":1}""", []).ApplyTo(stored).ShouldBe("""{"a":1}""");
    }

    [Fact]
    public void Stored_answers_that_do_not_fit_count_as_not_answered()
    {
        var answers = (CanonicalProfile.Empty with { CustomData = """{"age_range":42,"rainy_day_mood":"jazz","hated_genres":"pop"}""" }).KnownAnswers();
        answers.AgeRange.ShouldBeNull();
        answers.HatedGenres.ShouldBeNull();
        answers.RainyDayMood.ShouldBe("jazz");
    }

    private static ProfileChange Judge(string payload) =>
        ProfileRules.Judge(Encoding.UTF8.GetBytes(payload), CanonicalProfile.Empty, alreadyOnboarded: false).Change.ShouldNotBeNull();
}
