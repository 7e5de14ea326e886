using System.Net;
using Juke.Server.Plumbing;

namespace Juke.Server.SignUp;

/// <summary>
/// Where Spotify may send a code that is redeemed here (contract §4, C8): our own two callbacks and what the settings name. A
/// loopback IP that is named without a port means any port, as RFC 8252 has it for native apps. Anything else would let the code
/// of somebody else's flow be redeemed.
/// </summary>
internal sealed class SpotifyRedirects(Settings settings)
{
    public const string Callback = "/auth/spotify/callback";

    /// <summary>The callback of the old server, which is what Spotify has on its list for it.</summary>
    public const string OldCallback = "/api/v1/social-auth/complete/spotify/";

    /// <summary>The absolute address of one of our callbacks.</summary>
    public string Own(string path) => new Uri(settings.PublicUrl, path).AbsoluteUri;

    public bool Allows(string redirect)
    {
        if (redirect == Own(Callback) || redirect == Own(OldCallback)) return true;
        return settings.Spotify is { } spotify && spotify.Redirects.Any(allowed => allowed == redirect || AnyPort(allowed, redirect));
    }

    private static bool AnyPort(string allowed, string redirect) =>
        Uri.TryCreate(allowed, UriKind.Absolute, out var template) && IsLoopback(template) && template.IsDefaultPort
        && Uri.TryCreate(redirect, UriKind.Absolute, out var uri) && IsLoopback(uri)
        && uri.Host == template.Host && uri.PathAndQuery == template.PathAndQuery && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0;

    // The IP itself: a name like localhost can be made to point elsewhere (RFC 8252 §8.3).
    private static bool IsLoopback(Uri uri) =>
        uri.Scheme == Uri.UriSchemeHttp && IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip);
}
