namespace Juke.Contract.Wire;

/// <summary>A person as a search shows them.</summary>
/// <param name="Username">Name of the user.</param>
/// <param name="DisplayName">Empty = none.</param>
/// <param name="Tagline">Empty = none.</param>
/// <param name="AvatarUrl">Empty = none.</param>
public sealed record FoundProfile(string Username, string DisplayName, string Tagline, string AvatarUrl);

/// <summary>At most ten people, the best match first.</summary>
/// <param name="Results">Empty when nothing was typed.</param>
public sealed record FoundProfiles(IReadOnlyList<FoundProfile> Results);

/// <summary>A person on the globe: the only place where others see a position, to 2 decimals (contract §3).</summary>
/// <param name="Id">Id of the user.</param>
/// <param name="Username">Name of the user.</param>
/// <param name="Lat">Degrees north.</param>
/// <param name="Lng">Degrees east.</param>
/// <param name="Clout">Weight, from 0.</param>
/// <param name="TopGenre">The first favourite genre; <c>other</c> when there is none.</param>
/// <param name="DisplayName">Empty = none.</param>
/// <param name="Location">City as the person calls it.</param>
public sealed record GlobePoint(long Id, string Username, double Lat, double Lng, double Clout, string TopGenre, string DisplayName, string Location);

/// <summary>A page of music profiles.</summary>
/// <param name="Count">How many there are on all pages.</param>
/// <param name="Next">Address of the next page, or null.</param>
/// <param name="Previous">Address of the page before, or null.</param>
/// <param name="Results">This page.</param>
public sealed record MusicProfilePage(long Count, string? Next, string? Previous, IReadOnlyList<MusicProfile> Results);

/// <summary>A user in the list of users.</summary>
/// <param name="Url">Where this user is.</param>
/// <param name="Username">Name of the user.</param>
/// <param name="Email">The reader's own address; of everybody else empty.</param>
/// <param name="Groups">Empty.</param>
/// <param name="IsActive">True: others are not shown.</param>
public sealed record ListedUser(string Url, string Username, string Email, IReadOnlyList<string> Groups, bool IsActive);

/// <summary>A page of users.</summary>
/// <param name="Count">How many there are on all pages.</param>
/// <param name="Next">Address of the next page, or null.</param>
/// <param name="Previous">Address of the page before, or null.</param>
/// <param name="Results">This page.</param>
public sealed record UserPage(long Count, string? Next, string? Previous, IReadOnlyList<ListedUser> Results);
