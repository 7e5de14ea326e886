using Dapper;
using Juke.Contract;
using Juke.Contract.Profiles;
using Npgsql;

namespace Juke.Testing;

/// <summary>Gives a user's rows what a golden vector says was there before: name, onboarding and the whole canonical profile.</summary>
internal static class StoredPerson
{
    public static Task StoreAsync(NpgsqlConnection database, long userId, string? username, bool isOnboarded, CanonicalProfile profile) => database.ExecuteAsync(
        """
        update users set username = @username, username_key = @key where id = @userId;
        update user_profiles set name = @Name, display_name = @DisplayName, tagline = @Tagline, bio = @Bio, location = @Location, avatar_url = @AvatarUrl,
          favorite_genres = @Genres, favorite_artists = @Artists, favorite_albums = @Albums, favorite_tracks = @Tracks,
          city_lat = @Lat, city_lng = @Lng, custom_data = @CustomData::jsonb,
          onboarding_done = @isOnboarded, onboarding_done_at = case when @isOnboarded then timestamptz '2026-01-01Z' end
        where user_id = @userId
        """,
        new
        {
            userId,
            isOnboarded,
            username,
            key = username is null ? null : Username.Key(username),
            profile.Name,
            profile.DisplayName,
            profile.Tagline,
            profile.Bio,
            profile.Location,
            profile.AvatarUrl,
            profile.CustomData,
            Genres = profile.FavoriteGenres.ToArray(),
            Artists = profile.FavoriteArtists.ToArray(),
            Albums = profile.FavoriteAlbums.ToArray(),
            Tracks = profile.FavoriteTracks.ToArray(),
            Lat = profile.City?.Latitude,
            Lng = profile.City?.Longitude,
        });
}
