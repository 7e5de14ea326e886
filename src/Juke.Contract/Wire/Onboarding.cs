using System.Text.Json.Serialization;

namespace Juke.Contract.Wire;

/// <summary><c>GET /api/onboarding</c> and <c>/api/v1/onboarding/</c>: everything a client needs to draw the next question (contract §6).</summary>
/// <param name="Definition">What is asked, in order.</param>
/// <param name="Values">What is answered so far, shaped like the submission: an unanswered question is absent.</param>
/// <param name="Answered">Names of the steps that have an answer, in order.</param>
/// <param name="Skipped">Names of the steps that were passed over, on whichever device, and have no answer: not to be asked again.</param>
/// <param name="Missing">Fields without which onboarding cannot end, in the order of their steps.</param>
/// <param name="NextStep">Name of the step to show, or <c>finish</c> when nothing is left to ask: then complete. A step whose kind you do not know is skipped.</param>
/// <param name="SuggestedUsername">A free name to start from; null once the username is set.</param>
/// <param name="ContractVersion">The newest contract version that this server knows, <c>yyyy-MM-dd</c>; as in the header <c>Juke-Contract</c>.</param>
public sealed record OnboardingState(
    OnboardingDefinition Definition,
    OnboardingValues Values,
    IReadOnlyList<string> Answered,
    IReadOnlyList<string> Skipped,
    IReadOnlyList<string> Missing,
    string NextStep,
    string? SuggestedUsername,
    string ContractVersion);

/// <summary>The answers so far, under the keys of the submission in both dialects. Absent = not answered.</summary>
public sealed record OnboardingValues
{
    /// <summary>The chosen name.</summary>
    [JsonPropertyName("username"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Username { get; init; }

    /// <summary>Ids of <c>/api/v1/genres/featured/</c> where known, else free text; order of choice.</summary>
    [JsonPropertyName("favorite_genres"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? FavoriteGenres { get; init; }

    /// <summary><c>spotify:artist:&lt;id&gt;</c> or a name.</summary>
    [JsonPropertyName("favorite_artists"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? FavoriteArtists { get; init; }

    /// <summary>City as the person calls it.</summary>
    [JsonPropertyName("location"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Location { get; init; }

    /// <summary>Degrees north.</summary>
    [JsonPropertyName("city_lat"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CityLat { get; init; }

    /// <summary>Degrees east.</summary>
    [JsonPropertyName("city_lng"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CityLng { get; init; }

    /// <summary>The answers that live inside <c>custom_data</c>; absent when there is none.</summary>
    [JsonPropertyName("custom_data"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public KnownAnswers? CustomData { get; init; }
}

/// <summary>The known keys of <c>custom_data</c> (contract §7). Absent = not answered.</summary>
public sealed record KnownAnswers
{
    /// <summary>Genres the person does not want, ids as in <c>favorite_genres</c>.</summary>
    [JsonPropertyName("hated_genres"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? HatedGenres { get; init; }

    /// <summary>Id of an option of the step <c>rainy</c>.</summary>
    [JsonPropertyName("rainy_day_mood"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RainyDayMood { get; init; }

    /// <summary>Id of an option of the step <c>workout</c>.</summary>
    [JsonPropertyName("workout_vibe"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WorkoutVibe { get; init; }

    /// <summary>Id of an option of the step <c>decade</c>.</summary>
    [JsonPropertyName("favorite_decade"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FavoriteDecade { get; init; }

    /// <summary>Id of an option of the step <c>listening</c>.</summary>
    [JsonPropertyName("listening_style"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ListeningStyle { get; init; }

    /// <summary>Id of an option of the step <c>age</c>, in years.</summary>
    [JsonPropertyName("age_range"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AgeRange { get; init; }
}
