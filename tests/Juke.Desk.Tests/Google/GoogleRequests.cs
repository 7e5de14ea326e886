using Juke.Desk.Google;
using Juke.Desk.Tests.StandIns;

namespace Juke.Desk.Tests.Google;

/// <summary>Requests that are right; tests change one thing.</summary>
internal static class GoogleRequests
{
    public const string Page = "/o/oauth2/v2/auth";

    public static Dictionary<string, string> Authorize { get; } = new(StringComparer.Ordinal)
    {
        ["client_id"] = GoogleStandIn.WebClientId,
        ["response_type"] = "code",
        ["redirect_uri"] = App.Callback,
        ["state"] = "a state & more",
        ["nonce"] = "the nonce",
        ["scope"] = "openid email profile",
        ["code_challenge_method"] = "S256",
        ["code_challenge"] = App.Challenge,
    };

    /// <summary>Without its code.</summary>
    public static Dictionary<string, string> Exchange { get; } = new(StringComparer.Ordinal)
    {
        ["grant_type"] = "authorization_code",
        ["redirect_uri"] = App.Callback,
        ["code_verifier"] = App.Verifier,
        ["client_id"] = GoogleStandIn.WebClientId,
        ["client_secret"] = GoogleStandIn.ClientSecret,
    };
}
