using System.Text.Json;

namespace Juke.Contract.Profiles;

/// <summary>A value of an old row that has no place in the canonical profile; kept verbatim beside it, never dropped (contract §7).</summary>
/// <param name="Field">The old column; <c>custom_data.x</c> for a key, <c>favorite_artists[2]</c> for an entry.</param>
/// <param name="Raw">The value as JSON text, exactly as it was.</param>
/// <param name="Reason">Why it did not fit, a sentence.</param>
public sealed record KeptAside(string Field, string Raw, string Reason);

/// <summary>
/// A music profile of the old server, whatever is in it: the canonical profile, and what was kept aside
/// (legacy-drift.md §1, §4, §6, §7). The same rules as a save, but nothing is ever refused.
/// </summary>
/// <param name="Profile">The canonical profile.</param>
/// <param name="CompletedAt">The date of the column, else of <c>custom_data.onboarding_completed_at</c>, else null.</param>
/// <param name="KeptAside">What did not fit, in the order of the columns.</param>
public sealed record LegacyProfile(CanonicalProfile Profile, DateTimeOffset? CompletedAt, IReadOnlyList<KeptAside> KeptAside)
{
    /// <summary>
    /// Whether the old rules count the row as onboarded: a date, or at least one favourite genre (legacy-drift.md §3). The
    /// username is asked elsewhere.
    /// </summary>
    public bool CountsAsOnboarded => CompletedAt is not null || Profile.FavoriteGenres.Count > 0;

    /// <summary>Reads a row. Never throws and never refuses, whatever the row is.</summary>
    /// <param name="row">
    /// The row as a JSON object by column name, as <c>to_jsonb</c> gives it; absent columns count as empty. Anything but an
    /// object is kept aside whole.
    /// </param>
    public static LegacyProfile Read(JsonElement row)
    {
        var reader = new LegacyRow(row);
        var column = reader.CompletionColumn();
        var profile = new CanonicalProfile
        {
            Name = reader.Text("name", ProfileFields.NameMaxLength),
            DisplayName = reader.Text("display_name", ProfileFields.NameMaxLength) ?? "",
            Tagline = reader.Text("tagline", ProfileFields.TaglineMaxLength) ?? "",
            Bio = reader.Text("bio", max: null) ?? "",
            Location = reader.Text("location", ProfileFields.LocationMaxLength) ?? "",
            AvatarUrl = reader.Url("avatar_url"),
            FavoriteGenres = reader.List("favorite_genres", Genres.Canonical),
            FavoriteArtists = reader.List("favorite_artists", static t => SpotifyReference.Canonical("artist", t)),
            FavoriteAlbums = reader.List("favorite_albums", static t => SpotifyReference.Canonical("album", t)),
            FavoriteTracks = reader.List("favorite_tracks", static t => SpotifyReference.Canonical("track", t)),
            City = reader.City(),
            CustomData = reader.CustomData(out var inside),
        };
        return new(profile, column ?? inside, reader.KeptAside);
    }
}
