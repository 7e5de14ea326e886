using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Juke.Server.Plumbing;

namespace Juke.Server.SignUp;

/// <summary>
/// Says which browser set out. Lax and short-lived: it has to come along when the provider sends the browser back (RFC 10017).
/// One cookie for all trips of a browser, so that several tabs do not spoil each other's.
/// </summary>
internal sealed class TripCookie(Settings settings)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(20);

    private readonly string name = Cookies.Name(settings, "juke_trip");

    /// <summary>The browser's hash, or null when the cookie is not there.</summary>
    public byte[]? Read(HttpContext http) => http.Request.Cookies[name] is { Length: 43 } secret ? Hash(secret) : null;

    /// <summary>The browser's hash; a browser without the cookie gets one.</summary>
    public byte[] ReadOrWrite(HttpContext http, DateTimeOffset now)
    {
        var secret = http.Request.Cookies[name] is { Length: 43 } known ? known : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        http.Response.Cookies.Append(name, secret, Cookies.Options(settings, now + Lifetime));
        return Hash(secret);
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
