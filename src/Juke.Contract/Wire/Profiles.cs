using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Juke.Contract.Wire;

/// <summary>The user inside <c>/api/users/profile</c>.</summary>
/// <param name="Id">64-bit integer, the same as in <c>/auth/me</c>.</param>
/// <param name="Email">The address, or null.</param>
/// <param name="Username">The name; never null here, since the route is behind the gate.</param>
/// <param name="Name">Display name, or null.</param>
/// <param name="Image">Absolute URL, or null.</param>
/// <param name="Role"><c>user</c> or <c>admin</c>; treat one that you do not know as <c>user</c>.</param>
public sealed record ProfileUser(
    long Id,
    [property: EmailAddress] string? Email,
    string? Username,
    string? Name,
    [property: Url] string? Image,
    string Role);

/// <summary>The five extra fields of the camelCase profile, and whether onboarding is done.</summary>
/// <param name="Level">Starts at 1.</param>
/// <param name="DailyStreak">Days in a row.</param>
/// <param name="LastClaimAt">Last daily claim, UTC, or null.</param>
/// <param name="FavouriteTeamId">Catalogue id, or null.</param>
/// <param name="FavouriteLeagueId">Catalogue id, or null.</param>
/// <param name="OnboardingDone">True, since the route is behind the gate.</param>
public sealed record ProfileExtras(
    int Level, int DailyStreak, DateTimeOffset? LastClaimAt, long? FavouriteTeamId, long? FavouriteLeagueId, bool OnboardingDone);

/// <summary><c>GET</c> and <c>PATCH /api/users/profile</c>.</summary>
/// <param name="User">Account part.</param>
/// <param name="Profile">Profile part.</param>
public sealed record UserProfile(ProfileUser User, ProfileExtras Profile);

/// <summary><c>PATCH /api/users/profile</c>: absent members stay as they are.</summary>
/// <param name="Username">A new name; same rules as in onboarding.</param>
/// <param name="Name">1–100 characters.</param>
/// <param name="Image">Absolute http(s) URL of at most 2,048 characters, or null for none.</param>
public sealed record UpdateProfileRequest(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault), StringLength(Contract.Username.MaxLength, MinimumLength = Contract.Username.MinLength)]
    Optional<string> Username = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault), StringLength(100, MinimumLength = 1)]
    Optional<string> Name = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault), Url, StringLength(2048)]
    Optional<string?> Image = default);
