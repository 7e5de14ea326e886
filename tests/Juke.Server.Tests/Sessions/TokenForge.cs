using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juke.Server.Tests.Sessions;

/// <summary>
/// Tokens made and taken apart by hand, from the words of contract §5 and the RFCs alone: the server's own writers are
/// not asked, so that both sides cannot be wrong in the same way.
/// </summary>
internal static class TokenForge
{
    public const string Header = """{"alg":"HS256","typ":"JWT"}""";

    /// <summary>HKDF-SHA256 without salt, label <c>juke/&lt;purpose&gt;/v1</c>.</summary>
    public static byte[] Key(byte[] secret, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.ASCII.GetBytes($"juke/{purpose}/v1"));

    public static string Jwt(string header, string payload, byte[] key)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The payload of any JWT.</summary>
    public static JsonObject Payload(string jwt) => JsonNode.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[1]))!.AsObject();

    public static string Payload(long sub, string sid, int gen, long iat, long exp) =>
        JsonSerializer.Serialize(new { sub = sub.ToString(), sid, gen, iat, exp });

    /// <summary>A refresh token: key id, sid, gen, MAC over these and the salt.</summary>
    public static string Refresh(byte[] secret, byte[] sid, int gen, byte[] salt, string purpose = "RefreshToken")
    {
        var head = new byte[24];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 4, info: "juke/KeyId/v1"u8.ToArray()).CopyTo(head, 0);
        sid.CopyTo(head, 4);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(20), gen);
        return Base64Url.EncodeToString([.. head, .. HMACSHA256.HashData(Key(secret, purpose), (byte[])[.. head, .. salt])]);
    }

    /// <summary>The generation that a refresh token names.</summary>
    public static int Gen(string refreshToken) => BinaryPrimitives.ReadInt32BigEndian(Base64Url.DecodeFromChars(refreshToken).AsSpan(20));

    public static byte[] Sid(string refreshToken) => Base64Url.DecodeFromChars(refreshToken)[4..20];
}
