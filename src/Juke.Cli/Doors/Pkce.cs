using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Juke.Cli.Doors;

/// <summary>The random texts of one trip to a provider (RFC 7636, RFC 9700 §4.7). They live as long as the trip and are kept nowhere.</summary>
internal sealed record Pkce
{
    /// <summary>256 random bits: proof, at the exchange, of who began.</summary>
    public string Verifier { get; } = NewText();

    /// <summary>256 random bits: an answer without them is nobody's.</summary>
    public string State { get; } = NewText();

    /// <summary>256 random bits: an ID token without them was made for another trip.</summary>
    public string Nonce { get; } = NewText();

    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>Not the texts: this may end in a log.</summary>
    public override string ToString() => nameof(Pkce);

    private static string NewText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
