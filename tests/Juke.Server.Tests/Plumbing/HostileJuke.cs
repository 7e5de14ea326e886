using System.Text;
using System.Text.Json;
using Juke.Contract;
using Juke.Testing;

namespace Juke.Server.Tests.Plumbing;

/// <summary>What no shipped app sends to the Juke dialect: bodies of three kinds, and questions in the query.</summary>
internal static class HostileJuke
{
    private const string Json = "Content-Type: application/json";
    private const string Form = "Content-Type: application/x-www-form-urlencoded";

    /// <summary>The name of whose token is sent.</summary>
    public const string Username = "hostile-owner";

    // Each body is refused already: passwords that differ, a link and a person that are none, a position without its half.
    private static readonly (string Route, bool IsClosed, (string Name, string Good)[] Fields)[] Endpoints =
    [
        ("POST /api/v1/auth/accounts/register/", false, [("username", "hostile-juke"), ("email", "hostile-juke@example.com"), ("password", TestClient.Password), ("password_confirm", "another long evening")]),
        ("POST /api/v1/auth/accounts/verify-registration/", false, [("user_id", "1"), ("timestamp", "1"), ("signature", new string('A', 64))]),
        ("POST /api/v1/auth/accounts/resend-registration/", false, [("email", "nobody-juke@example.com"), ("username", "nobody-juke")]),
        ("POST /api/v1/auth/api-auth-token/", false, [("username", "nobody-juke"), ("password", TestClient.Password)]),
        ("POST /api/v1/auth/social-login/", false, [("code", "a-code-of-spotify"), ("code_verifier", new string('v', 43)), ("redirect_uri", "https://app.example/callback"), ("access_token", "a-token-of-spotify")]),
        ("PATCH /api/v1/music-profiles/me/", true, [("display_name", "x"), ("city_lat", "1")]),
        ("POST /api/v1/music-profiles/me/", true, [("display_name", "x"), ("city_lat", "1")]),
        ("PUT /api/v1/music-profiles/me/", true, [("display_name", "x"), ("city_lat", "1")]),
        ($"PATCH /api/v1/music-profiles/{Username}/", true, [("display_name", "x"), ("city_lat", "1")]),
        ("POST /api/v1/music-profiles/", true, [("display_name", "x"), ("city_lat", "1")]),
    ];

    private static readonly (string What, string Json)[] NoTexts =
    [
        ("bool", "true"), ("array", "[\"a\"]"), ("object", "{\"a\":1}"), ("nul", "\"abc\\u0000def\""), ("lone high surrogate", "\"abcdef\\ud800\""), ("lone low surrogate", "\"\\udc00abcdef\""),
    ];

