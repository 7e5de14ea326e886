using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Juke.Desk.Google;

/// <summary>JSON Web Tokens, put together by hand: forging them needs more freedom than a library gives.</summary>
internal static class Jwt
{
    /// <summary>header.payload.signature.</summary>
    /// <param name="header">The header.</param>
    /// <param name="payload">The payload's text, well-formed or not.</param>
    /// <param name="sign">Signs the bytes of header.payload.</param>
    public static string Make(JsonObject header, string payload, Func<byte[], byte[]> sign)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The header that Google writes.</summary>
    public static JsonObject Header(string kid, string alg = "RS256") => new() { ["alg"] = alg, ["kid"] = kid, ["typ"] = "JWT" };
}
