using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Contract;
using Juke.Contract.Profiles;
using Juke.Server.Plumbing;

namespace Juke.Server.Web.Onboarding;

/// <summary>
/// Between a step's form and the submission: what a form says as the payload that every client sends, and what is stored as
/// what the form shows. Pure.
/// </summary>
internal static class StepAnswer
{
    /// <summary>Name of every step's input.</summary>
    public const string Input = "answer";

    /// <summary>Values in the order of choice, written by the module; without it the order is that of the page.</summary>
    private const string Order = "order";

    /// <summary>Name of the hidden inputs that say what the page showed as chosen.</summary>
    public const string Before = "before";

    /// <summary>What the form has chosen, in the order of choice.</summary>
    public static IReadOnlyList<string> Chosen(PageForm form)
    {
        // Without the module: what was chosen before keeps its place, what is new follows in the order of the page.
        List<string> wanted = form[Order].Length > 0 ? [.. form[Order].Split(' ', StringSplitOptions.RemoveEmptyEntries)] : [.. form.All(Before)];
        return [.. form.All(Input).Where(v => v.Length > 0).Distinct(StringComparer.Ordinal).OrderBy(v => wanted.IndexOf(v) is >= 0 and var at ? at : int.MaxValue)];
    }

    /// <summary>
    /// What the field holds afterwards. Who changes nothing saves nothing. Of a list, what the page did not show stays behind what
    /// was chosen: genres in an app's own words, more artists than one, what another device saved meanwhile.
    /// </summary>
    public static IReadOnlyList<string> After(OnboardingStep step, PageForm form, CanonicalProfile stored)
    {
        var (chosen, there) = (Chosen(form), Stored(step, stored));
        if (IsUnchanged(form)) return there;
        return step.Kind is StepKind.Artist or StepKind.Choices ? [.. chosen.Union(there.Except(form.All(Before), StringComparer.Ordinal), StringComparer.Ordinal)] : chosen;
    }

    /// <summary>Why the answer is not taken, or null. The definition's limits bind what is chosen here, never what stands there.</summary>
    public static Problem? Refusal(OnboardingStep step, PageForm form, CanonicalProfile stored)
    {
        if (NotChosen(form, step.Field!) is { } notChosen) return notChosen;
        if (step.Required && After(step, form, stored).Count == 0) return Nothing(step.Field!);
        var errors = IsUnchanged(form) ? [] : OnboardingAnswers.Check(step, Chosen(form));
        return errors.Count == 0 ? null : Problem.Fields([.. errors.Select(e => (e.Field, e.Message))]);
    }

    /// <summary>The refusal of a form without an answer where one is needed.</summary>
    public static Problem Nothing(string field) => Problem.Fields((field, "Choose at least one."));

    /// <summary>The refusal of a form whose search was not chosen from; null where nothing was searched for.</summary>
    public static Problem? NotChosen(PageForm form, string field) =>
        Chosen(form).Count == 0 && form["q"].Trim().Length > 0 ? Problem.Fields((field, "Choose one of these, or keep it as you wrote it.")) : null;

    /// <summary>The payload of a PATCH, UTF-8; null when it would change nothing.</summary>
    public static ReadOnlyMemory<byte>? Payload(OnboardingStep step, PageForm form, CanonicalProfile stored)
    {
        var after = After(step, form, stored);
        if (after.SequenceEqual(Stored(step, stored), StringComparer.Ordinal)) return null;
        var payload = step.Kind switch
        {
            StepKind.City => City(after is [var place, ..] ? place : ""),
            StepKind.Choice => new JsonObject { [Key(step)] = after is [var only, ..] ? only : null },
            _ => new JsonObject { [Key(step)] = new JsonArray([.. after.Select(v => JsonValue.Create(v))]) },
        };
        return JsonSerializer.SerializeToUtf8Bytes(InCustomData(step) ? new JsonObject { ["custom_data"] = payload } : payload);
    }

    /// <summary>
    /// What the page shows as chosen: one artist, and of a list what is among the options. A hated genre that became a favourite
    /// counts, although its box is not there: so it goes.
    /// </summary>
    public static IReadOnlyList<string> Shown(OnboardingStep step, CanonicalProfile stored) => step.Kind switch
    {
        StepKind.Artist => [.. Stored(step, stored).Take(1)],
        StepKind.Choices => [.. Stored(step, stored).Where(v => step.Options.Any(o => o.Id == v))],
        _ => Stored(step, stored),
    };

    /// <summary>What stands in the stored profile, in the values of the form.</summary>
    private static IReadOnlyList<string> Stored(OnboardingStep step, CanonicalProfile profile)
    {
        var answers = profile.KnownAnswers();
        return step.Field switch
        {
            "favorite_genres" => profile.FavoriteGenres,
            "favorite_artists" => profile.FavoriteArtists,
            "custom_data.hated_genres" => answers.HatedGenres ?? [],
            "custom_data.rainy_day_mood" => One(answers.RainyDayMood),
            "custom_data.workout_vibe" => One(answers.WorkoutVibe),
            "custom_data.favorite_decade" => One(answers.FavoriteDecade),
            "custom_data.listening_style" => One(answers.ListeningStyle),
            "custom_data.age_range" => One(answers.AgeRange),
            "location" => profile.Location.Length == 0 ? [] : [CityValue(profile.Location, profile.City?.Latitude, profile.City?.Longitude)],
            _ => [],
        };

        static IReadOnlyList<string> One(string? value) => value is null ? [] : [value];
    }

    /// <summary>A city as the value of an input: its position, if it has one, and its name.</summary>
    public static string CityValue(string name, double? latitude, double? longitude) =>
        latitude is { } lat && longitude is { } lng ? string.Create(CultureInfo.InvariantCulture, $"{lat};{lng};{name}") : ";;" + name;

    private static JsonObject City(string value)
    {
        var parts = value.Split(';', 3);
        var name = parts.Length == 3 ? parts[2] : value;
        var hasPosition = parts.Length == 3 & double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var lat)
            & double.TryParse(parts.ElementAtOrDefault(1), NumberStyles.Float, CultureInfo.InvariantCulture, out var lng);
        return new JsonObject
        {
            ["location"] = name,
            ["city_lat"] = hasPosition && double.IsFinite(lat) ? lat : null,
            ["city_lng"] = hasPosition && double.IsFinite(lng) ? lng : null,
        };
    }

    private static bool IsUnchanged(PageForm form) => Chosen(form).SequenceEqual(form.All(Before), StringComparer.Ordinal);

    private static bool InCustomData(OnboardingStep step) => step.Field!.StartsWith("custom_data.", StringComparison.Ordinal);

    private static string Key(OnboardingStep step) => InCustomData(step) ? step.Field!["custom_data.".Length..] : step.Field!;
}
