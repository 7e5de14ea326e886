using System.Text.Json;
using Juke.Contract;

namespace Juke.Server.Tests.Plumbing;

/// <summary>Texts that are well formed and still no username, password, address, name or image.</summary>
internal static class HostileValues
{
    public static readonly string[] Usernames =
    [
        "", "ab", "a ", "   ", "a b", "a.b.c", "a@b.co", "abc!", "abc\u0007", "abc\ndef", "abc\tdef", "😀😀😀", "👩‍👩‍👧", "abc‍def", "abc‌def", "\u202Eabc", "abc\u202E", "abc\u200B", "abc\u00AD", "\uFEFFabcd",
        "pаypal", "Ωmega", "αβγabc", "абвabc", "αβγабв", "ｍｅ", "me", "ME", "Search", "gLoBe", "\u0301abc", "1\u0301bc", "_\u0301abc", "½½½", "①②③", "ⅣⅣⅣ", "a/b/c", "../..", "a\\b", "<b>x</b>", "a'b--", "a\"b\"c", "%00abc",
        "ab\u2028c", "abc\u3000def", "\uE000abc", "abc\uFFFF", new('a', 51), string.Concat(Enumerable.Repeat("é", 51)), string.Concat(Enumerable.Repeat("𝒳", 51)),
    ];

    private static readonly string[] Passwords =
    [
        "", "short", "1234567", "12345678", "0123456789012345678901234567890123456789", "password", "Password1", "PASSWORD", "qwertyuiop", "iloveyou", "٠١٢٣٤٥٦٧٨٩", new('x', 201), string.Concat(Enumerable.Repeat("😀", 201)), "😀😀😀😀😀😀😀",
    ];

    private static readonly string[] Addresses =
    [
        "", " ", "a", "a@", "@b.co", "a@b", "a@@b.co", "a@b@c.co", "a b@c.co", "a@b c.co", "a@b.co\nBcc: x@y.zz", "a@b.co\r\nSubject: x", "a\u0000@b.co", "a@.co", "a@b..co", "a@b.co.", ".a@b.co", "a.@b.co", "a..b@c.co", "a@-b.co", "a@b-.co", "<a@b.co>",
        "A <a@b.co>", "a@b.co,c@d.co", "a@b.co;c@d.co", "\"a\"@b.co", "a@[127.0.0.1]", "a@b_c.co", new string('a', 65) + "@b.co", "a@" + new string('b', 64) + ".co", "a@" + string.Concat(Enumerable.Repeat("b.", 130)) + "co", "a@b.co\u202E", "a\u200B@b.co", "a\u00A0@b.co",
    ];

    public static IEnumerable<Hostile> All(string token)
    {
        foreach (var (endpoint, field, values) in new[]
        {
            ("POST /auth/register", "username", Usernames), ("POST /auth/onboarding/complete", "username", Usernames), ("PATCH /api/users/profile", "username", Usernames),
            ("POST /auth/register", "password", Passwords), ("POST /auth/reset-password", "newPassword", Passwords), ("POST /auth/change-password", "newPassword", Passwords),
            ("POST /auth/register", "email", Addresses), ("POST /auth/forgot-password", "email", Addresses), ("POST /auth/email", "email", Addresses),
            ("PATCH /api/users/profile", "name", ["", " ", "\t\n", new string('n', 101)]),
            ("PATCH /api/users/profile", "image", ["", "x", "/a.png", "//x/a.png", "javascript:alert(1)", "data:image/png;base64,AAAA", "ftp://x/a.png", "file:///etc/passwd", "http://", "https:///a", "https://x/" + new string('a', 2048)]),
            ("POST /auth/spotify", "codeVerifier", ["", new string('v', 42), new string('v', 129), new string('v', 42) + " ", new string('v', 42) + "\n", new string('v', 42) + "é", new string('v', 42) + "/"]),
            ("POST /auth/spotify", "redirectUri", ["", "/", "x", "https://evil.example/", "javascript:alert(1)", "http://127.0.0.1/", "http://127.0.0.1:5080/auth/spotify/callback/", "http://127.0.0.1:5080/auth/spotify/CALLBACK", "http://127.0.0.1:5080/auth/spotify/callback?x"]),
            ("POST /auth/spotify", "code", ["", new string('c', 2049)]),
            ("POST /auth/google", "idToken", ["", new string('t', 10_001)]),
            ("POST /auth/google", "nonce", ["", new string('n', 201)]),
            ("POST /auth/register", "name", [new string('n', 256)]),
            ("POST /auth/refresh", "attempt", ["", "short", new string('a', 21), new string('a', 129), "aaaaaaaaaaaaaaaaaaaaaa\n", "aaaaaaaaaaaaaaaaaaaaaaé", "aaaaaaaaaaaaaaaaaaaaaa;"]),
        })
        {
            var target = Array.Find(JsonEndpoint.All, e => e.Route == endpoint)!;
            for (var i = 0; i < values.Length; i++)
                yield return new($"{endpoint}: {field} no. {i} [{Hostile.Short(values[i])}]", target.Request(token, target.BodyWith(field, JsonSerializer.Serialize(values[i])))) { Code = ProblemCode.ValidationFailed, Field = field };
        }
    }
}
