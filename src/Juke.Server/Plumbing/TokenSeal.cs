using System.Security.Cryptography;
using Juke.Server.Data;
using Microsoft.AspNetCore.DataProtection;

namespace Juke.Server.Plumbing;

/// <summary>Provider tokens as they may stand in the database: sealed with the key ring, so that a copy of it opens nothing.</summary>
internal sealed class TokenSeal(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = ProtectorOf(protection);

    /// <summary>What seals them: under another label nothing that is stored would open any more.</summary>
    public static IDataProtector ProtectorOf(IDataProtectionProvider protection) => protection.CreateProtector("provider-tokens");

    /// <summary>What is stored of new tokens.</summary>
    /// <param name="tokens">As Spotify gave them.</param>
    /// <param name="asked">When Spotify was asked: the access token's time runs from then at the earliest.</param>
    public CredentialRow Seal(SpotifyTokens tokens, DateTimeOffset asked) => new(
        ExternalId: "", protector.Protect(tokens.AccessToken), tokens.ExpiresIn is { } lifetime ? asked + lifetime : null,
        tokens.RefreshToken is { } refresh ? protector.Protect(refresh) : null, tokens.Scopes, asked);

    /// <summary>The token; null when there is none, or the keys that sealed it are gone.</summary>
    public string? Open(string? sealedToken)
    {
        if (sealedToken is null) return null;
        try
        {
            return protector.Unprotect(sealedToken);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
