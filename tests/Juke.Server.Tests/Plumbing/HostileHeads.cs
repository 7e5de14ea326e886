using System.Text;
using Juke.Contract;
using Juke.Testing;

namespace Juke.Server.Tests.Plumbing;

/// <summary>What can be wrong with a request before its body: method, target, headers; and values that are no values.</summary>
internal static class HostileHeads
{
    private static readonly string[] Paths =
    [
        "/auth/register", "/auth/login", "/auth/refresh", "/auth/logout", "/auth/forgot-password", "/auth/reset-password", "/auth/verify-email", "/auth/verify-email/reject",
        "/auth/email", "/auth/change-password", "/auth/onboarding/complete", "/auth/me", "/auth/username/check", "/auth/sessions", "/auth/sessions/AAAAAAAAAAAAAAAAAAAAAA",
        "/auth/sessions/revoke-all", "/api/users/profile", "/fixtures/upcoming", "/api/fixtures/upcoming", "/health/live", "/health/ready",
    ];

    public static IEnumerable<Hostile> All(string token) =>
        [.. Methods(), .. Contracts(token), .. Credentials(token), .. Cookies(), .. Targets(token), .. Queries(token), .. Ids(token), .. Below()];

    private static IEnumerable<Hostile> Methods()
    {
        foreach (var path in Paths)
            foreach (var method in new[] { "PUT", "TRACE", "BREW" })
                yield return new($"{method} {path}", RawHttp.Request(method, path, [], [])) { Code = ProblemCode.MethodNotAllowed };
        foreach (var path in Paths.Where(p => p.StartsWith("/auth/re", StringComparison.Ordinal) || p == "/auth/login"))
            yield return new($"GET {path}", RawHttp.Request("GET", path + "?email=a@example.com&password=abcdefgh", [])) { Code = ProblemCode.MethodNotAllowed };
        yield return new("an override of the method", RawHttp.Request("POST", "/auth/me", ["X-HTTP-Method-Override: GET", "Content-Type: application/json"], "{}"u8.ToArray())) { Code = ProblemCode.MethodNotAllowed };
    }

    private static IEnumerable<Hostile> Contracts(string token)
    {
        string[] odd = ["", "1999-01-01", "2026-11-21x", "latest", "2026-11-21, 2026-11-21", "2026-11-21\t2026", "é", "٢٠٢٦-١١-٢١", new string('9', 5000), "*", "null"];
        foreach (var version in odd)
            foreach (var path in new[] { "/auth/me", "/fixtures/upcoming", "/nowhere" })
                yield return new($"Juke-Contract [{Hostile.Short(version)}] at {path}", RawHttp.Request("GET", path, ["Authorization: Bearer " + token, "Juke-Contract: " + version])) { Code = ProblemCode.UnsupportedContractVersion };
        yield return new("Juke-Contract twice", RawHttp.Request("GET", "/auth/me", ["Authorization: Bearer " + token, "Juke-Contract: " + ContractVersion.Current, "Juke-Contract: " + ContractVersion.Current])) { Code = ProblemCode.UnsupportedContractVersion };
    }

