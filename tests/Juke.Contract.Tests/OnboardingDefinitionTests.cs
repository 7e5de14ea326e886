using System.Text;
using System.Text.Json;
using Juke.Contract.Wire;

namespace Juke.Contract.Tests;

public sealed class OnboardingDefinitionTests
{
    private static readonly OnboardingDefinition Definition = OnboardingDefinition.Default;

    [Fact]
    public void Asks_these_questions_in_this_order() => Definition.Steps.Select(s => $"{s.Step} {s.Kind} {string.Join('+', s.Fields)} {s.Options.Count} {s.Limits?.Min}-{s.Limits?.Max}").ShouldBe(
    [
        "username text username 0 3-50",
        "genres choices favorite_genres 20 1-3",
        "artist artist favorite_artists 0 0-1",
        "hated choices custom_data.hated_genres 20 0-3",
        "rainy choice custom_data.rainy_day_mood 5 -",
        "workout choice custom_data.workout_vibe 5 -",
        "decade choice custom_data.favorite_decade 7 -",
        "listening choice custom_data.listening_style 2 -",
        "age choice custom_data.age_range 5 -",
        "city city location+city_lat+city_lng 0 0-120",
        "connect connect  0 -",
    ]);

    [Fact]
    public void Requires_the_username_only_and_lets_all_else_be_skipped()
    {
        Definition.Steps.Where(s => s.Required).Select(s => s.Step).ShouldBe(["username"]);
        Definition.Steps.ShouldAllBe(s => s.Skippable != s.Required);
    }

    [Fact]
    public void Favourites_are_not_offered_among_the_hated() => Definition.Steps.Single(s => s.Excludes is not null).ShouldSatisfyAllConditions(
        s => s.Step.ShouldBe("hated"),
        s => s.Excludes.ShouldBe("favorite_genres"));

    [Fact]
    public void Every_text_key_is_used_once()
    {
        // Both genre questions offer the same genres under the same texts; each is one text.
        var options = Definition.Steps.SelectMany(s => s.Options).Distinct().Select(o => o.TextKey);
        var keys = Definition.Steps.SelectMany(s => new[] { s.TitleKey, s.HintKey }).Concat(options).ToList();
        keys.GroupBy(k => k, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();
        keys.ShouldAllBe(k => k.StartsWith("onboarding.", StringComparison.Ordinal) || k.StartsWith("genre.", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_option_is_accepted_by_the_rules_as_it_is()
    {
        foreach (var step in Definition.Steps.Where(s => s.Options.Count > 0))
            foreach (var option in step.Options)
            {
                var value = step.Kind == StepKind.Choices ? $"[\"{option.Id}\"]" : $"\"{option.Id}\"";
                var payload = step.Field!.Split('.').Reverse().Aggregate(value, (inner, key) => $"{{\"{key}\":{inner}}}");
                var outcome = ProfileRules.Judge(Encoding.UTF8.GetBytes(payload), CanonicalProfile.Empty, alreadyOnboarded: false);
                var after = outcome.Change.ShouldNotBeNull($"{step.Step} {option.Id}").ApplyTo(CanonicalProfile.Empty);
                OnboardingAnswers.Check(Definition, outcome.Change!).ShouldBeEmpty();
                OnboardingProgress.AnsweredSteps(null, after, spotifyConnected: false).ShouldBe([step.Step]);
            }
    }

    [Theory]
    [InlineData(null, "username")]
    [InlineData("", "username")]
    [InlineData(" , ", "username")]
    [InlineData("favorite_genres", "username favorite_genres")]
    [InlineData("age_range,favorite_genres", "username favorite_genres custom_data.age_range")]
    [InlineData("custom_data.age_range favorite_genres", "username favorite_genres custom_data.age_range")]
    [InlineData("location", "username location")]
    [InlineData("username", "username")]
    public void A_setting_adds_required_fields(string? setting, string required)
    {
        var definition = OnboardingDefinition.FromSetting(setting, out var error);
        error.ShouldBeNull();
        definition.Steps.Where(s => s.Required).Select(s => s.Field).ShouldBe(required.Split(' '));
        OnboardingProgress.Of(definition, new HashSet<string>()).Missing.ShouldBe(required.Split(' '));
    }

    [Theory]
    [InlineData("favourite_genres")]
    [InlineData("favorite_genres,city_lat")]
    [InlineData("connect")]
    [InlineData("Location")]
    public void A_setting_that_names_what_is_not_asked_is_refused_with_the_names_that_are(string setting)
    {
        OnboardingDefinition.FromSetting(setting, out var error).ShouldBe(OnboardingDefinition.Default);
        error.ShouldNotBeNull().ShouldContain("favorite_genres, favorite_artists, custom_data.hated_genres");
    }

    [Fact]
    public void Missing_of_the_gate_is_the_username_or_nothing()
    {
        OnboardingDefinition.Missing(usernameMissing: true).ShouldBe(["username"]);
        OnboardingDefinition.Missing(usernameMissing: false).ShouldBeEmpty();
    }

    [Fact]
    public void Is_served_in_the_Juke_dialect()
    {
        var profile = CanonicalProfile.Empty with { FavoriteGenres = ["rnb"], City = new(0, 1), Location = "X", CustomData = """{"age_range":"55+","other":1}""" };
        var progress = OnboardingProgress.Of(Definition, OnboardingProgress.AnsweredSteps(null, profile, spotifyConnected: true));
        var state = new OnboardingState(Definition, OnboardingProgress.ValuesOf(null, profile), progress.Answered, [], progress.Missing, progress.NextStep, "ada", ContractVersion.Current);
        var json = JsonSerializer.SerializeToElement(state, JukeJson.Plain.OnboardingState);
        json.EnumerateObject().Select(m => m.Name).ShouldBe(["definition", "values", "answered", "skipped", "missing", "next_step", "suggested_username", "contract_version"]);
        json.GetProperty("values").GetRawText().ShouldBe("""{"favorite_genres":["rnb"],"location":"X","city_lat":0.0,"city_lng":1.0,"custom_data":{"age_range":"55+"}}""");
        var genres = json.GetProperty("definition").GetProperty("steps")[1];
        genres.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal).ShouldBe(["fields", "hint_key", "kind", "limits", "options", "required", "skippable", "step", "title_key"]);
        genres.GetProperty("options")[0].GetRawText().ShouldBe("""{"id":"hiphop","text_key":"genre.hiphop","featured":true,"built_in":true}""");
    }
}
