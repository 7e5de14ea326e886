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

    /// <summary>
    /// Whether the form says what stands there: then nothing is saved, so that what the page cannot show (genres in an app's own
    /// words, more artists than one) stays as it is.
    /// </summary>
    public static bool IsUnchanged(OnboardingStep step, PageForm form, CanonicalProfile stored)
    {
        IEnumerable<string> shown = Stored(step, stored);
        if (step.Kind == StepKind.Artist) shown = shown.Take(1);
        else if (step.Kind == StepKind.Choices) shown = shown.Where(v => step.Options.Any(o => o.Id == v));
        return Stored(step, stored).Count > 0 && InOrder(Typed(form), form[Order], Stored(step, stored)).SequenceEqual(shown, StringComparer.Ordinal);
    }

    /// <summary>The payload of a PATCH, UTF-8; null when nothing was chosen and nothing is stored.</summary>
    public static ReadOnlyMemory<byte>? Payload(OnboardingStep step, PageForm form, CanonicalProfile stored)
    {
        var chosen = Typed(form);
        var before = Stored(step, stored);
        if (chosen.Count == 0 && before.Count == 0) return null;
        JsonObject payload = step.Kind switch
        {
            StepKind.City => City(chosen is [var place, ..] ? place : ""),
            StepKind.Choice => new JsonObject { [Key(step)] = chosen is [var only, ..] ? only : null },
            // The page asks for one; what apps have put behind it stays.
            StepKind.Artist => new JsonObject { [Key(step)] = new JsonArray([.. chosen.Concat(before.Skip(1)).Distinct(StringComparer.Ordinal).Select(v => JsonValue.Create(v))]) },
            _ => new JsonObject { [Key(step)] = new JsonArray([.. InOrder(chosen, form[Order], before).Select(v => JsonValue.Create(v))]) },
        };
        return JsonSerializer.SerializeToUtf8Bytes(InCustomData(step) ? new JsonObject { ["custom_data"] = payload } : payload);
    }

    /// <summary>What the form has chosen.</summary>
    public static IReadOnlyList<string> Typed(PageForm form) => [.. form.All(Input).Where(v => v.Length > 0)];

    /// <summary>The refusal of a form whose search was not chosen from; null where nothing was searched for.</summary>
    public static Problem? NotChosen(PageForm form, string field) =>
        Typed(form).Count == 0 && form["q"].Trim().Length > 0 ? Problem.Fields((field, "Choose one of these, or keep it as you wrote it.")) : null;

    /// <summary>What the stored profile has chosen, in the values of the form.</summary>
    public static IReadOnlyList<string> Stored(OnboardingStep step, CanonicalProfile profile)
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

    // Without the module: what was chosen before keeps its place, what is new follows in the order of the page.
    private static IEnumerable<string> InOrder(IReadOnlyList<string> chosen, string order, IReadOnlyList<string> before)
    {
        IReadOnlyList<string> wanted = order.Length > 0 ? order.Split(' ', StringSplitOptions.RemoveEmptyEntries) : before;
        return chosen.OrderBy(v => wanted.ToList().IndexOf(v) is >= 0 and var at ? at : int.MaxValue);
    }

    private static bool InCustomData(OnboardingStep step) => step.Field!.StartsWith("custom_data.", StringComparison.Ordinal);

    private static string Key(OnboardingStep step) => InCustomData(step) ? step.Field!["custom_data.".Length..] : step.Field!;
}