    private static IEnumerable<Hostile> Credentials(string token)
    {
        const string head = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
        string[] odd =
        [
            "Basic dXNlcjpwYXNz", "Basic", "Bearer", "Bearer ", "Bearer  ", "Bearer null", "Bearer undefined", "Bearer " + new string('A', 10_000), "Bearer é", "Bearer " + head + ".é.é",
            $"Bearer {head}.{new string('é', 40)}.{new string('é', 43)}", $"Bearer {head}.AAAA.{new string('=', 43)}", $"Bearer {head}.AAAA.{new string(' ', 20)}x", $"Bearer {head}..{new string('A', 43)}",
            $"Bearer {head}.{new string('A', 43)}", $"Bearer {head}.AAAA.{new string('A', 42)}\t", "Token " + token, "Digest username=\"a\"", token, "bearer:" + token, "Bearer\u00A0" + token, "Bearer " + token + "x", "Bearer " + token[..^1],
            "Bearer " + token + "." + token, "Bearer " + token.Replace('.', ','), "Bearer \"" + token + "\"", "Bearer " + token.ToUpperInvariant(), "Bearer, Bearer " + token, "Basic x, Bearer " + token,
        ];
        foreach (var path in new[] { "/auth/me", "/api/users/profile" })
        {
            foreach (var value in odd)
                yield return new($"Authorization [{Hostile.Short(value.Replace(token, "TOKEN", StringComparison.Ordinal))}] at {path}", RawHttp.Request("GET", path, ["Authorization: " + value])) { Code = ProblemCode.Unauthorized };
            yield return new($"Authorization twice at {path}", RawHttp.Request("GET", path, ["Authorization: Bearer " + token, "Authorization: Bearer " + token])) { Code = ProblemCode.Unauthorized };
            yield return new($"Authorization twice, one of them garbage, at {path}", RawHttp.Request("GET", path, ["Authorization: Basic x", "Authorization: Bearer " + token])) { Code = ProblemCode.Unauthorized };
            yield return new($"the token in the query at {path}", RawHttp.Request("GET", path + "?access_token=" + token + "&token=" + token, [])) { Code = ProblemCode.Unauthorized };
            yield return new($"the token in a cookie at {path}", RawHttp.Request("GET", path, ["Cookie: token=" + token + "; user_refresh_token=" + token])) { Code = ProblemCode.Unauthorized };
        }
    }

    private static IEnumerable<Hostile> Cookies()
    {
        foreach (var cookie in new[] { "", ";", "=", "user_refresh_token", "user_refresh_token=", "user_refresh_token=\"", "user_refresh_token=é", "user_refresh_token=%00", "user_refresh_token=" + new string('!', 75), "user_refresh_token=" + new string('x', 9000), string.Concat(Enumerable.Repeat("a=b; ", 2000)) })
            yield return new($"Cookie [{Hostile.Short(cookie)}] for a refresh", RawHttp.Request("POST", "/auth/refresh", ["X-Client: web", "Cookie: " + cookie], []));
        yield return new("a refresh cookie without X-Client", RawHttp.Request("POST", "/auth/refresh", ["Cookie: user_refresh_token=" + new string('A', 75)], [])) { Code = ProblemCode.BadRequest };
    }

    private static IEnumerable<Hostile> Targets(string token)
    {
        string[] targets =
        [
            "/auth/%00", "/auth/sessions/%00", "/auth/sessions/%2e%2e", "/%", "/%zz", "/%c0%af", "/%ff%fe", "/../../etc/passwd", "/..%2f..%2fetc/passwd", "/....//etc/passwd", "/auth/../../../nothing", "/\\..\\..\\windows",
            "/.env", "/.git/config", "/auth", "/api", "/" + new string('a', 5000), "/" + string.Concat(Enumerable.Repeat("a/", 2000)), "/auth/sessions/" + new string('a', 4000), "/<script>alert(1)</script>", "/auth/me%20", "/auth/me.json", "/auth/me/x",
            "/%F0%9F%98%80", "/auth/sessions/%ED%A0%80", "/api/v1/", "/swagger", "/openapi.json", "/metrics", "/auth/sessions/a%2fb",
        ];
        foreach (var target in targets)
            yield return new($"GET {Hostile.Short(target)}", RawHttp.Request("GET", target, ["Authorization: Bearer " + token])) { BelowUs = target.Contains('\\', StringComparison.Ordinal) || target.Contains('%', StringComparison.Ordinal) };
    }

