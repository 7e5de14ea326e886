using System.Text.Json.Serialization;

namespace Juke.Contract;

/// <summary>What onboarding asks, written down once: hosted pages, CLI and apps render from it.</summary>
/// <remarks>Contract §6. Immutable; a server makes one at start, from <c>JUKE_ONBOARDING_REQUIRED</c>.</remarks>
/// <param name="Steps">The questions in their order.</param>
public sealed record OnboardingDefinition(IReadOnlyList<OnboardingStep> Steps)
{
    /// <summary>The definition without any addition: only the username is required (seed 3).</summary>
    public static OnboardingDefinition Default { get; } = new(
    [
        Ask("username", StepKind.Text, "username") with { Required = true, Limits = new(Username.MinLength, Username.MaxLength) },
        Ask("genres", StepKind.Choices, "favorite_genres") with { Options = GenreOptions(), Limits = new(1, 3) },
        Ask("artist", StepKind.Artist, "favorite_artists") with { Limits = new(0, 1) },
        Ask("hated", StepKind.Choices, "custom_data.hated_genres") with { Options = GenreOptions(), Limits = new(0, 3), Excludes = "favorite_genres" },
        Choose("rainy", "rainy_day_mood"),
        Choose("workout", "workout_vibe"),
        Choose("decade", "favorite_decade"),
        Choose("listening", "listening_style"),
        Choose("age", "age_range"),
        Ask("city", StepKind.City, "location", "city_lat", "city_lng") with { Limits = new(0, Profiles.ProfileFields.LocationMaxLength) },
        Ask("connect", StepKind.Connect),
    ]);

    /// <summary>Fields that <c>JUKE_ONBOARDING_REQUIRED</c> may name, in the order of their steps.</summary>
    [JsonIgnore]
    public static IReadOnlyList<string> Requirable { get; } = [.. Default.Steps.Select(s => s.Field).OfType<string>()];

    /// <summary>
    /// The required fields of the default definition that are not answered: <c>missing</c> of a 403 where only the username is known.
    /// </summary>
    /// <param name="usernameMissing">Whether the username is null or blank, as the database judges it.</param>
    public static IReadOnlyList<string> Missing(bool usernameMissing) => usernameMissing ? ["username"] : [];

    /// <summary>
    /// The definition that a setting asks for: names of <see cref="Requirable"/>, with or without <c>custom_data.</c>,
    /// separated by commas or spaces.
    /// </summary>
    /// <param name="setting">The value of <c>JUKE_ONBOARDING_REQUIRED</c>; null or blank adds nothing.</param>
    /// <param name="error">Null when fine, else a sentence for the operator.</param>
    /// <returns>The definition; <see cref="Default"/> when the setting is wrong.</returns>
    public static OnboardingDefinition FromSetting(string? setting, out string? error)
    {
        error = null;
        var required = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in (setting ?? "").Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var field = Requirable.FirstOrDefault(f => f == name || f == "custom_data." + name);
            if (field is null)
            {
                error = $"JUKE_ONBOARDING_REQUIRED names '{name}', which onboarding does not ask. Use: {string.Join(", ", Requirable)}.";
                return Default;
            }
            required.Add(field);
        }
        return new([.. Default.Steps.Select(s => s.Field is { } field && required.Contains(field) ? s with { Required = true } : s)]);
    }

    private static OnboardingStep Choose(string step, string key) => Ask(step, StepKind.Choice, "custom_data." + key) with
    {
        // Every shipped client has these hard-coded; none of them is on the server's featured list.
        Options = [.. AnswerChoices.ByKey[key].Select(id => new OnboardingOption(id, $"onboarding.{step}.{id}", Featured: false, BuiltIn: true))],
    };

    private static OnboardingStep Ask(string step, string kind, params string[] fields) =>
        new(step, kind, fields, Required: false, $"onboarding.{step}.title", $"onboarding.{step}.hint");

    // The same texts wherever a genre is named, so that a language file translates each once.
    private static OnboardingOption[] GenreOptions() =>
        [.. Genres.Featured.Select(g => new OnboardingOption(g.Id, "genre." + g.Id, Featured: true, g.BuiltIn))];
}
