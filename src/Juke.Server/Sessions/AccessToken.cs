using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Juke.Server.Plumbing;

namespace Juke.Server.Sessions;

/// <summary>
/// The access token: a JWT (RFC 7519, HS256) with one constant header, so that shipped apps can read <c>exp</c>. It says
/// which session and which generation speaks; whether that session is still good only the database knows.
/// </summary>
/// <param name="UserId"><c>sub</c>.</param>
/// <param name="Sid"><c>sid</c>: 16 bytes, base64url.</param>
/// <param name="Gen"><c>gen</c>: the generation it was made with.</param>
/// <param name="IssuedAt"><c>iat</c>.</param>
/// <param name="ExpiresAt"><c>exp</c>.</param>
internal sealed record AccessToken(long UserId, byte[] Sid, int Gen, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    // {"alg":"HS256","typ":"JWT"}: what it must be is known, so it is compared, never interpreted (ASVS 9.1.2, 9.1.3).
    private const string Header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";

    /// <summary>No token of ours is longer.</summary>
    private const int MaxLength = 400;

    public string Write(Keys keys)
    {
        var payload = $$"""{"sub":"{{UserId}}","sid":"{{Base64Url.EncodeToString(Sid)}}","gen":{{Gen}},"iat":{{IssuedAt.ToUnixTimeSeconds()}},"exp":{{ExpiresAt.ToUnixTimeSeconds()}}}""";
        var signed = Header + Base64Url.EncodeToString(Encoding.ASCII.GetBytes(payload));
        var mac = HMACSHA256.HashData(keys.Current(Keys.Purpose.AccessToken), Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(mac)}";
    }

    /// <summary>The token when its MAC is ours and it has not ended, else null. The MAC comes first.</summary>
    public static AccessToken? Read(string text, Keys keys, DateTimeOffset now)
    {
        if (text.Length > MaxLength || !text.StartsWith(Header, StringComparison.Ordinal)) return null;
        var dot = text.LastIndexOf('.');
        if (dot < Header.Length) return null;

        Span<byte> signed = stackalloc byte[dot];
        if (Encoding.ASCII.GetBytes(text.AsSpan(0, dot), signed) != dot) return null;
        Span<byte> mac = stackalloc byte[32];
        if (text.Length - dot - 1 != 43 || !Base64UrlText.TryRead(text.AsSpan(dot + 1), mac)) return null;
        if (!IsOurs(signed, mac, keys)) return null;

        try
        {
            var token = ReadPayload(Base64Url.DecodeFromChars(text.AsSpan(Header.Length, dot - Header.Length)));
            return token is not null && now < token.ExpiresAt ? token : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or ArgumentException or InvalidOperationException)
        {
            return null; // Our key signed it, but not this build: after a roll-back, a payload of the build to come.
        }
    }

    private static bool IsOurs(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> mac, Keys keys)
    {
        Span<byte> expected = stackalloc byte[32];
        foreach (var key in keys.AllOf(Keys.Purpose.AccessToken))
        {
            HMACSHA256.HashData(key, signed, expected);
            if (CryptographicOperations.FixedTimeEquals(expected, mac)) return true;
        }
        return false;
    }

    // Only reached behind a good MAC: the payload is what Write wrote, by this build or an older one.
    private static AccessToken? ReadPayload(ReadOnlySpan<byte> payload)
    {
        long user = 0, issued = 0, expires = 0;
        var gen = 0;
        byte[]? sid = null;
        var reader = new Utf8JsonReader(payload);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.ValueTextEquals("sub"u8)) { reader.Read(); user = long.Parse(reader.GetString()!); }
            else if (reader.ValueTextEquals("sid"u8)) { reader.Read(); sid = Base64Url.DecodeFromUtf8(reader.ValueSpan); }
            else if (reader.ValueTextEquals("gen"u8)) { reader.Read(); gen = reader.GetInt32(); }
            else if (reader.ValueTextEquals("iat"u8)) { reader.Read(); issued = reader.GetInt64(); }
            else if (reader.ValueTextEquals("exp"u8)) { reader.Read(); expires = reader.GetInt64(); }
        }
        return sid is { Length: 16 } ? new AccessToken(user, sid, gen, DateTimeOffset.FromUnixTimeSeconds(issued), DateTimeOffset.FromUnixTimeSeconds(expires)) : null;
    }
}