    private static IEnumerable<Hostile> Queries(string token)
    {
        string[] fixtures =
        [
            "page=0", "page=-1", "page=x", "page=1.5", "page=99999999999999999999", "page=1&page=2", "page=%00", "page=%D9%A1", "page=1e3", "page=0x1", "perPage=0", "perPage=51", "perPage=-1", "perPage=abc", "perPage=%20", "leagues=x", "leagues=1;2",
            "leagues=1,x", "leagues=-1", "leagues=1.0", "leagues=99999999999999999999", "leagues=%00", "leagues='", "leagues=1)%20or%201=1--", "markets=x", "markets=1,,x", "markets=%F0%9F%98%80", "hasOdds=maybe", "hasOdds=TRUE!", "hasOdds=2",
            "include=everything", "include=league,passwords", "include=%00", "from=2026-12-02&to=2026-12-01", "from=1800000000&to=1700000000",
        ];
        foreach (var path in new[] { "/fixtures/upcoming", "/api/fixtures/upcoming" })
            foreach (var query in fixtures)
                yield return new($"GET {path}?{query}", RawHttp.Request("GET", $"{path}?{query}", ["Authorization: Bearer " + token])) { Code = ProblemCode.ValidationFailed, Field = query.Split('=')[0] };
        string[] names =
        [
            "", "username=", "username=ab", "username=" + new string('a', 51), "username=%00abc", "username=a%20b", "username=%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80", "username=%ED%A0%80abc", "username=me", "username=ME", "username=p%D0%B0ypal", "username=abc&username=def",
            "username=%E2%80%AEabc", "username=abc%E2%80%8D", "username=..%2f..", "username='%20or%201=1", "name=abcdef", "USER=abc", "username=" + new string('a', 6000),
        ];
        foreach (var name in names)
            yield return new($"username/check?{Hostile.Short(name)}", RawHttp.Request("GET", "/auth/username/check?" + name, ["Authorization: Bearer " + token])) { Code = ProblemCode.ValidationFailed, Field = "username" };
    }

    private static IEnumerable<Hostile> Ids(string token)
    {
        foreach (var id in new[] { "x", "1", new string('A', 22), new string('!', 22), new string('A', 21), new string('A', 23), new string('-', 22), "AAAAAAAAAAAAAAAAAAAAA%3D", "%20", "null", "revoke-all", "AAAAAAAAAA AAAAAAAAAAA".Replace(" ", "%20", StringComparison.Ordinal), string.Concat(Enumerable.Repeat("%C3%A9", 22)) })
            yield return new($"DELETE session {Hostile.Short(id)}", RawHttp.Request("DELETE", "/auth/sessions/" + id, ["Authorization: Bearer " + token])) { Code = ProblemCode.NotFound };
    }

    private static IEnumerable<Hostile> Below()
    {
        yield return new("not HTTP", "hello\r\n\r\n"u8.ToArray()) { BelowUs = true };
        yield return new("TLS hello", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03, 0x0D, 0x0A, 0x0D, 0x0A]) { BelowUs = true };
        yield return new("no host", "GET /auth/me HTTP/1.1\r\n\r\n"u8.ToArray()) { BelowUs = true };
        yield return new("a nul in a header", "GET /auth/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\0b\r\n\r\n"u8.ToArray()) { BelowUs = true };
        yield return new("a space in a header's name", "GET /auth/me HTTP/1.1\r\nHost: x\r\nAutho rization: Bearer ab\r\n\r\n"u8.ToArray()) { BelowUs = true };
        yield return new("invalid UTF-8 in a header", [.. "GET /auth/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "u8, 0xFF, 0xFE, .. "\r\n\r\n"u8]) { BelowUs = true };
        yield return new("a target of 20,000 characters", RawHttp.Request("GET", "/" + new string('a', 20_000), [])) { BelowUs = true };
        yield return new("headers of 60,000 characters", RawHttp.Request("GET", "/auth/me", ["Authorization: Bearer " + new string('a', 60_000)])) { BelowUs = true };
        yield return new("200 headers", RawHttp.Request("GET", "/auth/me", Enumerable.Range(0, 200).Select(n => $"X-{n}: y"))) { BelowUs = true };
        yield return new("two lengths", "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"u8.ToArray()) { BelowUs = true };
        yield return new("a negative length", "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}"u8.ToArray()) { BelowUs = true };
        yield return new("a length that lies", "POST /auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n{}"u8.ToArray());
        yield return new("broken chunks", "POST /auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n"u8.ToArray());
        yield return new("an encoding that nobody knows", "POST /auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: nonsense\r\n\r\n{}"u8.ToArray()) { BelowUs = true };
        yield return new("a smuggled second request", Encoding.ASCII.GetBytes("POST /auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /auth/me HTTP/1.1\r\nHost: x\r\n\r\n")) { BelowUs = true };
    }
}
