namespace Juke.Server.Tests.Plumbing;

/// <summary>What can stand in the addresses of the doors: starts, callbacks, the link with a token, the question behind it.</summary>
internal static class HostileDoors
{
    private static readonly string[] Texts =
    [
        "", "%00", "a%00b", "%ED%A0%80", "%ff%fe", "%0d%0aX-Evil:%201", "..%2f..%2fetc", "%3Cscript%3E", "'%20or%201=1--", new string('A', 48), new string('!', 48),
        new string('x', 6000), "%F0%9F%98%80", "[]", "null",
    ];

    private static readonly string[] Targets =
    [
        "https://evil.example/", "//evil.example/", "%5C%5Cevil.example", "/%5Cevil.example", "/%09/evil.example", "javascript:alert(1)", "data:text/html,x", "https:evil.example", "https://127.0.0.1:5080@evil.example/",
        "https://app.example.evil.example/", "juke:%0d%0aX:y", "/%2e%2e//evil.example", "%00", "%ED%A0%80", new string('/', 3000),
    ];

    /// <summary>Each once; nobody is signed in.</summary>
    public static IEnumerable<(string Method, string Address, string[] Headers)> All()
    {
        foreach (var start in (string[])["/auth/spotify/start", "/auth/google/start", "/settings/connect/spotify"])
            foreach (var target in Targets)
            {
                yield return Get($"{start}?next={target}");
                yield return Get($"{start}?next=/home&next={target}");
            }
        foreach (var callback in (string[])["/auth/spotify/callback", "/auth/google/callback", "/api/v1/social-auth/complete/spotify/"])
            foreach (var text in Texts)
            {
                yield return Get($"{callback}?code=c&state={text}");
                yield return Get($"{callback}?state={text}&code={text}&error={text}");
                yield return Get($"{callback}?state={text}&state={text}", "Cookie: juke_trip=" + new string('A', 43));
            }
        foreach (var text in Texts)
        {
            yield return Get($"/api/v1/auth/connect/spotify/?token={text}");
            yield return Get($"/api/v1/auth/connect/spotify/?token={text}&token=x", "Accept: application/json");
            yield return Get($"/connect/spotify?state={text}");
            yield return ("POST", $"/connect/spotify?state={text}", []);
        }
        foreach (var target in Targets)
        {
            yield return Get($"/api/v1/auth/connect/spotify/?token=x&return_to={target}");
            yield return Get($"/connect/spotify?state=x&return_to={target}");
            if (!target.Contains('%', StringComparison.Ordinal)) yield return Get("/api/v1/social-auth/login/spotify/", "Referer: " + target);
        }
        foreach (var cookie in (string[])["juke_trip=", "juke_trip=%00", "juke_trip=\"", "juke_trip=" + new string('!', 43), "juke_session=x; juke_trip=x; juke_trip=y"])
            yield return Get("/auth/spotify/callback?code=c&state=" + new string('A', 48), "Cookie: " + cookie);
    }

    private static (string Method, string Address, string[] Headers) Get(string address, params string[] headers) => ("GET", address, headers);
}
