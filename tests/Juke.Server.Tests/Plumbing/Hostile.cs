using System.Text;
using Juke.Testing;

namespace Juke.Server.Tests.Plumbing;

/// <summary>One request that no good client sends.</summary>
/// <param name="Name">Unique; what is wrong with it.</param>
/// <param name="Bytes">All of it.</param>
internal sealed record Hostile(string Name, byte[] Bytes)
{
    /// <summary>A text as a name can hold it.</summary>
    public static string Short(string text) => text.Length <= 60 ? text : $"{text[..60]}… of {text.Length}";

    /// <summary>The code that the answer must have; null: any of the list with a 4xx status.</summary>
    public string? Code { get; init; }

    /// <summary>The field that <c>errors</c> must name.</summary>
    public string? Field { get; init; }

    /// <summary>Refused by Kestrel before any code of ours: a 4xx, or a closed connection; the body may be empty.</summary>
    public bool BelowUs { get; init; }
}

/// <summary>A core endpoint with a JSON body.</summary>
/// <param name="Route">Method and path.</param>
/// <param name="Fields">All members, each with a value that would be fine.</param>
internal sealed record JsonEndpoint(string Route, params (string Name, string Good)[] Fields)
{
    public string Method => Route.Split(' ')[0];

    public string Path => Route.Split(' ')[1];

    /// <summary>Whether a credential is needed to get as far as the body.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Whether it may be called without a body (or with the body <c>null</c>).</summary>
    public bool IsOptional { get; init; }

    /// <summary>How large its body may be.</summary>
    public int MaxKiB { get; init; } = 128;

    public static JsonEndpoint[] All { get; } =
    [
        new("POST /auth/register", ("email", "hostile@example.com"), ("password", TestClient.Password), ("username", "hostile-name"), ("name", "Hostile")),
        new("POST /auth/login", ("emailOrUsername", "hostile@example.com"), ("password", TestClient.Password)),
        new("POST /auth/spotify", ("code", "a-code-of-spotify"), ("codeVerifier", new string('v', 43)), ("redirectUri", "https://app.example/callback")),
        new("POST /auth/google", ("idToken", "head.body.signature"), ("nonce", "a-nonce")),
        new("POST /auth/refresh", ("refreshToken", new string('A', 75)), ("attempt", new string('a', 22))) { IsOptional = true },
        new("POST /auth/logout", [("refreshToken", new string('A', 75))]) { IsOptional = true },
        new("POST /auth/forgot-password", ("email", "known@example.com")),
        new("POST /auth/reset-password", ("token", new string('A', 64)), ("newPassword", TestClient.Password)),
        new("POST /auth/verify-email/reject", ("token", new string('A', 64))),
        new("POST /auth/verify-email", ("token", new string('A', 64))) { IsClosed = true },
        new("POST /auth/email", ("email", "next@example.com"), ("currentPassword", TestClient.Password)) { IsClosed = true },
        new("POST /auth/change-password", ("currentPassword", TestClient.Password), ("newPassword", "another long evening")) { IsClosed = true },
        new("POST /auth/onboarding/complete", ("username", "hostile-name")) { IsClosed = true, MaxKiB = 512 },
        new("POST /api/onboarding/skip", ("step", "artist")) { IsClosed = true },
        new("PATCH /api/users/profile", ("username", "hostile-name"), ("name", "Hostile"), ("image", "https://example.com/a.png")) { IsClosed = true },
    ];

    /// <summary>The body that would be fine, but for one member, which is raw JSON.</summary>
    public string BodyWith(string field, string rawJson) =>
        "{" + string.Join(",", Fields.Select(f => $"\"{f.Name}\":" + (f.Name == field ? rawJson : $"\"{f.Good}\""))) + "}";

    public string GoodBody => BodyWith("", "");

    public byte[] Request(string? token, byte[] body, string contentType = "Content-Type: application/json", params string[] headers) =>
        RawHttp.Request(Method, Path, [.. token is null || !IsClosed ? [] : new[] { "Authorization: Bearer " + token }, .. contentType.Length > 0 ? [contentType] : Array.Empty<string>(), .. headers], body);

    public byte[] Request(string? token, string body) => Request(token, Encoding.UTF8.GetBytes(body));
}
