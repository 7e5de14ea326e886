using System.Text.Json;

namespace Juke.Contract.Wire;

/// <summary>
/// The music profile on the wire: 21 keys in the old order, in every version and for every reader (contract §7;
/// legacy-wire.md A.7). Lists are lists of strings because shipped phones decode nothing else.
/// </summary>
/// <param name="Id">Id of the user, 64-bit integer.</param>
/// <param name="Username">Name of the user; empty while there is none.</param>
/// <param name="Name">Free text of at most 200 characters, or null.</param>
/// <param name="DisplayName">At most 200 characters; empty = none.</param>
/// <param name="Tagline">At most 280 characters; empty = none.</param>
/// <param name="Bio">Text of any length; empty = none.</param>
/// <param name="Location">City as the person calls it, at most 120 characters; empty = none.</param>
/// <param name="AvatarUrl">Absolute http(s) URL of at most 200 characters; empty = none.</param>
/// <param name="FavoriteGenres">Ids of <c>/api/v1/genres/featured/</c> where known, else free text; order of choice.</param>
/// <param name="FavoriteArtists"><c>spotify:artist:&lt;id&gt;</c> or a name.</param>
/// <param name="FavoriteAlbums"><c>spotify:album:&lt;id&gt;</c> or a title.</param>
/// <param name="FavoriteTracks"><c>spotify:track:&lt;id&gt;</c> or a title.</param>
/// <param name="OnboardingCompletedAt">UTC; null while onboarding is required. No client writes it.</param>
/// <param name="CityLat">Degrees north, -90..90, 2 decimals; null = unknown, always together with <paramref name="CityLng"/>.</param>
/// <param name="CityLng">Degrees east, -180..180, 2 decimals.</param>
/// <param name="CustomData">Known answers of onboarding and any key a client ever put there.</param>
/// <param name="Clout">Weight on the globe, from 0.</param>
/// <param name="TopGenre">What the globe shows, or null.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="ModifiedAt">UTC; the last save of this profile.</param>
/// <param name="IsOwner">Whether the reader is its owner. To others <paramref name="CustomData"/> is empty and the city has no position.</param>
public sealed record MusicProfile(
    long Id,
    string Username,
    string? Name,
    string DisplayName,
    string Tagline,
    string Bio,
    string Location,
    string AvatarUrl,
    IReadOnlyList<string> FavoriteGenres,
    IReadOnlyList<string> FavoriteArtists,
    IReadOnlyList<string> FavoriteAlbums,
    IReadOnlyList<string> FavoriteTracks,
    DateTimeOffset? OnboardingCompletedAt,
    double? CityLat,
    double? CityLng,
    [property: ShapedAs(typeof(IReadOnlyDictionary<string, JsonElement>))] JsonElement CustomData,
    double Clout,
    string? TopGenre,
    DateTimeOffset CreatedAt,
    DateTimeOffset ModifiedAt,
    bool IsOwner);
