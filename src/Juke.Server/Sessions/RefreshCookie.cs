using Juke.Server.Plumbing;

namespace Juke.Server.Sessions;

/// <summary>
/// The refresh token as a cookie for browser apps. It is set for, and believed from, requests with <c>X-Client: web</c>
/// only: a header that no cross-site form can send, and that makes CORS ask first (RFC 10017).
/// </summary>
internal sealed class RefreshCookie(Settings settings)
{
    public const string Name = "user_refresh_token";
    private const string Path = "/auth";

    public static string? Read(HttpContext http) =>
        http.Request.Headers["X-Client"] == "web" && http.Request.Cookies[Name] is { Length: > 0 } token ? token : null;

    public void Write(HttpContext http, string token, DateTimeOffset expires)
    {
        if (http.Request.Headers["X-Client"] == "web") http.Response.Cookies.Append(Name, token, Cookies.Options(settings, expires, Path));
    }

    public void Clear(HttpContext http) =>
        http.Response.Cookies.Append(Name, "", new CookieOptions(Cookies.Options(settings, DateTimeOffset.UnixEpoch, Path)) { MaxAge = TimeSpan.Zero });
}

/// <summary>What endpoints say of the cookie in the published document.</summary>
internal static class DescribedCookie
{
    public static RouteHandlerBuilder WritesRefreshCookie(this RouteHandlerBuilder route) => route
        .Header("X-Client", Value.Choice("web"), "web: the refresh token travels as the cookie user_refresh_token too.")
        .GivesHeader("Set-Cookie", "user_refresh_token, where X-Client is web.");

    public static RouteHandlerBuilder ReadsRefreshCookie(this RouteHandlerBuilder route) => route
        .Cookie(RefreshCookie.Name, Value.Text(), "The refresh token of a web client; counts only where X-Client is web.");

    public static RouteHandlerBuilder ClearsRefreshCookie(this RouteHandlerBuilder route) => route.GivesHeader("Set-Cookie", "Takes user_refresh_token away.");
}
