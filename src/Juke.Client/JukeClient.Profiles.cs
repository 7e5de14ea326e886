using System.Globalization;
using System.Text.Json.Nodes;
using Juke.Contract.Wire;
using static Juke.Client.Call;

namespace Juke.Client;

/// <content>Profiles, what onboarding asks about, and the home screen.</content>
public sealed partial class JukeClient
{
    /// <summary><c>GET /api/users/profile</c>: the data of a profile screen (contract §10). Behind the gate.</summary>
    public Task<UserProfile> GetUserProfileAsync(CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Get, "/api/users/profile", null, ClientJson.Default.UserProfile, cancellation);

    /// <summary><c>PATCH /api/users/profile</c>: absent members stay. <see cref="Session.ReloadUserAsync"/> shows a new name to the app.</summary>
    public Task<UserProfile> UpdateUserProfileAsync(UpdateProfileRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Patch, "/api/users/profile", Json(request, ClientJson.Default.UpdateProfileRequest), ClientJson.Default.UserProfile, cancellation);

    /// <summary><c>GET /api/v1/music-profiles/me/</c>.</summary>
    /// <param name="ifNoneMatch">The ETag of what the caller has; null is answered when it is still the same.</param>
    /// <param name="cancellation">The caller no longer waits.</param>
    public Task<Tagged<MusicProfile>?> GetMyMusicProfileAsync(string? ifNoneMatch = null, CancellationToken cancellation = default) =>
        ReadProfileAsync("me", ifNoneMatch, cancellation);

    /// <summary><c>GET /api/v1/music-profiles/{username}/</c>: somebody's profile, without its private parts. Behind the gate.</summary>
    /// <param name="username">Whose.</param>
    /// <param name="ifNoneMatch">The ETag of what the caller has; null is answered when it is still the same.</param>
    /// <param name="cancellation">The caller no longer waits.</param>
    public Task<Tagged<MusicProfile>?> GetMusicProfileAsync(string username, string? ifNoneMatch = null, CancellationToken cancellation = default) =>
        ReadProfileAsync(Uri.EscapeDataString(username), ifNoneMatch, cancellation);

    /// <summary>
    /// <c>PATCH /api/v1/music-profiles/me/</c>: an answered question with its value, an unanswered one left out, null or an empty
    /// list to clear. Keys as in <see cref="ProfileAnswers"/>; <c>custom_data</c> is merged.
    /// </summary>
    /// <param name="answers">The keys to change.</param>
    /// <param name="ifMatch">Save only over this ETag; 412 <c>PRECONDITION_FAILED</c> when somebody was quicker.</param>
    /// <param name="cancellation">The caller no longer waits.</param>
    public async Task<Tagged<MusicProfile>> SaveMyMusicProfileAsync(JsonObject answers, string? ifMatch = null, CancellationToken cancellation = default)
    {
        var (value, tag) = await call.SendTaggedAsync(
            HttpMethod.Patch, "/api/v1/music-profiles/me/", Json(answers, ClientJson.Default.JsonObject), ClientJson.Juke.MusicProfile, cancellation,
            headers => headers.TryAddWithoutValidation("If-Match", ifMatch is null ? [] : [ifMatch]));
        return new Tagged<MusicProfile>(value!, tag);
    }

    /// <summary><c>GET /api/v1/genres/featured/</c>: the genres that onboarding offers.</summary>
    public Task<IReadOnlyList<FeaturedGenre>> FeaturedGenresAsync(CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Get, "/api/v1/genres/featured/", null, ClientJson.Juke.IReadOnlyListFeaturedGenre, cancellation);

    /// <summary><c>GET /api/v1/cities/</c>: cities by name, best match first.</summary>
    public Task<CityResults> SearchCitiesAsync(string text, int? limit = null, CancellationToken cancellation = default) =>
        call.SendAsync(
            HttpMethod.Get, "/api/v1/cities/" + Query(("q", text), ("limit", limit?.ToString(CultureInfo.InvariantCulture))), null, ClientJson.Juke.CityResults, cancellation);

    /// <summary><c>GET /api/v1/artists/</c>: artists by name, as Spotify ranks them.</summary>
    public Task<ArtistResults> SearchArtistsAsync(string text, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Get, "/api/v1/artists/" + Query(("external", "true"), ("q", text)), null, ClientJson.Juke.ArtistResults, cancellation);

    /// <summary><c>GET /fixtures/upcoming</c>: what has not started yet, next first. Behind the gate.</summary>
    public Task<UpcomingFixtures> UpcomingFixturesAsync(FixtureQuery? query = null, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Get, "/fixtures/upcoming" + (query ?? new FixtureQuery()).Text(), null, ClientJson.Default.UpcomingFixtures, cancellation);

    internal static string Query(params ReadOnlySpan<(string Name, string? Value)> parts)
    {
        var query = "";
        foreach (var (name, value) in parts)
            if (value is not null) query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        return query;
    }

    private async Task<Tagged<MusicProfile>?> ReadProfileAsync(string who, string? ifNoneMatch, CancellationToken cancellation)
    {
        var (value, tag) = await call.SendTaggedAsync(
            HttpMethod.Get, $"/api/v1/music-profiles/{who}/", null, ClientJson.Juke.MusicProfile, cancellation,
            headers => headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch is null ? [] : [ifNoneMatch]));
        return value is null ? null : new Tagged<MusicProfile>(value, tag);
    }
}

/// <summary>An answer with the version that it was read in.</summary>
/// <typeparam name="T">What was read.</typeparam>
/// <param name="Value">What was read.</param>
/// <param name="ETag">For <c>If-Match</c> and <c>If-None-Match</c>; null when the server gave none.</param>
public sealed record Tagged<T>(T Value, string? ETag);
