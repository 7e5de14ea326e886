using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Juke.Desk.Google;

/// <summary>A key that signs ID tokens.</summary>
internal sealed class SigningKey
{
    private readonly RSA rsa = RSA.Create(2048);
    private readonly Lock gate = new();

    /// <summary>Makes a new one.</summary>
    public SigningKey()
    {
        Public = rsa.ExportParameters(includePrivateParameters: false);
        PublicPem = rsa.ExportSubjectPublicKeyInfoPem();
        Id = Convert.ToHexStringLower(SHA256.HashData(Public.Modulus!))[..40];
    }

    /// <summary>kid: follows from the key.</summary>
    public string Id { get; }

    /// <summary>What everybody may know.</summary>
    public RSAParameters Public { get; }

    /// <summary>The same, as text.</summary>
    public string PublicPem { get; }

    /// <summary>RS256.</summary>
    public byte[] Sign(byte[] data)
    {
        lock (gate) return rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <summary>As a JWKS lists it.</summary>
    public JsonObject Jwk() => new()
    {
        ["kty"] = "RSA",
        ["use"] = "sig",
        ["alg"] = "RS256",
        ["kid"] = Id,
        ["n"] = Base64Url.EncodeToString(Public.Modulus!),
        ["e"] = Base64Url.EncodeToString(Public.Exponent!),
    };
}

/// <summary>Two keys, as Google publishes: one signs, the other is on its way in or out.</summary>
internal sealed class KeyRing
{
    // Making a key takes long. The stand-ins of one process start with the same two, as the same Google would; a cache of keys by address,
    // such as Google.Apis.Auth keeps, stays right when a port is used again.
    private static readonly Lazy<SigningKey[]> First = new(() => [new(), new()]);

    private readonly Lock gate = new();
    private SigningKey[] keys = First.Value;

    /// <summary>The one that signs, then the other one.</summary>
    public IReadOnlyList<SigningKey> Keys
    {
        get
        {
            lock (gate) return keys;
        }
    }

    /// <summary>A new key signs; the one that signed stays published, the one before it goes.</summary>
    public void Rotate()
    {
        var next = new SigningKey();
        lock (gate) keys = [next, keys[0]];
    }

    /// <summary>The first two again.</summary>
    public void Reset()
    {
        lock (gate) keys = First.Value;
    }

    /// <summary>As /oauth2/v3/certs answers.</summary>
    public JsonObject Jwks() => new() { ["keys"] = new JsonArray([.. Keys.Select(key => key.Jwk())]) };
}
