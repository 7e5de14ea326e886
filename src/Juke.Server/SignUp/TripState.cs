using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Juke.Server.Plumbing;

namespace Juke.Server.SignUp;

/// <summary>
/// The <c>state</c> of a trip to a provider: 256 random bits behind the id of the key that made it. PKCE verifier and nonce are
/// HMACs over it, so that neither they nor the state itself are stored, and a copy of the database redeems no code.
/// </summary>
internal static class TripState
{
    private const int Bytes = 36;
    private const int Characters = 48;

    public static string New(Keys keys)
    {
        Span<byte> state = stackalloc byte[Bytes];
        BinaryPrimitives.WriteUInt32BigEndian(state, keys.CurrentId);
        RandomNumberGenerator.Fill(state[4..]);
        return Base64Url.EncodeToString(state);
    }

    /// <summary>What is stored of it.</summary>
    public static byte[] Hash(string state) => SHA256.HashData(Encoding.UTF8.GetBytes(state));

    /// <summary>PKCE verifier and nonce; null when the text is no state of ours, or its key is gone.</summary>
    public static (string Verifier, string Nonce)? SecretsOf(Keys keys, string? state)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        if (state?.Length != Characters || !Base64UrlText.TryRead(state, bytes)) return null;
        if (keys.Find(BinaryPrimitives.ReadUInt32BigEndian(bytes), Keys.Purpose.ProviderTrip) is not { } key) return null;
        return (Make(key, "verifier ", state), Make(key, "nonce ", state));
    }

    /// <summary>S256 (RFC 7636 §4.2).</summary>
    public static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    private static string Make(byte[] key, string what, string state) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(what + state)));
}
