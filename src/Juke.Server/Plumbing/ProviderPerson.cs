namespace Juke.Server.Plumbing;

/// <summary>Somebody as a provider knows them, after the provider proved it.</summary>
/// <param name="Provider"><see cref="Spotify"/> or <see cref="Google"/>.</param>
/// <param name="Subject">Google's <c>sub</c>; Spotify's <c>account_id</c>, null when Spotify gave none.</param>
/// <param name="ExternalId">Spotify's <c>id</c>; null for Google.</param>
internal sealed record ProviderPerson(string Provider, string? Subject, string? ExternalId)
{
    public const string Spotify = "spotify";
    public const string Google = "google";

    /// <summary>The address that the provider names; <see cref="EmailWord"/> says what that is worth.</summary>
    public string? Email { get; init; }

    /// <summary>What the word of the provider about the address is worth. Always <see cref="EmailWord.Hint"/> for Spotify.</summary>
    public EmailWord EmailWord { get; init; }

    public string? Name { get; init; }

    /// <summary>https address of a picture, or null.</summary>
    public string? Image { get; init; }
}

/// <summary>What a provider's word about an address is worth (contract §4).</summary>
internal enum EmailWord
{
    /// <summary>Nothing: it is kept beside the identity and never looked up.</summary>
    Hint,

    /// <summary>The provider saw the mailbox (Google's <c>email_verified</c>): it may become the address of a new account, still to be proved by a link.</summary>
    Verified,

    /// <summary>The provider runs the mailbox (gmail.com; a hosted domain where switched on): it may link to an account whose address is proved.</summary>
    Authoritative,
}

/// <summary>What Spotify gives for a code or a refresh token.</summary>
/// <param name="AccessToken">Opaque, one hour.</param>
/// <param name="ExpiresIn">Of the access token; null when Spotify did not say.</param>
/// <param name="RefreshToken">Null: none was given, and the one that is stored stays.</param>
/// <param name="Scopes">What was granted, which may be less than was asked.</param>
internal sealed record SpotifyTokens(string AccessToken, TimeSpan? ExpiresIn, string? RefreshToken, IReadOnlyList<string> Scopes);
