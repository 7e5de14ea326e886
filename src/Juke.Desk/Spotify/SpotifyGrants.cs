using Juke.Desk.StandIns;

namespace Juke.Desk.Spotify;

/// <summary>What somebody allowed, and when.</summary>
/// <param name="Person">Who; null = nobody, the app itself (client credentials).</param>
/// <param name="Scope">What, separated by spaces.</param>
/// <param name="Consented">When; refresh tokens end six months after this, however often they are used.</param>
/// <param name="Public">The exchange was proved by PKCE alone, without the secret.</param>
internal sealed record Grant(SpotifyPerson? Person, string Scope, DateTimeOffset Consented, bool Public);

/// <summary>A code's meaning.</summary>
internal sealed record CodeGrant(SpotifyPerson Person, string RedirectUri, string? Challenge, string Scope);

/// <summary>The tokens that are out.</summary>
internal sealed class SpotifyGrants(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (Grant Grant, DateTimeOffset Ends)> access = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Grant Grant, bool Revoked)> refresh = new(StringComparer.Ordinal);

    /// <summary>How long an access token lives (reference A3).</summary>
    public static TimeSpan AccessLifetime { get; } = TimeSpan.FromHours(1);

    /// <summary>How long a refresh token lives, in months from consent (reference A4).</summary>
    public const int RefreshMonths = 6;

    /// <summary>The codes.</summary>
    public Codes<CodeGrant> Codes { get; } = new(time);

    /// <summary>An access token.</summary>
    public string IssueAccess(Grant grant)
    {
        var token = Secret.Make(140, "BQ");
        lock (gate) access[token] = (grant, time.GetUtcNow() + AccessLifetime);
        return token;
    }

    /// <summary>A refresh token.</summary>
    public string IssueRefresh(Grant grant)
    {
        var token = Secret.Make(130, "AQ");
        lock (gate) refresh[token] = (grant, false);
        return token;
    }

    /// <summary>What an access token allows, or why not.</summary>
    public (Grant? Grant, string? Error) Access(string token)
    {
        lock (gate)
        {
            if (!access.TryGetValue(token, out var found)) return (null, "Invalid access token");
            return time.GetUtcNow() < found.Ends ? (found.Grant, null) : (null, "The access token expired");
        }
    }

    /// <summary>What a refresh token stands for, or why not.</summary>
    public (Grant? Grant, string? Error) Refresh(string token)
    {
        lock (gate)
        {
            if (!refresh.TryGetValue(token, out var found)) return (null, "Invalid refresh token");
            if (found.Revoked) return (null, "Refresh token revoked");
            return time.GetUtcNow() < found.Grant.Consented.AddMonths(RefreshMonths) ? (found.Grant, null) : (null, "Refresh token expired");
        }
    }

    /// <summary>This refresh token is dead.</summary>
    public void Revoke(string token)
    {
        lock (gate) refresh[token] = refresh[token] with { Revoked = true };
    }

    /// <summary>Every refresh token of this person is dead.</summary>
    public void Revoke(SpotifyPerson person)
    {
        lock (gate)
        {
            foreach (var (token, found) in refresh.Where(entry => entry.Value.Grant.Person == person).ToList()) refresh[token] = found with { Revoked = true };
        }
    }

    /// <summary>Every refresh token of this person is as old as it gets.</summary>
    public void Expire(SpotifyPerson person)
    {
        lock (gate)
        {
            foreach (var (token, found) in refresh.Where(entry => entry.Value.Grant.Person == person).ToList())
                refresh[token] = (found.Grant with { Consented = time.GetUtcNow().AddMonths(-RefreshMonths) }, found.Revoked);
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (gate)
        {
            access.Clear();
            refresh.Clear();
        }
        Codes.Clear();
    }
}
