using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;

namespace Juke.Server.Sessions;

/// <summary>What every door gives back: who signed in, and the session that was opened.</summary>
internal sealed record SignedIn(Account Account, NewSession Session, bool IsNewUser);

/// <summary>Writes the tokens of a session of kind <c>app</c>, and the answer that carries them.</summary>
internal sealed class Tokens(Keys keys, RefreshCookie cookie)
{
    public AuthResult Answer(HttpContext http, SignedIn signedIn)
    {
        var session = signedIn.Session;
        var pair = Pair(signedIn.Account.Id, session.Sid, 1, session.Salt, session.Now, session.AbsoluteEndsAt);
        cookie.Write(http, pair.RefreshToken, session.AbsoluteEndsAt);
        return new AuthResult(signedIn.Account.ToUser(), pair.AccessToken, pair.RefreshToken, pair.ExpiresIn, signedIn.IsNewUser);
    }

    /// <summary>The pair of one generation. The refresh token is the same however often it is asked for.</summary>
    public TokenPair Pair(long userId, byte[] sid, int gen, byte[] salt, DateTimeOffset now, DateTimeOffset absoluteEndsAt)
    {
        var expires = now + AccessToken.Lifetime;
        if (expires > absoluteEndsAt) expires = absoluteEndsAt;
        var access = new AccessToken(userId, sid, gen, now, expires).Write(keys);
        return new TokenPair(access, RefreshToken.Write(keys, sid, gen, salt), (int)(expires - now).TotalSeconds);
    }
}

/// <summary>From the row to the wire.</summary>
internal static class UserAnswer
{
    public static User ToUser(this Account a) =>
        new(a.Id, a.Email, a.UsernameMissing ? null : a.Username, a.Name, a.Image, a.Role, a.OnboardingRequired, a.HasPassword);
}
