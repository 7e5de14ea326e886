namespace Juke.Contract.Wire;

/// <summary><c>GET /api/v1/auth/spotify/status/</c>.</summary>
/// <param name="Connected">Whether a Spotify account is connected for playing.</param>
/// <param name="Provider">Always <c>spotify</c>.</param>
/// <param name="SpotifyUserId">What Spotify calls the account; null when none is connected.</param>
/// <param name="Scopes">What the person granted, sorted; may be empty.</param>
/// <param name="ExpiresAt">End of the access token, seconds since 1970; null when Spotify did not say, or none is there.</param>
/// <param name="ExpiresIn">Seconds until then, at least 0; null with <paramref name="ExpiresAt"/>.</param>
/// <param name="HasRefreshToken">False beside <paramref name="Connected"/>: once the access token is old the person has to connect again.</param>
public sealed record SpotifyStatus(
    bool Connected, string Provider, string? SpotifyUserId, IReadOnlyList<string> Scopes, long? ExpiresAt, long? ExpiresIn, bool HasRefreshToken);

/// <summary><c>POST /api/v1/auth/spotify/token/</c>. A refresh token never leaves the server.</summary>
/// <param name="Provider">Always <c>spotify</c>.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="AccessToken">Opaque, for Spotify's players.</param>
/// <param name="ExpiresAt">Its end, seconds since 1970; null when Spotify did not say.</param>
/// <param name="ExpiresIn">Seconds until then; null with <paramref name="ExpiresAt"/>.</param>
public sealed record StreamingToken(string Provider, string TokenType, string AccessToken, long? ExpiresAt, long? ExpiresIn);
