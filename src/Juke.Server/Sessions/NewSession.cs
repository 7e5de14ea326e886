using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Juke.Server.Data;

namespace Juke.Server.Sessions;

/// <summary>Who is calling, as far as a session remembers it.</summary>
/// <param name="Device">User-Agent, at most 200 UTF-16 units, or null.</param>
/// <param name="Address">IP address, or null.</param>
/// <param name="IsWeb">Whether <c>X-Client: web</c> was sent: the refresh token then travels as a cookie too.</param>
internal sealed record Caller(string? Device, string? Address, bool IsWeb)
{
    private const int MaxDeviceLength = 200;

    public static Caller Of(HttpContext http) =>
        new(DeviceOf(http.Request.Headers.UserAgent.ToString()), http.Connection.RemoteIpAddress?.ToString(), http.Request.Headers["X-Client"] == "web");

    /// <summary>What is kept of a User-Agent: without control characters, and never half a surrogate pair, which no database takes.</summary>
    internal static string? DeviceOf(string userAgent)
    {
        var device = new StringBuilder();
        foreach (var rune in userAgent.EnumerateRunes())
        {
            if (rune.Value is < ' ' or '\u007F' || rune == Rune.ReplacementChar) continue;
            if (device.Length + rune.Utf16SequenceLength > MaxDeviceLength) break;
            device.Append(rune.ToString());
        }
        return device.Length == 0 ? null : device.ToString();
    }
}

/// <summary>A session about to be written: every sign-in makes one, nothing is ever taken over (ASVS 7.2.4).</summary>
internal sealed record NewSession
{
    public required string Kind { get; init; }
    public required byte[] Sid { get; init; }
    public required byte[] Salt { get; init; }

    /// <summary>What the client holds: the cookie or Juke token itself; null for app sessions. Never stored.</summary>
    public string? Secret { get; init; }

    /// <summary>Opened by an access token that may have been made for another app: it gets nothing that was granted to Juke alone (C8).</summary>
    public bool ByBareToken { get; init; }

    public required Caller Caller { get; init; }
    public required DateTimeOffset Now { get; init; }

    public byte[]? SecretHash => Secret is null ? null : HashSecret(Secret);

    public DateTimeOffset IdleEndsAt => Now + Lifetimes.Idle(Kind);

    public DateTimeOffset AbsoluteEndsAt => Now + Lifetimes.Absolute(Kind);

    /// <summary>What is stored of it.</summary>
    public NewSessionRow Row => new(Sid, Kind, Salt, SecretHash, Now, IdleEndsAt, AbsoluteEndsAt, Caller.Device, Caller.Address, ByBareToken);

    /// <summary>A session of tokens.</summary>
    public static NewSession App(Caller caller, DateTimeOffset now) => Make(Lifetimes.App, null, caller, now);

    /// <summary>A session of the hosted pages: 256 random bits in a cookie.</summary>
    public static NewSession Web(Caller caller, DateTimeOffset now) =>
        Make(Lifetimes.Web, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), caller, now);

    /// <summary>A session of the Juke dialect: 160 random bits, written as 40 hex digits like the old tokens, which apps compare and store as such.</summary>
    public static NewSession Juke(Caller caller, DateTimeOffset now) =>
        Make(Lifetimes.Juke, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)), caller, now);

    /// <summary>SHA-256 is enough for 160 random bits or more; a slow hash protects guessable secrets only.</summary>
    public static byte[] HashSecret(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static NewSession Make(string kind, string? secret, Caller caller, DateTimeOffset now) => new()
    {
        Kind = kind,
        Sid = RandomNumberGenerator.GetBytes(16),
        Salt = RandomNumberGenerator.GetBytes(16),
        Secret = secret,
        Caller = caller,
        Now = now,
    };
}
