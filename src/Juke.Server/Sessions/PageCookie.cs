using Juke.Server.Plumbing;

namespace Juke.Server.Sessions;

/// <summary>The cookie of the hosted pages (contract §5): 256 random bits, <c>__Host-</c> and Secure outside development.</summary>
internal sealed class PageCookie(Settings settings)
{
    private readonly string name = Cookies.Name(settings, "juke_session");

    public string? Read(HttpContext http) => http.Request.Cookies[name] is { Length: 43 } secret ? secret : null;

    public void Write(HttpContext http, NewSession session) =>
        http.Response.Cookies.Append(name, session.Secret!, Cookies.Options(settings, session.AbsoluteEndsAt));

    public void Clear(HttpContext http) => http.Response.Cookies.Append(name, "", Cookies.Options(settings, DateTimeOffset.UnixEpoch));
}
