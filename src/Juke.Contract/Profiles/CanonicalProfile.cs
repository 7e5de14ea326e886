using System.Text.Json;
using Juke.Contract.Wire;

namespace Juke.Contract.Profiles;

/// <summary>
/// The part of a profile that its owner writes, in the one form in which it is stored (contract §7). Made by
/// <see cref="ProfileChange.ApplyTo"/>, <see cref="LegacyProfile.Read"/> or from a row that one of them wrote.
/// </summary>
public sealed record CanonicalProfile
{
    /// <summary>The profile of a new account.</summary>
    public static CanonicalProfile Empty { get; } = new();

    /// <summary>See <see cref="MusicProfile.Name"/>.</summary>
    public string? Name { get; init; }

    /// <summary>See <see cref="MusicProfile.DisplayName"/>.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>See <see cref="MusicProfile.Tagline"/>.</summary>
    public string Tagline { get; init; } = "";

    /// <summary>See <see cref="MusicProfile.Bio"/>.</summary>
    public string Bio { get; init; } = "";

    /// <summary>See <see cref="MusicProfile.Location"/>.</summary>
    public string Location { get; init; } = "";

    /// <summary>See <see cref="MusicProfile.AvatarUrl"/>.</summary>
    public string AvatarUrl { get; init; } = "";

    /// <summary>See <see cref="MusicProfile.FavoriteGenres"/>.</summary>
    public IReadOnlyList<string> FavoriteGenres { get; init; } = [];

    /// <summary>See <see cref="MusicProfile.FavoriteArtists"/>.</summary>
    public IReadOnlyList<string> FavoriteArtists { get; init; } = [];

    /// <summary>See <see cref="MusicProfile.FavoriteAlbums"/>.</summary>
    public IReadOnlyList<string> FavoriteAlbums { get; init; } = [];

    /// <summary>See <see cref="MusicProfile.FavoriteTracks"/>.</summary>
    public IReadOnlyList<string> FavoriteTracks { get; init; } = [];

    /// <summary>Position of the city, or null.</summary>
    public Coordinates? City { get; init; }

    /// <summary>The object as JSON text, so that numbers keep their digits. Never holds a completion marker.</summary>
    public string CustomData { get; init; } = "{}";

    /// <summary>The known keys of <see cref="CustomData"/>. A value that does not fit counts as not answered.</summary>
    public KnownAnswers KnownAnswers() => CustomDataObject.KnownAnswers(CustomData);

    /// <summary>The profile as a reader sees it. To others than the owner the private parts are empty (contract §3).</summary>
    /// <param name="id">Id of the user.</param>
    /// <param name="username">Name of the user; null shows as empty.</param>
    /// <param name="completedAt">The completion date; null while onboarding is required.</param>
    /// <param name="clout">Weight on the globe.</param>
    /// <param name="topGenre">What the globe shows, or null.</param>
    /// <param name="createdAt">When the profile was made.</param>
    /// <param name="modifiedAt">When it was last saved.</param>
    /// <param name="isOwner">Whether the reader is the owner.</param>
    public MusicProfile ToWire(
        long id, string? username, DateTimeOffset? completedAt, double clout, string? topGenre, DateTimeOffset createdAt, DateTimeOffset modifiedAt, bool isOwner) => new(
        id, username ?? "", Name, DisplayName, Tagline, Bio, Location, AvatarUrl, FavoriteGenres, FavoriteArtists, FavoriteAlbums, FavoriteTracks,
        completedAt, isOwner ? City?.Latitude : null, isOwner ? City?.Longitude : null, CustomDataObject.Parse(isOwner ? CustomData : "{}"),
        clout, topGenre, createdAt, modifiedAt, isOwner);

    /// <summary>The writable keys as one JSON object, in the old order: a payload that asks for exactly this profile.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, CustomDataObject.Writing))
        {
            json.WriteStartObject();
            json.WriteString("name", Name);
            json.WriteString("display_name", DisplayName);
            json.WriteString("tagline", Tagline);
            json.WriteString("bio", Bio);
            json.WriteString("location", Location);
            json.WriteString("avatar_url", AvatarUrl);
            WriteList("favorite_genres", FavoriteGenres);
            WriteList("favorite_artists", FavoriteArtists);
            WriteList("favorite_albums", FavoriteAlbums);
            WriteList("favorite_tracks", FavoriteTracks);
            WriteNumber("city_lat", City?.Latitude);
            WriteNumber("city_lng", City?.Longitude);
            json.WritePropertyName("custom_data");
            CustomDataObject.Parse(CustomData).WriteTo(json);
            json.WriteEndObject();

            void WriteList(string name, IReadOnlyList<string> entries)
            {
                json.WriteStartArray(name);
                foreach (var entry in entries) json.WriteStringValue(entry);
                json.WriteEndArray();
            }

            void WriteNumber(string name, double? value)
            {
                json.WritePropertyName(name);
                if (value is { } number) json.WriteRawValue(DecimalPointConverter.Format(number));
                else json.WriteNullValue();
            }
        }
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
