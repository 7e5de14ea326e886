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
        if (ReadJukeToken(http) is { } juke) return await FromTokenAsync(juke, http);
        if (ReadBearer(http) is not { } token) return null;
        var now = time.GetUtcNow();
        if (AccessToken.Read(token, keys, now) is not { } access) return null;
        var session = await SessionRows.FindBySidAsync(database, access.Sid, http.RequestAborted);
        // A generation that the row does not know yet: the database was restored. The refresh will end the session.
        if (session is null || session.Kind != Lifetimes.App || session.Account.Id != access.UserId || access.Gen > session.Gen || !IsLive(session, now)) return null;
        if (access.Gen == session.Gen && !session.Confirmed)
            await SessionRows.ConfirmAsync(database, session.Sid, session.Gen, now, http.RequestAborted);
        return UserOf(session);
    }

    private async ValueTask<CurrentUser?> FromTokenAsync(string token, HttpContext http)
    {
        if (token.Length == 0) return Refuse(http, "Invalid token header. No credentials provided.");
        if (token.Contains(' ', StringComparison.Ordinal)) return Refuse(http, "Invalid token header. Token string should not contain spaces.");
        return await FromSecretAsync(token, Lifetimes.Juke, http) ?? Refuse(http, "Invalid token.");
    }

    public ValueTask<CurrentUser?> FromCookieAsync(HttpContext http) =>
        cookie.Read(http) is { } secret ? FromSecretAsync(secret, Lifetimes.Web, http) : default;

    /// <summary>Who holds this opaque token of the Juke dialect; null when nobody.</summary>
    public ValueTask<CurrentUser?> FromJukeTokenAsync(string token, HttpContext http) => FromSecretAsync(token, Lifetimes.Juke, http);

    private async ValueTask<CurrentUser?> FromSecretAsync(string secret, string kind, HttpContext http)
    {
        var session = await SessionRows.FindBySecretAsync(database, NewSession.HashSecret(secret), http.RequestAborted);
        var now = time.GetUtcNow();
        if (session is null || session.Kind != kind) return null;
        if (!IsLive(session, now)) return session.Account.IsActive ? null : Refuse(http, "User inactive or deleted.");
        if (now - session.SeenAt >= TouchEvery)
            await SessionRows.TouchAsync(database, session.Sid, now, Lifetimes.Idle(session.Kind), http.RequestAborted);
        return UserOf(session);
    }

    /// <summary>The text after <c>Bearer</c>, or null.</summary>
    public static string? ReadBearer(HttpContext http) => Read(http, "Bearer");

    /// <summary>
    /// The token of the Juke dialect, or null: after <c>Token</c>, or after <c>Bearer</c> too (contract §1). It has no dot, and an
    /// access token always has.
    /// </summary>
    public static string? ReadJukeToken(HttpContext http) =>
        Read(http, "Token") ?? (ReadBearer(http) is { } bearer && !bearer.Contains('.', StringComparison.Ordinal) ? bearer : null);

    private static CurrentUser UserOf(SessionRow session) => new(session.Account, session.Sid, session.Kind, session.ByBareToken);

    /// <summary>Remembers, for an answer of the Juke dialect, what is wrong with the credential; the first reason stands.</summary>
    private static CurrentUser? Refuse(HttpContext http, string reason)
    {
        if (http.Features.Get<RefusedCredential>() is null) http.Features.Set(new RefusedCredential(reason));
        return null;
    }

    private static string? Read(HttpContext http, string scheme)
    {
        var header = http.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } text) return null;
        if (!text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return null;
        // A scheme without anything behind it is a credential that says nothing.
        if (text.Length == scheme.Length) return "";
        return text[scheme.Length] == ' ' ? text[scheme.Length..].Trim() : null;
    }

    private static bool IsLive(SessionRow session, DateTimeOffset now) =>
        !session.IsEnded && now < session.IdleEndsAt && now < session.AbsoluteEndsAt && session.Account.IsActive;
}

/// <summary>Why a credential was not taken, in the words of the old server (legacy-wire A.1).</summary>
internal sealed record RefusedCredential(string Reason);
