using System.Text.Json.Nodes;
using Juke.Testing;

namespace Juke.Server.Tests;

/// <summary>Looks at answers the way a client of another language does: names, order, raw values.</summary>
internal static class Shapes
{
    public static readonly string[] User = ["id", "email", "username", "name", "image", "role", "onboardingRequired", "hasPassword"];

    public static readonly string[] AuthResult = ["user", "accessToken", "refreshToken", "expiresIn", "isNewUser"];

    public static IEnumerable<string> Keys(this JsonNode? node) => node!.AsObject().Select(p => p.Key);

    public static string? Text(this JsonNode? node, string member) => node![member]?.GetValue<string>();

    public static bool Flag(this JsonNode? node, string member) => node![member]!.GetValue<bool>();

    /// <summary>All of a refusal that could tell one case from another.</summary>
    public static string Everything(this Reply reply)
    {
        var headers = reply.Headers.Concat(reply.ContentHeaders).Where(h => h.Key is not ("Trace-Id" or "Date")).OrderBy(h => h.Key, StringComparer.Ordinal);
        return $"{(int)reply.Status}\n{string.Join('\n', headers.Select(h => $"{h.Key}: {string.Join(", ", h.Value)}"))}\n\n{reply.Body}";
    }

    public static IReadOnlyList<string> SetCookies(this Reply reply) => reply.Headers.TryGetValues("Set-Cookie", out var values) ? [.. values] : [];
}
