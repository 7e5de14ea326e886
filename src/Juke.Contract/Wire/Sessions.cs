using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Juke.Contract.Wire;

/// <summary>One place where the user is signed in.</summary>
/// <param name="Id">For <c>DELETE /auth/sessions/{id}</c>; not a credential.</param>
/// <param name="Kind"><c>app</c> (tokens), <c>web</c> (hosted pages) or <c>juke</c> (token of the Juke dialect); show one that you do not know like an app.</param>
/// <param name="Device">What the client called itself (User-Agent, at most 200 characters), or null.</param>
/// <param name="Address">IP address of the sign-in, or null.</param>
/// <param name="CreatedAt">When it was signed in, UTC.</param>
/// <param name="LastSeenAt">Last use, to the hour, UTC.</param>
/// <param name="ExpiresAt">When it ends if it is not used again, UTC.</param>
/// <param name="Current">Whether it is the session of this very request.</param>
public sealed record SessionInfo(
    string Id,
    string Kind,
    string? Device,
    string? Address,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt,
    bool Current);

/// <summary><c>GET /auth/sessions</c>.</summary>
/// <param name="Sessions">Live sessions, the most recently used first.</param>
public sealed record SessionList(IReadOnlyList<SessionInfo> Sessions);

/// <summary><c>POST /auth/sessions/revoke-all</c> and <c>DELETE /auth/sessions/{id}</c>.</summary>
/// <param name="IsRevoked">Always true.</param>
public sealed record Revoked([property: JsonPropertyName("revoked"), AllowedValues(true)] bool IsRevoked)
{
    /// <summary>The one answer.</summary>
    public static Revoked Yes { get; } = new(true);
}

/// <summary><c>POST /auth/logout</c>.</summary>
/// <param name="Status">Always <c>success</c>.</param>
public sealed record LogoutResult([property: AllowedValues("success")] string Status)
{
    /// <summary>The one answer.</summary>
    public static LogoutResult Success { get; } = new("success");
}
