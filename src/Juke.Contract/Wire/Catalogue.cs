namespace Juke.Contract.Wire;

/// <summary>One genre of <c>GET /api/v1/genres/featured/</c>.</summary>
/// <param name="Id">The id that profiles hold.</param>
/// <param name="Name">What a person reads.</param>
/// <param name="SpotifyId">Spotify's seed for it.</param>
/// <param name="TopArtists">Up to 3; empty when the provider of music data is slow or not there.</param>
public sealed record FeaturedGenre(string Id, string Name, string SpotifyId, IReadOnlyList<GenreArtist> TopArtists);

/// <summary>An artist that stands for a genre.</summary>
/// <param name="Id">Spotify id.</param>
/// <param name="Name">Name.</param>
/// <param name="ImageUrl">Absolute URL of a picture, or null.</param>
public sealed record GenreArtist(string Id, string Name, string? ImageUrl);

/// <summary><c>GET /api/v1/cities/</c>.</summary>
/// <param name="Results">Best match first; empty when nothing matches or nothing was asked.</param>
public sealed record CityResults(IReadOnlyList<City> Results);

/// <summary>A city to choose as one's location.</summary>
/// <param name="Name">As GeoNames writes it, accents included; the 30 cities of the shipped clients as those do.</param>
/// <param name="Country">Short English name.</param>
/// <param name="CountryCode">ISO 3166-1 alpha-2, and <c>XK</c> for Kosovo.</param>
/// <param name="Region">First administrative level (state, province, canton), or null where there is none.</param>
/// <param name="Lat">Degrees north, −90..90, 2 decimals.</param>
/// <param name="Lng">Degrees east, −180..180, 2 decimals.</param>
/// <param name="Population">People, as GeoNames has it.</param>
public sealed record City(string Name, string Country, string CountryCode, string? Region, double Lat, double Lng, int Population);

/// <summary><c>GET /api/v1/artists/</c>, in the shape of the old server.</summary>
/// <param name="Href">Absolute URL of this very list.</param>
/// <param name="Results">Best match first, as the provider ranks them.</param>
/// <param name="Limit">How many are shown at most.</param>
/// <param name="Count">How many are shown.</param>
/// <param name="Offset">How many were skipped.</param>
/// <param name="Previous">URL of the page before, or null.</param>
public sealed record ArtistResults(string Href, IReadOnlyList<Artist> Results, int Limit, int Count, int Offset, string? Previous);

/// <summary>An artist found at Spotify.</summary>
/// <param name="Url">Absolute URL under which the old catalogue showed it.</param>
/// <param name="Pk">1..2,147,483,647, made from the Spotify id: the same artist always has the same. A key for lists, not proof of identity.</param>
/// <param name="JukeId">Made from the Spotify id, practically unique.</param>
/// <param name="SpotifyId">22 characters.</param>
/// <param name="CreatedAt">UTC. Nothing is stored, so this is the time of the search.</param>
/// <param name="ModifiedAt">UTC. See <paramref name="CreatedAt"/>.</param>
/// <param name="SpotifyData">What Spotify says.</param>
/// <param name="CustomData">Always <c>{}</c>.</param>
/// <param name="Name">Name.</param>
/// <param name="Mbid">Always null: no MusicBrainz id is known.</param>
/// <param name="Genres">Spotify's genres.</param>
public sealed record Artist(
    string Url, int Pk, Guid JukeId, string SpotifyId, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt, ArtistSpotifyData SpotifyData,
    IReadOnlyDictionary<string, string> CustomData, string Name, string? Mbid, IReadOnlyList<string> Genres);

/// <summary>The part of an artist that comes from Spotify as it is.</summary>
/// <param name="Type">Always <c>artist</c>.</param>
/// <param name="Uri"><c>spotify:artist:</c> and the id.</param>
/// <param name="Popularity">0..100.</param>
/// <param name="Followers">0 or more.</param>
/// <param name="Images">Absolute URLs, largest first.</param>
/// <param name="Genres">Spotify's genres.</param>
public sealed record ArtistSpotifyData(
    string Type, string Uri, int Popularity, int Followers, IReadOnlyList<string> Images, IReadOnlyList<string> Genres);
