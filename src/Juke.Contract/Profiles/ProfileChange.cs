namespace Juke.Contract.Profiles;

/// <summary>One thing that is wrong with a field.</summary>
/// <param name="Field">JSON name; <c>custom_data.x</c> inside <c>custom_data</c>; <see cref="ProfileFields.WholeBody"/> for the body itself.</param>
/// <param name="Message">A sentence for the person; the old server's where it had one.</param>
public sealed record FieldError(string Field, string Message);

/// <summary>A payload judged: the change that it asks for, or why not. Exactly one of the two.</summary>
/// <param name="Change">Null when anything is wrong; then nothing is stored.</param>
/// <param name="Code">Null when fine, else <see cref="ProblemCode.ValidationFailed"/>, or <see cref="ProblemCode.BadRequest"/> for a body that is no JSON.</param>
/// <param name="Errors">What is wrong, in the order of the fields (their texts joined by a space are the <c>detail</c>).</param>
public sealed record ProfileOutcome(ProfileChange? Change, string? Code, IReadOnlyList<FieldError> Errors)
{
    internal static ProfileOutcome Of(ProfileChange change) => new(change, null, []);

    internal static ProfileOutcome Refused(params IReadOnlyList<FieldError> errors) => new(null, ProblemCode.ValidationFailed, errors);
}

/// <summary>
/// What a save changes: columns that are present are set, absent ones stay. Made so that one UPDATE can carry it out and two
/// saves of different keys lose nothing.
/// </summary>
public sealed record ProfileChange
{
    /// <summary>New <c>name</c>; null = none.</summary>
    public Optional<string> Name { get; init; }

    /// <summary>New <c>display_name</c>, never null.</summary>
    public Optional<string> DisplayName { get; init; }

    /// <summary>New <c>tagline</c>, never null.</summary>
    public Optional<string> Tagline { get; init; }

    /// <summary>New <c>bio</c>, never null.</summary>
    public Optional<string> Bio { get; init; }

    /// <summary>New <c>location</c>, never null.</summary>
    public Optional<string> Location { get; init; }

    /// <summary>New <c>avatar_url</c>, never null.</summary>
    public Optional<string> AvatarUrl { get; init; }

    /// <summary>New <c>favorite_genres</c>, never null.</summary>
    public Optional<IReadOnlyList<string>> FavoriteGenres { get; init; }

    /// <summary>New <c>favorite_artists</c>, never null.</summary>
    public Optional<IReadOnlyList<string>> FavoriteArtists { get; init; }

    /// <summary>New <c>favorite_albums</c>, never null.</summary>
    public Optional<IReadOnlyList<string>> FavoriteAlbums { get; init; }

    /// <summary>New <c>favorite_tracks</c>, never null.</summary>
    public Optional<IReadOnlyList<string>> FavoriteTracks { get; init; }

    /// <summary>New <c>city_lat</c> and <c>city_lng</c>; null clears both.</summary>
    public Optional<Coordinates> City { get; init; }

    /// <summary>
    /// Coordinates were not sent, a location was: where it differs from the stored one, both coordinates become null. In the
    /// UPDATE itself (<c>case when location is distinct from …</c>), so that a racing save cannot leave one city's name
    /// beside another's position.
    /// </summary>
    public bool ClearsCityIfLocationDiffers => Location.IsPresent && !City.IsPresent;

    /// <summary>What happens to <c>custom_data</c>.</summary>
    public CustomDataChange CustomData { get; init; } = CustomDataChange.None;

    /// <summary>The payload carries a completion marker that can be read. Means something only while onboarding is required.</summary>
    public bool AsksToComplete { get; init; }

    /// <summary>Whether no column changes. <see cref="AsksToComplete"/> does not count.</summary>
    public bool IsEmpty => this with { AsksToComplete = false } == Nothing;

    private static readonly ProfileChange Nothing = new();

    /// <summary>The profile after this change: what the one UPDATE must leave behind.</summary>
    public CanonicalProfile ApplyTo(CanonicalProfile stored)
    {
        var location = Or(Location, stored.Location);
        return new()
        {
            Name = Name.IsPresent ? Name.Value : stored.Name,
            DisplayName = Or(DisplayName, stored.DisplayName),
            Tagline = Or(Tagline, stored.Tagline),
            Bio = Or(Bio, stored.Bio),
            Location = location,
            AvatarUrl = Or(AvatarUrl, stored.AvatarUrl),
            FavoriteGenres = Or(FavoriteGenres, stored.FavoriteGenres),
            FavoriteArtists = Or(FavoriteArtists, stored.FavoriteArtists),
            FavoriteAlbums = Or(FavoriteAlbums, stored.FavoriteAlbums),
            FavoriteTracks = Or(FavoriteTracks, stored.FavoriteTracks),
            City = City.IsPresent ? City.Value : location == stored.Location ? stored.City : null,
            CustomData = CustomData.ApplyTo(stored.CustomData),
        };
    }

    private static T Or<T>(Optional<T> changed, T stored) => changed.IsPresent ? changed.Value! : stored;
}

/// <summary>
/// A merge at the top level of <c>custom_data</c>: <c>(custom_data - Remove) || Set</c> in SQL, so that two clients changing
/// different keys at once lose nothing. No key is in both.
/// </summary>
/// <param name="Set">A JSON object as text: members to add or replace. Numbers keep their digits.</param>
/// <param name="Remove">Keys to take out.</param>
public sealed record CustomDataChange(string Set, IReadOnlyList<string> Remove)
{
    /// <summary>Changes nothing.</summary>
    public static CustomDataChange None { get; } = new("{}", []);

    /// <summary>The merged object as JSON text.</summary>
    /// <param name="stored">The stored object as JSON text.</param>
    public string ApplyTo(string stored) => this == None ? stored : CustomDataObject.Merge(stored, this);
}
