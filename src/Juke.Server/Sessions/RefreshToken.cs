using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Juke.Server.Plumbing;

namespace Juke.Server.Sessions;

/// <summary>
/// The refresh token: key id (4 bytes), sid (16), generation (4) and an HMAC-SHA256 over these and the session row's salt,
/// base64url. Neither key nor database alone makes one, and nothing that could be presented is stored (contract §5).
/// </summary>
internal readonly record struct RefreshToken(uint KeyId, byte[] Sid, int Gen, byte[] Mac)
{
    private const int HeadLength = 24;
    private const int Length = HeadLength + 32;
    private const int TextLength = 75;

    public static string Write(Keys keys, byte[] sid, int gen, ReadOnlySpan<byte> salt)
    {
        Span<byte> token = stackalloc byte[Length];
        WriteHead(token, keys.CurrentId, sid, gen);
        ComputeMac(keys.Current(Keys.Purpose.RefreshToken), token[..HeadLength], salt, token[HeadLength..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Its parts, unproved: the MAC needs the salt of the row.</summary>
    public static RefreshToken? Parse(string? text)
    {
        Span<byte> token = stackalloc byte[Length];
        if (text is null || text.Length != TextLength || !Base64UrlText.TryRead(text, token)) return null;
        return new RefreshToken(
            BinaryPrimitives.ReadUInt32BigEndian(token), token[4..20].ToArray(),
            BinaryPrimitives.ReadInt32BigEndian(token[20..]), token[HeadLength..Length].ToArray());
    }

    public bool IsGenuine(Keys keys, ReadOnlySpan<byte> salt)
    {
        if (keys.Find(KeyId, Keys.Purpose.RefreshToken) is not { } key) return false;
        Span<byte> head = stackalloc byte[HeadLength];
        WriteHead(head, KeyId, Sid, Gen);
        Span<byte> expected = stackalloc byte[32];
        ComputeMac(key, head, salt, expected);
        return CryptographicOperations.FixedTimeEquals(expected, Mac);
    }

    private static void WriteHead(Span<byte> head, uint keyId, byte[] sid, int gen)
    {
        BinaryPrimitives.WriteUInt32BigEndian(head, keyId);
        sid.CopyTo(head[4..]);
        BinaryPrimitives.WriteInt32BigEndian(head[20..], gen);
    }

    private static void ComputeMac(byte[] key, ReadOnlySpan<byte> head, ReadOnlySpan<byte> salt, Span<byte> mac)
    {
        Span<byte> input = stackalloc byte[HeadLength + salt.Length];
        head.CopyTo(input);
        salt.CopyTo(input[HeadLength..]);
        HMACSHA256.HashData(key, input, mac);
    }
}
