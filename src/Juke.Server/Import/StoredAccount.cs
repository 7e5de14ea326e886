using Juke.Contract.Profiles;

namespace Juke.Server.Import;

/// <summary>An account as its rows say it: what the import wants to write, or what stands there.</summary>
internal sealed record StoredAccount
{
    public required long Id { get; init; }

    /// <summary><c>active</c>, <c>pending</c> or <c>disabled</c>.</summary>
    public required string State { get; init; }

    /// <summary>Verbatim; null for none.</summary>
    public string? Email { get; init; }

    /// <summary>Null: the address never resets or links anything, because it is another account's or no address.</summary>
    public string? EmailKey { get; init; }

    public DateTimeOffset? EmailProvedAt { get; init; }

    /// <summary>Verbatim, blank ones too.</summary>
    public string? Username { get; init; }

    public string? UsernameKey { get; init; }

    /// <summary>The key that another account holds.</summary>
    public string? UsernameTwinKey { get; init; }

    public string? Name { get; init; }

    public string? PasswordHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastSignInAt { get; init; }

    /// <summary>Null while onboarding is not done.</summary>
    public DateTimeOffset? OnboardedAt { get; init; }

    public CanonicalProfile Profile { get; init; } = CanonicalProfile.Empty;

    public double Clout { get; init; }

    /// <summary>Null: no profile was made yet.</summary>
    public DateTimeOffset? ProfileCreatedAt { get; init; }

    public DateTimeOffset? ProfileModifiedAt { get; init; }

    /// <summary>SHA-256 of the old token that signs in; null for none.</summary>
    public byte[]? TokenHash { get; init; }

    /// <summary>Spotify's id of the linked account; null for none.</summary>
    public string? SpotifyId { get; init; }

    public DateTimeOffset? SpotifyLinkedAt { get; init; }

    /// <summary>Tokens of the link; their text only on the way in.</summary>
    public LinkTokens? SpotifyTokens { get; init; }

    /// <summary>As it reads once it stands here, where the texts of tokens are sealed.</summary>
    public StoredAccount AsStored() => SpotifyTokens is null ? this : this with { SpotifyTokens = SpotifyTokens with { Access = null, Refresh = null } };
}

/// <summary>What the old server may do at Spotify in the user's name.</summary>
/// <param name="Access">Access token; null when read from here, where it is sealed.</param>
/// <param name="Refresh">Refresh token; null when there is none, or when read from here.</param>
/// <param name="ExpiresAt">End of the access token; null when unknown.</param>
/// <param name="Scopes">What the user allowed, as far as the row says.</param>
/// <param name="ObtainedAt">When the row was last written; tells whether it was written again since.</param>
internal sealed record LinkTokens(string? Access, string? Refresh, DateTimeOffset? ExpiresAt, IReadOnlyList<string> Scopes, DateTimeOffset ObtainedAt);

/// <summary>An old value that has no place in the account, or lost against the one here; never shown, never dropped.</summary>
/// <param name="Kind"><see cref="Aside"/>, <see cref="Conflict"/> or <see cref="Rejected"/>.</param>
/// <param name="Field">Where it stood: <c>user.email</c>, <c>profile.favorite_artists[2]</c>, <c>spotify.extra_data</c>.</param>
/// <param name="Raw">The value as JSON text, exactly as it was; null where keeping it would keep a usable secret.</param>
/// <param name="Reason">A sentence.</param>
internal sealed record Remark(string Kind, string Field, string? Raw, string Reason)
{
    public const string Aside = "aside";
    public const string Conflict = "conflict";
    public const string Rejected = "rejected";

    /// <summary>Field of the remark that an address was taken from who only claimed it. It happened once, so it stays.</summary>
    public const string AddressWon = "user.email.won";
}
