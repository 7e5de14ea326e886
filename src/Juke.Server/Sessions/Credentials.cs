using Juke.Server.Data;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Sessions;

/// <summary>
/// Who speaks: from what a request carries to the session and account behind it, in one query. API routes read only
/// <c>Authorization</c>, pages only their cookie (contract §5).
/// </summary>
internal sealed class Credentials(NpgsqlDataSource database, Keys keys, TimeProvider time, PageCookie cookie)
{
    /// <summary>How old <c>seen_at</c> may get before a session without refreshes is written again.</summary>
    private static readonly TimeSpan TouchEvery = TimeSpan.FromHours(1);

    public async ValueTask<CurrentUser?> FromHeaderAsync(HttpContext http)
    {
        if (ReadBearer(http) is not { } token) return null;
        var now = time.GetUtcNow();
        if (AccessToken.Read(token, keys, now) is not { } access) return null;
        var session = await SessionRows.FindBySidAsync(database, access.Sid, http.RequestAborted);
        // A generation that the row does not know yet: the database was restored. The refresh will end the session.
        if (session is null || session.Kind != Lifetimes.App || session.Account.Id != access.UserId || access.Gen > session.Gen || !IsLive(session, now)) return null;
        if (access.Gen == session.Gen && !session.Confirmed)
            await SessionRows.ConfirmAsync(database, session.Sid, session.Gen, now, http.RequestAborted);
        return new CurrentUser(session.Account, session.Sid, session.Kind);
    }

    public async ValueTask<CurrentUser?> FromCookieAsync(HttpContext http)
    {
        if (cookie.Read(http) is not { } secret) return null;
        var session = await SessionRows.FindBySecretAsync(database, NewSession.HashSecret(secret), http.RequestAborted);
        var now = time.GetUtcNow();
        if (session is null || session.Kind != Lifetimes.Web || !IsLive(session, now)) return null;
        if (now - session.SeenAt >= TouchEvery)
            await SessionRows.TouchAsync(database, session.Sid, now, Lifetimes.Idle(session.Kind), http.RequestAborted);
        return new CurrentUser(session.Account, session.Sid, session.Kind);
    }

    /// <summary>The text after <c>Bearer</c>, or null.</summary>
    public static string? ReadBearer(HttpContext http)
    {
        var header = http.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } text) return null;
        const string scheme = "Bearer ";
        return text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text[scheme.Length..].Trim() : null;
    }

    private static bool IsLive(SessionRow session, DateTimeOffset now) =>
        !session.IsEnded && now < session.IdleEndsAt && now < session.AbsoluteEndsAt && session.Account.IsActive;
}
