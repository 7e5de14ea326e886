using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Juke.Server.Passwords;

/// <summary>
/// bcrypt (Provos and Mazières, 1999), as Django writes it. <c>bcrypt_sha256</c> hashes the lower-case hex of SHA-256, so that
/// long passwords count whole; plain <c>bcrypt</c> counts the first 72 bytes.
/// </summary>
internal sealed record BcryptPassword(int Cost, byte[] Salt, byte[] Hash, bool HashFirst) : DjangoPassword
{
    /// <summary>Django's own is 12; each step doubles the work.</summary>
    private const int HighestCost = 15;

    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    protected override byte[] Expected => Hash;

    public static BcryptPassword? Read(string kind, string cost, string saltAndHash, bool hashFirst)
    {
        if (kind is not ("2a" or "2b" or "2y") || cost.Length != 2 || saltAndHash.Length != 53) return null;
        if (!int.TryParse(cost, NumberStyles.None, CultureInfo.InvariantCulture, out var log) || log is < 4 or > HighestCost) return null;
        return Decode(saltAndHash[..22], 16) is { } salt && Decode(saltAndHash[22..], 23) is { } hash ? new(log, salt, hash, hashFirst) : null;
    }

    protected override byte[] Compute(byte[] password)
    {
        if (HashFirst) password = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(password)));
        // The key ends with a zero byte, and no more than 72 bytes of it count.
        byte[] key = [.. password.AsSpan(0, Math.Min(password.Length, 72)), 0];
        return Blowfish.Bcrypt(key.AsSpan(0, Math.Min(key.Length, 72)), Salt, Cost)[..23];
    }

    // Base64 with an alphabet of its own; bits left over at the end say nothing.
    private static byte[]? Decode(string text, int length)
    {
        var bytes = new byte[length];
        int bits = 0, buffer = 0, at = 0;
        foreach (var c in text)
        {
            var value = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (value < 0) return null;
            buffer = (buffer << 6) | value;
            bits += 6;
            if (bits < 8 || at == length) continue;
            bits -= 8;
            bytes[at++] = (byte)(buffer >> bits);
            buffer &= (1 << bits) - 1;
        }
        return at == length ? bytes : null;
    }
}
