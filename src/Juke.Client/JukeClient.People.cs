using System.Globalization;
using Juke.Contract.Wire;

namespace Juke.Client;

/// <content>Other people, and the Spotify link.</content>
public sealed partial class JukeClient
{
    /// <summary><c>GET /api/v1/music-profiles/search/</c>: people by a part of their name, at most ten. Behind the gate.</summary>
    public Task<FoundProfiles> SearchMusicProfilesAsync(string text, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Get, "/api/v1/music-profiles/search/" + Query(("q", text)), null, ClientJson.Juke.FoundProfiles, cancellation);

    /// <summary><c>GET /api/v1/music-profiles/globe/</c>: people with a place, by clout. Behind the gate.</summary>
    public Task<IReadOnlyList<GlobePoint>> GetGlobeAsync(GlobeQuery? query = null, CancellationToken cancellation = default) =>
        call.SendAsync(
            HttpMethod.Get, "/api/v1/music-profiles/globe/" + (query ?? new GlobeQuery()).Text(), null, ClientJson.Juke.IReadOnlyListGlobePoint, cancellation);

    /// <summary><c>GET /api/v1/music-profiles/?online=true</c>: who is there now, page by page. Behind the gate.</summary>
    public Task<MusicProfilePage> ListOnlineMusicProfilesAsync(int? limit = null, int? offset = null, CancellationToken cancellation = default) =>
        call.SendAsync(
            HttpMethod.Get,
            "/api/v1/music-profiles/" + Query(("online", "true"), ("limit", limit?.ToString(CultureInfo.InvariantCulture)), ("offset", offset?.ToString(CultureInfo.InvariantCulture))),
            null, ClientJson.Juke.MusicProfilePage, cancellation);

    /// <summary><c>GET /api/v1/auth/spotify/status/</c>: is a Spotify account connected?</summary>
    public Task<SpotifyStatus> SpotifyStatusAsync(CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Get, "/api/v1/auth/spotify/status/", null, ClientJson.Juke.SpotifyStatus, cancellation);

    /// <summary><c>POST /api/v1/auth/spotify/token/</c>: an access token for Spotify's players. 400 where the person has to connect (again).</summary>
    public Task<StreamingToken> SpotifyTokenAsync(CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/api/v1/auth/spotify/token/", null, ClientJson.Juke.StreamingToken, cancellation);

    /// <summary><c>POST /api/v1/auth/spotify/disconnect/</c>: forgets the Spotify account; again is fine.</summary>
    public Task SpotifyDisconnectAsync(CancellationToken cancellation = default) =>
        call.SendTaggedAsync(HttpMethod.Post, "/api/v1/auth/spotify/disconnect/", null, ClientJson.Default.JsonObject, cancellation);
}
