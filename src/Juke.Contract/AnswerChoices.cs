namespace Juke.Contract;

/// <summary>
/// The closed lists behind the single-choice questions, under their JSON names inside <c>custom_data</c>. The ids are the
/// same in all shipped clients (legacy-drift.md §5).
/// </summary>
public static class AnswerChoices
{
    /// <summary>What to hear on a rainy day.</summary>
    public static IReadOnlyList<string> RainyDayMood { get; } = ["mellow", "jazz", "indie", "classical", "rnb"];

    /// <summary>What to train to.</summary>
    public static IReadOnlyList<string> WorkoutVibe { get; } = ["intense", "hiphop", "rock", "edm", "pop"];

    /// <summary>The decade whose music is liked best.</summary>
    public static IReadOnlyList<string> FavoriteDecade { get; } = ["60s", "70s", "80s", "90s", "2000s", "2010s", "2020s"];

    /// <summary>Playlists or whole albums.</summary>
    public static IReadOnlyList<string> ListeningStyle { get; } = ["playlist", "album"];

    /// <summary>Age in years.</summary>
    public static IReadOnlyList<string> AgeRange { get; } = ["18-24", "25-34", "35-44", "45-54", "55+"];

    /// <summary>Every list by its key in <c>custom_data</c>.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ByKey { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        ["rainy_day_mood"] = RainyDayMood,
        ["workout_vibe"] = WorkoutVibe,
        ["favorite_decade"] = FavoriteDecade,
        ["listening_style"] = ListeningStyle,
        ["age_range"] = AgeRange,
    };
}
