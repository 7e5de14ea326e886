using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Juke.Contract.Profiles;

namespace Juke.Contract.Wire;

/// <summary>
/// The 13 keys of a profile that its owner writes, under the same names in both dialects (contract §7). Absent keys stay as
/// they are.
/// </summary>
/// <param name="Name">Free text, or null for none.</param>
/// <param name="DisplayName">Empty = none.</param>
/// <param name="Tagline">Empty = none.</param>
/// <param name="Bio">Text of any length; empty = none.</param>
/// <param name="Location">City as the person calls it; empty = none. Without coordinates beside it, a new city has none.</param>
/// <param name="AvatarUrl">Absolute http(s) URL; empty = none.</param>
/// <param name="FavoriteGenres">Ids of <c>/api/v1/genres/featured/</c>, or free text, in the order of choice; empty clears.</param>
/// <param name="FavoriteArtists"><c>spotify:artist:&lt;id&gt;</c>, a link to it, or a name; empty clears.</param>
/// <param name="FavoriteAlbums"><c>spotify:album:&lt;id&gt;</c>, a link to it, or a title; empty clears.</param>
/// <param name="FavoriteTracks"><c>spotify:track:&lt;id&gt;</c>, a link to it, or a title; empty clears.</param>
/// <param name="CityLat">Degrees north, kept to 2 decimals; only together with <c>city_lng</c>; null clears both.</param>
/// <param name="CityLng">Degrees east, kept to 2 decimals; only together with <c>city_lat</c>; null clears both.</param>
/// <param name="CustomData">Merged at its top level: keys that are not sent stay, null takes a key out. At most 64 KiB and 16 levels.</param>
public record ProfileAnswers(
    [property: JsonPropertyName("name"), StringLength(ProfileFields.NameMaxLength)] string? Name = null,
    [property: JsonPropertyName("display_name"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), StringLength(ProfileFields.NameMaxLength)]
    string? DisplayName = null,
    [property: JsonPropertyName("tagline"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), StringLength(ProfileFields.TaglineMaxLength)]
    string? Tagline = null,
    [property: JsonPropertyName("bio"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Bio = null,
    [property: JsonPropertyName("location"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), StringLength(ProfileFields.LocationMaxLength)]
    string? Location = null,
    [property: JsonPropertyName("avatar_url"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Url, StringLength(ProfileFields.NameMaxLength)]
    string? AvatarUrl = null,
    [property: JsonPropertyName("favorite_genres"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Entries(ProfileFields.ListMaxEntries, ProfileFields.EntryMaxLength)]
    IReadOnlyList<string>? FavoriteGenres = null,
    [property: JsonPropertyName("favorite_artists"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Entries(ProfileFields.ListMaxEntries, ProfileFields.EntryMaxLength)]
    IReadOnlyList<string>? FavoriteArtists = null,
    [property: JsonPropertyName("favorite_albums"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Entries(ProfileFields.ListMaxEntries, ProfileFields.EntryMaxLength)]
    IReadOnlyList<string>? FavoriteAlbums = null,
    [property: JsonPropertyName("favorite_tracks"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Entries(ProfileFields.ListMaxEntries, ProfileFields.EntryMaxLength)]
    IReadOnlyList<string>? FavoriteTracks = null,
    [property: JsonPropertyName("city_lat"), Range(-90, 90)] double? CityLat = null,
    [property: JsonPropertyName("city_lng"), Range(-180, 180)] double? CityLng = null,
    [property: JsonPropertyName("custom_data"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CustomAnswers? CustomData = null);

/// <summary>The body of a save of <c>/api/v1/music-profiles/me/</c>. Other members are ignored: shipped apps send back what they got.</summary>
public sealed record MusicProfileSave : ProfileAnswers
{
    /// <summary>An ISO 8601 instant is a request to complete onboarding (contract §6); the instant is kept nowhere. Anything else means nothing.</summary>
    [JsonPropertyName(ProfileFields.CompletionMarker), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? OnboardingCompletedAt { get; init; }
}

/// <summary><c>custom_data</c> of a save: the known answers are held to their lists, any other key is its client's own.</summary>
/// <param name="HatedGenres">Ids as in <c>favorite_genres</c>.</param>
/// <param name="RainyDayMood">What to hear on a rainy day.</param>
/// <param name="WorkoutVibe">What to train to.</param>
/// <param name="FavoriteDecade">The decade whose music is liked best.</param>
/// <param name="ListeningStyle">Playlists or whole albums.</param>
/// <param name="AgeRange">In years.</param>
public sealed record CustomAnswers(
    [property: JsonPropertyName("hated_genres"), Entries(ProfileFields.ListMaxEntries, ProfileFields.EntryMaxLength)] IReadOnlyList<string>? HatedGenres = null,
    [property: JsonPropertyName("rainy_day_mood"), AllowedValues("mellow", "jazz", "indie", "classical", "rnb")] string? RainyDayMood = null,
    [property: JsonPropertyName("workout_vibe"), AllowedValues("intense", "hiphop", "rock", "edm", "pop")] string? WorkoutVibe = null,
    [property: JsonPropertyName("favorite_decade"), AllowedValues("60s", "70s", "80s", "90s", "2000s", "2010s", "2020s")] string? FavoriteDecade = null,
    [property: JsonPropertyName("listening_style"), AllowedValues("playlist", "album")] string? ListeningStyle = null,
    [property: JsonPropertyName("age_range"), AllowedValues("18-24", "25-34", "35-44", "45-54", "55+")] string? AgeRange = null)
{
    /// <summary>Keys of clients.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Others { get; set; } // Settable: the serializer takes it by no constructor.
}
