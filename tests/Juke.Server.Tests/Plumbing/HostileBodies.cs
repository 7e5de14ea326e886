using System.IO.Compression;
using System.Text;
using Juke.Contract;

namespace Juke.Server.Tests.Plumbing;

/// <summary>What can be wrong with a body, times every endpoint that takes one.</summary>
internal static class HostileBodies
{
    /// <summary>The values that no text member may have, as raw JSON.</summary>
    private static readonly (string What, string Json)[] NoTexts =
    [
        ("number", "1"), ("huge number", "1e999"), ("bool", "true"), ("array", "[\"a\"]"), ("object", "{\"a\":1}"),
        ("deep object", string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40)),
        ("nul", "\"abc\\u0000def\""), ("lone high surrogate", "\"abcdef\\ud800\""), ("lone low surrogate", "\"\\udc00abcdef\""), ("surrogates the wrong way round", "\"\\udc00\\ud800abc\""),
    ];

    public static IEnumerable<Hostile> All(string token)
    {
        foreach (var endpoint in JsonEndpoint.All)
        {
            foreach (var hostile in Fields(endpoint, token)) yield return hostile;
            foreach (var hostile in Texts(endpoint, token)) yield return hostile;
            foreach (var hostile in Bytes(endpoint, token)) yield return hostile;
            foreach (var hostile in Types(endpoint, token)) yield return hostile;
        }
    }

    private static IEnumerable<Hostile> Fields(JsonEndpoint endpoint, string token)
    {
        foreach (var (field, good) in endpoint.Fields)
        {
            foreach (var (what, json) in NoTexts)
                yield return new($"{endpoint.Route}: {field} is {what}", endpoint.Request(token, endpoint.BodyWith(field, json))) { Code = ProblemCode.ValidationFailed, Field = field };
            yield return new($"{endpoint.Route}: {field} is invalid UTF-8",
                endpoint.Request(token, Splice(endpoint.BodyWith(field, "\"abcdef@@@\""), [0xC3, 0x28, 0xFF])))
            { Code = ProblemCode.ValidationFailed, Field = field };
            yield return new($"{endpoint.Route}: {field} is there twice",
                endpoint.Request(token, endpoint.GoodBody.Replace("{", $"{{\"{field}\":\"{good}\",", StringComparison.Ordinal)))
            { Code = ProblemCode.ValidationFailed, Field = field };
            yield return new($"{endpoint.Route}: {field} in capitals",
                endpoint.Request(token, endpoint.GoodBody.Replace($"\"{field}\"", $"\"{field.ToUpperInvariant()}\"", StringComparison.Ordinal)))
            { Code = ProblemCode.ValidationFailed, Field = field.ToUpperInvariant() };
            if (endpoint.Path is "/auth/logout") continue; // Signing out cannot fail: any text is a token that is none.
            yield return new($"{endpoint.Route}: {field} of 100,000 characters", endpoint.Request(token, endpoint.BodyWith(field, $"\"{new string('x', 100_000)}\"")));
        }
    }

    private static IEnumerable<Hostile> Texts(JsonEndpoint endpoint, string token)
    {
        var good = endpoint.GoodBody;
        (string What, string Body)[] broken =
        [
            ("array", "[]"), ("array around", "[" + good + "]"), ("text", "\"text\""), ("number", "1"), ("bool", "true"),
            ("cut off", good[..^1]), ("cut off in a text", good[..(good.Length / 2)]), ("brace only", "{"), ("white space", "  \r\n "),
            ("garbage after", good + " x"), ("a second object after", good + good), ("a nul after", good + "\0"),
            ("NaN", "{\"a\":NaN}"), ("Infinity", "{\"a\":-Infinity}"), ("comment", "{/* */" + good[1..]), ("comma at the end", good[..^1] + ",}"),
            ("single quotes", good.Replace('"', '\'')), ("no quotes", "{a:1}"), ("line break in a text", "{\"" + endpoint.Fields[0].Name + "\":\"a\nb\"}"),
            ("bad escape", "{\"" + endpoint.Fields[0].Name + "\":\"\\x41\"}"), ("10,000 arrays", new string('[', 10_000)), ("10,000 objects", string.Concat(Enumerable.Repeat("{\"a\":", 10_000))),
        ];
        foreach (var (what, body) in broken) yield return new($"{endpoint.Route}: body is {what}", endpoint.Request(token, body));
        if (!endpoint.IsOptional)
        {
            yield return new($"{endpoint.Route}: body is null", endpoint.Request(token, "null")) { Code = ProblemCode.BadRequest };
            yield return new($"{endpoint.Route}: body is empty", endpoint.Request(token, "")) { Code = ProblemCode.BadRequest };
        }
        foreach (var (what, name) in new[] { ("isAdmin", "isAdmin"), ("role", "role"), ("id", "id"), ("onboardingDone", "onboardingDone"), ("__proto__", "__proto__"), ("empty", "") })
            yield return new($"{endpoint.Route}: unknown member {what}", endpoint.Request(token, $"{{\"{name}\":true,{good[1..]}")) { Code = name.Length == 0 ? null : ProblemCode.ValidationFailed, Field = name.Length == 0 ? null : name };
        yield return new($"{endpoint.Route}: unknown member with a nul", endpoint.Request(token, "{\"a\\u0000\":1}"));
        yield return new($"{endpoint.Route}: unknown member with a lone surrogate", endpoint.Request(token, "{\"\\ud800\":1}"));
        yield return new($"{endpoint.Route}: unknown member with odd letters", endpoint.Request(token, "{\"a.b['c']\\n<script>\":1}"));
        yield return new($"{endpoint.Route}: unknown member of 90,000 characters", endpoint.Request(token, $"{{\"{new string('m', 90_000)}\":1}}"));
        yield return new($"{endpoint.Route}: 20,000 members", endpoint.Request(token, "{" + string.Join(",", Enumerable.Range(0, 20_000).Select(n => $"\"{n}\":1")) + "}"));
    }

    private static IEnumerable<Hostile> Bytes(JsonEndpoint endpoint, string token)
    {
        var good = Encoding.UTF8.GetBytes(endpoint.GoodBody);
        yield return new($"{endpoint.Route}: UTF-16 without a word", endpoint.Request(token, Encoding.Unicode.GetBytes(endpoint.GoodBody))) { Code = ProblemCode.BadRequest };
        yield return new($"{endpoint.Route}: UTF-16 with a BOM", endpoint.Request(token, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(endpoint.GoodBody)])) { Code = ProblemCode.BadRequest };
        yield return new($"{endpoint.Route}: UTF-32", endpoint.Request(token, Encoding.UTF32.GetBytes(endpoint.GoodBody))) { Code = ProblemCode.BadRequest };
        yield return new($"{endpoint.Route}: a BOM twice", endpoint.Request(token, [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. good])) { Code = ProblemCode.BadRequest };
        yield return new($"{endpoint.Route}: a member name in invalid UTF-8", endpoint.Request(token, Splice("{\"a@@@\":1}", [0xC3, 0x28, 0xFF])));
        yield return new($"{endpoint.Route}: random bytes", endpoint.Request(token, [0x80, 0x00, 0xFF, 0x13, 0x37])) { Code = ProblemCode.BadRequest };
        yield return new($"{endpoint.Route}: 1 KiB too much", endpoint.Request(token, Encoding.UTF8.GetBytes($"{{\"{endpoint.Fields[0].Name}\":\"{new string('x', (endpoint.MaxKiB + 1) * 1024)}\"}}"))) { Code = ProblemCode.PayloadTooLarge };
        yield return new($"{endpoint.Route}: 1 KiB of spaces too much", endpoint.Request(token, [.. Enumerable.Repeat((byte)' ', (endpoint.MaxKiB + 1) * 1024), .. good])) { Code = ProblemCode.PayloadTooLarge };
        yield return new($"{endpoint.Route}: too much in chunks", Chunked(endpoint, token, endpoint.MaxKiB + 72)) { Code = ProblemCode.PayloadTooLarge };
    }

    private static IEnumerable<Hostile> Types(JsonEndpoint endpoint, string token)
    {
        var good = Encoding.UTF8.GetBytes(endpoint.GoodBody);
        string[] types =
        [
            "", "Content-Type: text/plain", "Content-Type: application/x-www-form-urlencoded", "Content-Type: multipart/form-data; boundary=x", "Content-Type: application/octet-stream",
            "Content-Type: application/xml", "Content-Type: json", "Content-Type: application/", "Content-Type: ,", "Content-Type: text/json; charset=\"", "Content-Type: application/json; charset=utf-16",
            "Content-Type: application/json; charset=iso-8859-1", "Content-Type: application/json; charset=nonsense", "Content-Type: application/json; charset=utf-7", "Content-Type: application/json;charset=\"utf 8\"",
            "Content-Type: application/jsonx", "Content-Type: application/json, text/plain",
        ];
        foreach (var type in types)
            yield return new($"{endpoint.Route}: sent as [{type}]", endpoint.Request(token, good, type)) { Code = ProblemCode.UnsupportedMediaType };
        yield return new($"{endpoint.Route}: two content types", endpoint.Request(token, good, "Content-Type: application/json", "Content-Type: text/plain"));
        yield return new($"{endpoint.Route}: gzip", endpoint.Request(token, Gzip(good), headers: "Content-Encoding: gzip")) { Code = ProblemCode.UnsupportedMediaType };
        yield return new($"{endpoint.Route}: said to be gzip", endpoint.Request(token, good, headers: "Content-Encoding: gzip")) { Code = ProblemCode.UnsupportedMediaType };
        yield return new($"{endpoint.Route}: said to be nonsense", endpoint.Request(token, good, headers: "Content-Encoding: nonsense")) { Code = ProblemCode.UnsupportedMediaType };
    }

    private static byte[] Chunked(JsonEndpoint endpoint, string token, int kibibytes)
    {
        var authorization = endpoint.IsClosed ? $"Authorization: Bearer {token}\r\n" : "";
        var head = Encoding.ASCII.GetBytes($"{endpoint.Method} {endpoint.Path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{authorization}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        var chunk = Encoding.ASCII.GetBytes("400\r\n" + new string(' ', 1024) + "\r\n");
        return [.. head, .. Enumerable.Repeat(chunk, kibibytes).SelectMany(c => c), .. "0\r\n\r\n"u8];
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    // The three @ of the text become these bytes.
    private static byte[] Splice(string text, byte[] bytes)
    {
        var all = Encoding.UTF8.GetBytes(text);
        bytes.CopyTo(all, all.AsSpan().IndexOf("@@@"u8));
        return all;
    }
}
