using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Juke.Server.Plumbing;

/// <summary>
/// The server's keys, one per purpose, derived from <c>JUKE_SECRETS</c> with HKDF-SHA256 (RFC 5869). The newest secret
/// makes, all verify, so that keys change under live sessions (contract §5).
/// </summary>
internal sealed class Keys
{
    private readonly Ring[] rings;

    public Keys(IReadOnlyList<byte[]> secrets) => rings = [.. secrets.Select(s => new Ring(s))];

    /// <summary>A purpose, and with it a key that is good for nothing else.</summary>
    public enum Purpose
    {
        /// <summary>MAC of access tokens.</summary>
        AccessToken,

        /// <summary>MAC of refresh tokens.</summary>
        RefreshToken,

        /// <summary>MAC of the links in mails.</summary>
        EmailLink,

        /// <summary>Encryption of the Data Protection key ring.</summary>
        KeyRing,

        /// <summary>PKCE verifiers and nonces of trips to a provider: made from the state, so that nothing of them is stored.</summary>
        ProviderTrip,
    }

    /// <summary>Says which secret made something, and nothing about the secret.</summary>
    public uint CurrentId => rings[0].Id;

    /// <summary>The key that makes.</summary>
    public byte[] Current(Purpose purpose) => rings[0].Key(purpose);

    /// <summary>Every key that verifies, newest first.</summary>
    public IEnumerable<byte[]> AllOf(Purpose purpose) => rings.Select(r => r.Key(purpose));

    /// <summary>The key that made something marked with this id, or null when that secret is gone.</summary>
    public byte[]? Find(uint id, Purpose purpose) => Array.Find(rings, r => r.Id == id)?.Key(purpose);

    private sealed class Ring
    {
        private readonly byte[][] keys;

        public Ring(byte[] secret)
        {
            keys = [.. Enum.GetNames<Purpose>().Select(name => Derive(secret, $"juke/{name}/v1", 32))];
            Id = BinaryPrimitives.ReadUInt32BigEndian(Derive(secret, "juke/KeyId/v1", 4));
        }

        public uint Id { get; }

        public byte[] Key(Purpose purpose) => keys[(int)purpose];

        private static byte[] Derive(byte[] secret, string label, int length) =>
            HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, length, info: Encoding.ASCII.GetBytes(label));
    }
}
