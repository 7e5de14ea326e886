namespace Juke.Contract.Profiles;

/// <summary>Names and limits of the profile's fields (contract §7; legacy-wire.md A.7).</summary>
public static class ProfileFields
{
    /// <summary>Where an error stands that belongs to no single field.</summary>
    public const string WholeBody = "non_field_errors";

    /// <summary>The key of old clients that asks for completion; at the top level and inside <c>custom_data</c>.</summary>
    public const string CompletionMarker = "onboarding_completed_at";

    /// <summary>Most characters (code points) of <c>name</c>, <c>display_name</c> and <c>avatar_url</c>.</summary>
    public const int NameMaxLength = 200;

    /// <summary>Most characters of <c>tagline</c>.</summary>
    public const int TaglineMaxLength = 280;

    /// <summary>Most characters of <c>location</c>.</summary>
    public const int LocationMaxLength = 120;

    /// <summary>Most entries of a list, unless the stored one is longer already.</summary>
    public const int ListMaxEntries = 100;

    /// <summary>Most characters of an entry, unless the stored list holds it already.</summary>
    public const int EntryMaxLength = 200;

    /// <summary>
    /// Most bytes of <c>custom_data</c> as compact UTF-8 JSON with every number written out in full, unless the stored one
    /// is larger already.
    /// </summary>
    public const int CustomDataMaxBytes = 64 * 1024;

    /// <summary>Deepest nesting of <c>custom_data</c>; the object itself is level 1.</summary>
    public const int CustomDataMaxDepth = 16;

    /// <summary>The 21 keys in the old order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "id", "username", "name", "display_name", "tagline", "bio", "location", "avatar_url", "favorite_genres", "favorite_artists",
        "favorite_albums", "favorite_tracks", CompletionMarker, "city_lat", "city_lng", "custom_data", "clout", "top_genre",
        "created_at", "modified_at", "is_owner",
    ];

    /// <summary>The 13 keys that a save may change, in the old order. <see cref="CompletionMarker"/> may be sent too, but is a request.</summary>
    public static IReadOnlyList<string> Writable { get; } =
    [
        "name", "display_name", "tagline", "bio", "location", "avatar_url", "favorite_genres", "favorite_artists",
        "favorite_albums", "favorite_tracks", "city_lat", "city_lng", "custom_data",
    ];
}
