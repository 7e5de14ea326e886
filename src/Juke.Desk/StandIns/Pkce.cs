using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Juke.Desk.StandIns;

/// <summary>RFC 7636 with S256, the only method either service is used with.</summary>
internal static partial class Pkce
{
    /// <summary>What a verifier becomes.</summary>
    public static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    /// <summary>Whether a challenge can be one: 32 bytes in base64url.</summary>
    public static bool IsChallenge(string challenge) => WholeChallenge().IsMatch(challenge);

    /// <summary>Whether this verifier (43 to 128 letters, digits, <c>_ . - ~</c>) made this challenge.</summary>
    public static bool Fits(string verifier, string challenge) => WholeVerifier().IsMatch(verifier) && Challenge(verifier) == challenge;

    [GeneratedRegex(@"\A[A-Za-z0-9_.~-]{43,128}\z")]
    private static partial Regex WholeVerifier();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{43}\z")]
    private static partial Regex WholeChallenge();
}
