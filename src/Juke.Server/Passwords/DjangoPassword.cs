using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Juke.Server.Passwords;

/// <summary>
/// Passwords as Django stored them: verified only, never made. The first part of the text names the algorithm. The password
/// counts as its UTF-8 bytes, exactly as typed. A text that is broken, of an unknown format or dearer to verify than the caps
/// allow matches nothing (decision 15).
/// </summary>
internal abstract record DjangoPassword
{
    /// <summary>Far above Django's own default of 2026 (1,500,000), far below what would block a core for a minute.</summary>
    private const int MostIterations = 5_000_000;

    /// <summary>Whether this is a text of Django's that some password may match. "!" and what follows says that none does.</summary>
    public static bool IsUsable(string? stored) => Read(stored) is not null;

    /// <summary>Whether the text is Django's at all: ours has no "$", and is not 32 hex digits.</summary>
    public static bool IsDjango(string stored) => stored.Contains('$', StringComparison.Ordinal) || stored is ['!', ..] || IsHex(stored, 32);

    /// <summary>Whether the password is the stored one. Never throws at what is stored.</summary>
    public static bool Verify(string stored, string password) => Read(stored)?.Matches(Encoding.UTF8.GetBytes(password)) ?? false;

    /// <summary>The parsed text, or null when nothing can match it.</summary>
    public static DjangoPassword? Read(string? stored)
    {
        if (stored is null || stored.Length is 0 or > 1000 || !Ascii.IsValid(stored)) return null;
        if (IsHex(stored, 32)) return new Salted(HashAlgorithmName.MD5, "", Convert.FromHexString(stored));
        return stored.Split('$') switch
        {
            ["pbkdf2_sha256", var n, var salt, var hash] => Pbkdf2.Read(HashAlgorithmName.SHA256, 32, n, salt, hash),
            ["pbkdf2_sha1", var n, var salt, var hash] => Pbkdf2.Read(HashAlgorithmName.SHA1, 20, n, salt, hash),
            ["argon2", var kind and ("argon2i" or "argon2id"), .. var rest] => Argon2Password.Read(kind, rest),
            ["scrypt", var n, var salt, var r, var p, var hash] => ScryptPassword.Read(n, salt, r, p, hash),
            ["bcrypt", "", var kind, var cost, var rest] => BcryptPassword.Read(kind, cost, rest, hashFirst: false),
            ["bcrypt_sha256", "", var kind, var cost, var rest] => BcryptPassword.Read(kind, cost, rest, hashFirst: true),
            ["sha1", var salt, var hex] when IsHex(hex, 40) => new Salted(HashAlgorithmName.SHA1, salt, Convert.FromHexString(hex)),
            ["md5", var salt, var hex] when IsHex(hex, 32) => new Salted(HashAlgorithmName.MD5, salt, Convert.FromHexString(hex)),
            _ => null,
        };
    }

    /// <summary>Whether these bytes are the password's.</summary>
    public bool Matches(byte[] password) => CryptographicOperations.FixedTimeEquals(Compute(password), Expected);

    /// <summary>What stands at the end of the text.</summary>
    protected abstract byte[] Expected { get; }

    /// <summary>The same for a candidate.</summary>
    protected abstract byte[] Compute(byte[] password);

    /// <summary>A decimal number without sign or padding, at most <paramref name="most"/>; null for anything else.</summary>
    protected internal static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : null;

    /// <summary>Base64 of exactly so many bytes, with or without padding; null for anything else.</summary>
    protected internal static byte[]? Bytes(string base64, int least, int most)
    {
        var padded = base64.Length % 4 == 0 ? base64 : base64.PadRight((base64.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var length) && length >= least && length <= most ? bytes[..length] : null;
    }

    private static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigit);

    private sealed record Pbkdf2(HashAlgorithmName Hash, int Iterations, byte[] Salt, byte[] Key) : DjangoPassword
    {
        protected override byte[] Expected => Key;

        public static Pbkdf2? Read(HashAlgorithmName hash, int length, string iterations, string salt, string key) =>
            Number(iterations, MostIterations) is { } n && Bytes(key, length, length) is { } bytes ? new(hash, n, Encoding.ASCII.GetBytes(salt), bytes) : null;

        protected override byte[] Compute(byte[] password) => Rfc2898DeriveBytes.Pbkdf2(password, Salt, Iterations, Hash, Key.Length);
    }

    /// <summary>One round of SHA-1 or MD5 over salt and password: what Django had before 1.4. The sign-in that it is good for replaces it.</summary>
    private sealed record Salted(HashAlgorithmName Hash, string Salt, byte[] Digest) : DjangoPassword
    {
        protected override byte[] Expected => Digest;

        protected override byte[] Compute(byte[] password) => CryptographicOperations.HashData(Hash, [.. Encoding.ASCII.GetBytes(Salt), .. password]);
    }
}
