using Juke.Contract.Profiles;
using Juke.Contract.Wire;

namespace Juke.Contract;

/// <summary>How far a person is: decided from what is stored, never from what a client remembers (contract §6).</summary>
/// <param name="Answered">Names of the steps that have an answer, in order.</param>
/// <param name="Missing">Required fields without an answer, in order: <c>missing</c> of 403 and 422.</param>
/// <param name="NextStep">The first step neither answered nor skipped, or <see cref="Finish"/>. A required step cannot be skipped.</param>
public sealed record OnboardingProgress(IReadOnlyList<string> Answered, IReadOnlyList<string> Missing, string NextStep)
{
    /// <summary>The next step when nothing is left to ask.</summary>
    public const string Finish = "finish";

    /// <summary>The decision itself.</summary>
    /// <param name="definition">What is asked and what of it is required.</param>
    /// <param name="answered">Names of the steps that have an answer, see <see cref="AnsweredSteps"/>.</param>
    /// <param name="skipped">Names of the steps that the person passed over; null = none are remembered.</param>
    public static OnboardingProgress Of(OnboardingDefinition definition, IReadOnlySet<string> answered, IReadOnlySet<string>? skipped = null)
    {
        var open = definition.Steps.Where(s => !answered.Contains(s.Step)).ToList();
        return new(
            [.. definition.Steps.Where(s => answered.Contains(s.Step)).Select(s => s.Step)],
            [.. open.Where(s => s.Required).Select(s => s.Field).OfType<string>()],
            open.Find(s => s.Required || skipped?.Contains(s.Step) != true)?.Step ?? Finish);
    }

    /// <summary>Which steps have an answer. Empty text, an empty list and null are none.</summary>
    /// <param name="username">The name, null or blank while there is none.</param>
    /// <param name="profile">The stored profile.</param>
    /// <param name="spotifyConnected">Whether a Spotify account is connected.</param>
    public static IReadOnlySet<string> AnsweredSteps(string? username, CanonicalProfile profile, bool spotifyConnected)
    {
        var answers = profile.KnownAnswers();
        var steps = new HashSet<string>(StringComparer.Ordinal);
        Add("username", username is not null && username.AsSpan().Trim(Username.WhiteSpace).Length > 0);
        Add("genres", profile.FavoriteGenres.Count > 0);
        Add("artist", profile.FavoriteArtists.Count > 0);
        Add("hated", answers.HatedGenres is not null);
        Add("rainy", answers.RainyDayMood is not null);
        Add("workout", answers.WorkoutVibe is not null);
        Add("decade", answers.FavoriteDecade is not null);
        Add("listening", answers.ListeningStyle is not null);
        Add("age", answers.AgeRange is not null);
        Add("city", profile.Location.Length > 0);
        Add("connect", spotifyConnected);
        return steps;

        void Add(string step, bool has)
        {
            if (has) steps.Add(step);
        }
    }

    /// <summary>The answers so far in the shape of the submission.</summary>
    /// <param name="username">The name, or null.</param>
    /// <param name="profile">The stored profile.</param>
    public static OnboardingValues ValuesOf(string? username, CanonicalProfile profile)
    {
        var answers = profile.KnownAnswers();
        return new()
        {
            Username = username,
            FavoriteGenres = profile.FavoriteGenres is { Count: > 0 } genres ? genres : null,
            FavoriteArtists = profile.FavoriteArtists is { Count: > 0 } artists ? artists : null,
            Location = profile.Location is { Length: > 0 } location ? location : null,
            CityLat = profile.City?.Latitude,
            CityLng = profile.City?.Longitude,
            CustomData = answers == new KnownAnswers() ? null : answers,
        };
    }
}
