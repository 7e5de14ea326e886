using Juke.Contract.Wire;
using Juke.Server.Plumbing;
using Juke.Server.Spotify;

namespace Juke.Server.SignUp;

/// <summary>Somebody whom Spotify proved to this app, and the tokens that came with it.</summary>
internal sealed record SpotifyProof(ProviderPerson Person, SpotifyTokens Tokens);

/// <summary>
/// From a code to the person: only this app, with its secret, can redeem it, and only who started the flow has its verifier. So
/// the code is bound to us and to the poster, which an access token is not (RFC 9700 §4.6).
/// </summary>
internal sealed class SpotifyCode(SpotifyService spotify, SpotifyRedirects redirects)
{
    public const string VerifierText = "The code verifier must be 43 to 128 letters, digits and - . _ ~";

    /// <summary>What is wrong with a posted code, by member; empty when nothing is.</summary>
    /// <param name="code">The code.</param>
    /// <param name="verifier">PKCE verifier.</param>
    /// <param name="redirect">Where it was sent.</param>
    /// <param name="names">What the members are called, in this order.</param>
    public List<(string Field, string Message)> Check(string? code, string? verifier, string? redirect, (string Code, string Verifier, string Redirect) names)
    {
        var errors = new List<(string, string)>();
        if (code is not { Length: > 0 and <= SpotifySignInRequest.MaxCode }) errors.Add((names.Code, "The code from Spotify is required"));
        if (verifier is null || !IsVerifier(verifier)) errors.Add((names.Verifier, VerifierText));
        if (redirect is null || !redirects.Allows(redirect)) errors.Add((names.Redirect, "This redirect URI is not on the list of this server"));
        return errors;
    }

    /// <summary>Redeems the code and asks who it is.</summary>
    public async Task<Outcome<SpotifyProof>> RedeemAsync(string code, string verifier, string redirect, CancellationToken cancellation)
    {
        var tokens = await spotify.ExchangeAsync(code, verifier, redirect, cancellation);
        if (tokens.Failed) return tokens.Problem;
        // Not on the app's list: the exchange succeeds, and this is where Spotify says no.
        var person = await spotify.WhoIsAsync(tokens.Value.AccessToken, cancellation);
        return person.Failed ? person.Problem : new SpotifyProof(person.Value, tokens.Value);
    }

    public static bool IsVerifier(string text) => text.Length is >= 43 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');
}
