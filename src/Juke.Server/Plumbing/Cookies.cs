namespace Juke.Server.Plumbing;

/// <summary>What every cookie of this server has in common: no script reads it, no other site's form sends it, and outside development it never travels in the clear (contract §5).</summary>
internal static class Cookies
{
    /// <summary>The name of a cookie for the whole site; outside development the browser itself holds it to Secure, Path=/ and this host.</summary>
    public static string Name(Settings settings, string name) => settings.IsProduction ? "__Host-" + name : name;

    public static CookieOptions Options(Settings settings, DateTimeOffset expires, string path = "/") => new()
    {
        HttpOnly = true,
        Secure = settings.IsProduction,
        SameSite = SameSiteMode.Lax,
        Path = path,
        Expires = expires,
    };
}
