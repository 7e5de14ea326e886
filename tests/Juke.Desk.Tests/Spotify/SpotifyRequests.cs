using Juke.Desk.Spotify;
using Juke.Desk.Tests.StandIns;

namespace Juke.Desk.Tests.Spotify;

/// <summary>Requests that are right; tests change one thing.</summary>
internal static class SpotifyRequests
{
    public static Dictionary<string, string> Authorize { get; } = new(StringComparer.Ordinal)
    {
        ["client_id"] = SpotifyStandIn.ClientId,
        ["response_type"] = "code",
        ["redirect_uri"] = App.Callback,
        ["state"] = "a state & more",
        ["scope"] = "user-read-email user-read-private",
        ["code_challenge_method"] = "S256",
        ["code_challenge"] = App.Challenge,
    };

    /// <summary>Without its code.</summary>
    public static Dictionary<string, string> Exchange { get; } = new(StringComparer.Ordinal)
    {
        ["grant_type"] = "authorization_code",
        ["redirect_uri"] = App.Callback,
        ["code_verifier"] = App.Verifier,
        ["client_id"] = SpotifyStandIn.ClientId,
        ["client_secret"] = SpotifyStandIn.ClientSecret,
    };

    /// <summary>Without its token.</summary>
    public static Dictionary<string, string> Refresh { get; } = new(StringComparer.Ordinal)
    {
        ["grant_type"] = "refresh_token",
        ["client_id"] = SpotifyStandIn.ClientId,
        ["client_secret"] = SpotifyStandIn.ClientSecret,
    };
}
