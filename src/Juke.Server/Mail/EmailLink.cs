using System.Buffers.Text;
using System.Security.Cryptography;
using Juke.Server.Plumbing;

namespace Juke.Server.Mail;

/// <summary>
/// The secret of a mailed link: an id of 128 random bits and an HMAC-SHA256 over it, base64url. The database keeps the id
/// only, so a copy of it opens nothing, and the mail can be written when it is sent.
/// </summary>
internal static class EmailLink
{
    /// <summary>How long a link that proves an address is good.</summary>
    public static readonly TimeSpan VerifyLifetime = TimeSpan.FromHours(24);

    /// <summary>How long a link that resets a password is good.</summary>
    public static readonly TimeSpan ResetLifetime = TimeSpan.FromMinutes(15);

    private const int TextLength = 64;

    public static byte[] NewId() => RandomNumberGenerator.GetBytes(16);

    public static string Write(Keys keys, byte[] id)
    {
        Span<byte> token = stackalloc byte[48];
        id.CopyTo(token);
        HMACSHA256.HashData(keys.Current(Keys.Purpose.EmailLink), id, token[16..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>The id when the link is one of ours, else null. Whether it is still open the database knows.</summary>
    public static byte[]? Read(Keys keys, string? text)
    {
        Span<byte> token = stackalloc byte[48];
        if (text?.Length != TextLength || !Base64UrlText.TryRead(text, token)) return null;
        Span<byte> expected = stackalloc byte[32];
        foreach (var key in keys.AllOf(Keys.Purpose.EmailLink))
        {
            HMACSHA256.HashData(key, token[..16], expected);
            if (CryptographicOperations.FixedTimeEquals(expected, token[16..])) return token[..16].ToArray();
        }
        return null;
    }
}
