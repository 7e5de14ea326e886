using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Juke.Contract;
using Juke.Server.Plumbing;

namespace Juke.Server.Google;

/// <summary>
/// What an ID token says, judged without asking anybody: everything that Google.Apis.Auth lets pass (providers B5; decision
/// 0014) is refused here.
/// </summary>
internal static class GoogleClaims
{
    /// <summary>Characters of a token. Google's have some 1,200; the library itself reads any length.</summary>
    public const int Longest = 10_000;

    /// <summary>How far our clock and Google's may differ.</summary>
    public static TimeSpan Skew { get; } = TimeSpan.FromSeconds(30);

    // Repeated members are refused: two readers could choose different ones.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>The id of the key that an RS256 token of three parts names; null for every other text.</summary>
    public static string? KeyId(string token)
    {
        if (token.Length > Longest || token.Count(c => c == '.') != 2 || Part(token, 0) is not { } head) return null;
        // The algorithm is ours to choose, never the token's (ASVS 9.1.2); crit names what we would have to know (RFC 7515 §4.1.11).
        return head.Text("alg", 10) == "RS256" && head.Member("crit") is null ? head.Text("kid", 200) : null;
    }

    /// <summary>The person whom a token with a good signature names; null when it is not for us, not for now, or not for this sign-in.</summary>
    /// <param name="token">The token.</param>
    /// <param name="google">For whom it may be made.</param>
    /// <param name="nonce">What this sign-in was begun with; null when whoever sends the token has none of ours.</param>
    /// <param name="now">Our clock.</param>
    public static ProviderPerson? Read(string token, GoogleSettings google, string? nonce, DateTimeOffset now)
    {
        if (Part(token, 1) is not { } claims) return null;
        if (claims.Text("iss", 100) is not ("https://accounts.google.com" or "accounts.google.com")) return null;
        // A text, not a list: the library takes any list for ours.
        if (claims.Text("aud", 300) is not { } audience || !google.ClientIds.Contains(audience, StringComparer.Ordinal)) return null;
        if (claims.Member("azp") is { } party && !(party.Text(300) is { } known && (google.ClientIds.Contains(known, StringComparer.Ordinal) || google.Parties.Contains(known, StringComparer.Ordinal)))) return null;
        if (claims.Text("sub", 255) is not { } subject || string.IsNullOrWhiteSpace(subject)) return null;
        var (second, skew) = (now.ToUnixTimeSeconds(), (long)Skew.TotalSeconds);
        if (claims.Whole("exp") is not { } exp || second >= exp) return null;
        if (claims.Whole("iat") is not { } iat || iat > second + skew) return null;
        if (claims.Member("nbf") is not null && !(claims.Whole("nbf") is { } nbf && nbf <= second + skew)) return null;
        if (nonce is not null && !(claims.Text("nonce", 300) is { } given && Same(given, nonce))) return null;

        var email = claims.Text("email", 1000) is { } text && EmailAddress.Check(text, out var address) is null ? address : null;
        return new ProviderPerson(ProviderPerson.Google, subject, ExternalId: null)
        {
            Email = email,
            EmailWord = email is null ? EmailWord.Hint : Word(claims, email, google.LinkHostedDomains),
            Name = claims.Text("name", 200)?.Trim() is { Length: > 0 } name ? name : null,
            Image = claims.Https("picture"),
        };
    }

    /// <summary>
    /// What Google's word about the address is worth: it runs gmail.com, and that domain only (its own page names no other;
    /// googlemail.com addresses are known to it as gmail.com); a hosted domain only where the operator switched that on.
    /// </summary>
    private static EmailWord Word(JsonElement claims, string email, bool linkHosted)
    {
        // JSON true, or the text "true" as some of Google's older answers have it; nothing else.
        var verified = claims.Member("email_verified") is { } member && (member.ValueKind == JsonValueKind.True || member.Text(10) == "true");
        if (!verified) return EmailWord.Hint;
        var isGmail = email.EndsWith("@gmail.com", StringComparison.OrdinalIgnoreCase);
        return isGmail || (linkHosted && claims.Text("hd", 300) is not null) ? EmailWord.Authoritative : EmailWord.Verified;
    }

    private static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private static JsonElement? Part(string token, int index)
    {
        try
        {
            var part = token.Split('.')[index];
            var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(part);
            using var document = JsonDocument.Parse(bytes, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null; // InvalidOperationException: a name with half a surrogate pair.
        }
    }
}