    public static IEnumerable<Hostile> All(string token)
    {
        foreach (var endpoint in Endpoints)
        {
            var (route, _, fields) = endpoint;
            var good = "{" + string.Join(',', fields.Select(f => $"\"{f.Name}\":{JsonSerializer.Serialize(f.Good)}")) + "}";
            foreach (var (field, text) in fields)
            {
                foreach (var (what, json) in NoTexts)
                    yield return Of($"{field} is {what}", Json, good.Replace($"\"{field}\":{JsonSerializer.Serialize(text)}", $"\"{field}\":{json}", StringComparison.Ordinal));
                yield return Of($"{field} is there twice", Json, good.Replace("{", $"{{\"{field}\":\"x\",", StringComparison.Ordinal)) with { Code = ProblemCode.ValidationFailed, Field = field };
                yield return Of($"{field} of 100,000 characters", Json, good.Replace($"\"{field}\":{JsonSerializer.Serialize(text)}", $"\"{field}\":\"{new string('x', 100_000)}\"", StringComparison.Ordinal));
                yield return Of($"{field} with a nul in a form", Form, $"{field}=a%00b");
                // Broken UTF-8 reads as other letters, and with those a token is a question for Spotify, which is not there.
                if (field != "access_token") yield return Of($"{field} in broken UTF-8 in a form", Form, $"{field}=%C3%28%FF&city_lat=1");
            }
            foreach (var (what, body) in new[]
            {
                ("nothing", ""), ("null", "null"), ("array", "[]"), ("cut off", good[..^1]), ("garbage after", good + " x"), ("10,000 arrays", new string('[', 10_000)), ("a member with a lone surrogate", "{\"\\ud800\":1}"),
                ("a member without a name, twice", "{\"\":1,\"\":2}"), ("20,000 members", "{" + string.Join(',', Enumerable.Range(0, 8_000).Select(n => $"\"{n}\":1")) + ",\"0\":1}"), ("NaN", "{\"a\":NaN}"),
            })
                yield return Of("body is " + what, Json, body);
            foreach (var (what, type, body) in new[]
            {
                ("a form of 5,000 names", Form, string.Join('&', Enumerable.Range(0, 5_000).Select(n => $"k{n}=v"))), ("a form with a name of 5,000 characters", Form, new string('k', 5_000) + "=v"),
                ("multipart without a boundary", "Content-Type: multipart/form-data", "x"), ("multipart without an end", "Content-Type: multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx"),
                ("multipart that is none", "Content-Type: multipart/form-data; boundary=b", "nothing"), ("multipart with endless heads", "Content-Type: multipart/form-data; boundary=b", "--b\r\n" + string.Concat(Enumerable.Repeat("A: b\r\n", 100)) + "\r\nx\r\n--b--"),
                ("multipart with a long boundary", $"Content-Type: multipart/form-data; boundary={new string('b', 300)}", "x"),
                ("JSON in a form", Form, "{\"city_lat\":1}&city_lat=1"), ("text", "Content-Type: text/plain", good), ("no type", "", good), ("another charset", Json + "; charset=utf-16", good), ("multipart/mixed", "Content-Type: multipart/mixed; boundary=b", "--b--"),
            })
                yield return Of("sent as " + what, type, body);
            yield return Of("1 KiB too much in a form", Form, "bio=" + new string('x', (endpoint.IsClosed ? 513 : 129) * 1024)) with { Code = ProblemCode.PayloadTooLarge };

            Hostile Of(string what, string type, string body) => new($"{route}: {what}", RawHttp.Request(
                route.Split(' ')[0], route.Split(' ')[1], [.. endpoint.IsClosed ? new[] { "Authorization: Bearer " + token } : [], .. type.Length > 0 ? new[] { type } : []], Encoding.UTF8.GetBytes(body)));
        }
        foreach (var path in (string[])
        [
            "music-profiles/search/?q=%00", "music-profiles/search/?q=" + new string('x', 101), "music-profiles/globe/?zoom=99999999999999999999", "music-profiles/globe/?min_lat=1e999", "music-profiles/globe/?max_lat=NaN",
            "music-profiles/globe/?limit=-9223372036854775808", "music-profiles/globe/?limit=0x10", "music-profiles/globe/?min_lng=%00", "music-profiles/%00/", "music-profiles/%FF%FE/", "music-profiles/" + new string('x', 3000) + "/",
            "music-profiles/%2F/", "music-profiles/?online=%00", "users/9223372036854775808/", "users/%00/", "users/-0/", "users/1e3/", "users/\u0661/",
        ])
            yield return new($"GET /api/v1/{Hostile.Short(path)}", RawHttp.Request("GET", "/api/v1/" + path.Replace("\u0661", "%D9%A1", StringComparison.Ordinal), ["Authorization: Bearer " + token])) { BelowUs = path.Contains("/%00", StringComparison.Ordinal) };
        // Nobody twice: who fails often waits, and the clock of the tests stands still.
        foreach (var (n, (what, agent)) in new[]
        {
            ("a pair across the 200th character", new string('a', 199) + "\U0001F600"), ("pairs only", string.Concat(Enumerable.Repeat("\U0001F600", 300))), ("noncharacters", "\uFFFE\uFFFF\U0010FFFF"),
            ("10,000 characters", new string('a', 10_000)), ("tabs", "a\tb"), ("right to left", "\u202Eabc"), ("nothing", ""),
        }.Index())
            foreach (var (path, body) in new[] { ("/auth/login", $"{{\"emailOrUsername\":\"agent-{n}\",\"password\":\"wrong password\"}}"), ("/api/v1/auth/api-auth-token/", $"{{\"username\":\"agent-{n}\",\"password\":\"wrong password\"}}") })
                yield return new($"User-Agent of {what} at {path}", RawHttp.Request("POST", path, [Json, "User-Agent: " + agent], Encoding.UTF8.GetBytes(body)));
        foreach (var method in (string[])["BREW", "PROPFIND", new string('M', 200)])
            yield return new($"{Hostile.Short(method)} /api/v1/users/", RawHttp.Request(method, "/api/v1/users/", ["Authorization: Bearer " + token]));
    }
}
