namespace Juke.Server.Plumbing;

/// <summary>Spotify, as this server is registered there.</summary>
internal sealed record SpotifySettings
{
    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    /// <summary>The accounts service: <c>/authorize</c>, <c>/api/token</c>. Another one only in development.</summary>
    public Uri Accounts { get; init; } = new("https://accounts.spotify.com");

    /// <summary>The Web API: <c>/v1/me</c>, <c>/v1/search</c>. Another one only in development.</summary>
    public Uri Api { get; init; } = new("https://api.spotify.com");

    /// <summary>Where apps that post a code may have been sent back to, beside our own callbacks. A loopback IP without a port means any port.</summary>
    public IReadOnlyList<string> Redirects { get; init; } = [];

    /// <summary>Accept a bare access token at social-login, which cannot be bound to this app (contract §4). Off unless somebody must.</summary>
    public bool AcceptAccessTokens { get; init; }

    public static SpotifySettings? Read(Variables variables)
    {
        // contract §4: on only in development.
        var accept = variables.Flag("JUKE_SPOTIFY_ACCEPT_ACCESS_TOKENS", otherwise: !variables.IsProduction);
        var redirects = variables.List("JUKE_SPOTIFY_REDIRECTS");
        foreach (var redirect in redirects)
            if (!Uri.TryCreate(redirect, UriKind.Absolute, out _)) variables.Complain("JUKE_SPOTIFY_REDIRECTS must be absolute addresses separated by commas.");
        var (id, secret) = (variables.Get("JUKE_SPOTIFY_CLIENT_ID"), variables.Get("JUKE_SPOTIFY_CLIENT_SECRET"));
        var (accounts, api) = (variables.Address("JUKE_SPOTIFY_ACCOUNTS", "https://accounts.spotify.com"), variables.Address("JUKE_SPOTIFY_API", "https://api.spotify.com"));
        if (id is null && secret is null) return null;
        if (id is null || secret is null)
        {
            variables.Complain("JUKE_SPOTIFY_CLIENT_ID and JUKE_SPOTIFY_CLIENT_SECRET belong together: set both or none.");
            return null;
        }
        return new SpotifySettings
        {
            ClientId = id,
            ClientSecret = secret,
            Accounts = accounts,
            Api = api,
            Redirects = redirects,
            AcceptAccessTokens = accept,
        };
    }
}

/// <summary>Google, as this server is registered there.</summary>
internal sealed record GoogleSettings
{
    /// <summary>Client ids that an ID token may be made for; the first is the one of the hosted pages.</summary>
    public required IReadOnlyList<string> ClientIds { get; init; }

    /// <summary>For the hosted pages' code; null: apps may post ID tokens, the pages have no Google button.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Client ids that may stand in <c>azp</c> beside <see cref="ClientIds"/>: the Android app.</summary>
    public IReadOnlyList<string> Parties { get; init; } = [];

    /// <summary>One address in place of Google's several hosts; null means Google. Only in development.</summary>
    public Uri? Elsewhere { get; init; }

    /// <summary>Whether a verified address of a hosted domain counts as Google's own word (contract §4); off: domains get re-registered.</summary>
    public bool LinkHostedDomains { get; init; }

    public static GoogleSettings? Read(Variables variables)
    {
        var hosted = variables.Flag("JUKE_GOOGLE_LINK_HOSTED");
        // Google is several hosts: its own address means all of them, as does none.
        var elsewhere = variables.Address("JUKE_GOOGLE_URL", "https://accounts.google.com");
        var ids = variables.List("JUKE_GOOGLE_CLIENT_IDS");
        if (ids.Count == 0)
        {
            if (variables.Get("JUKE_GOOGLE_CLIENT_SECRET") is not null) variables.Complain("JUKE_GOOGLE_CLIENT_SECRET needs JUKE_GOOGLE_CLIENT_IDS beside it.");
            return null;
        }
        return new GoogleSettings
        {
            ClientIds = ids,
            ClientSecret = variables.Get("JUKE_GOOGLE_CLIENT_SECRET"),
            Parties = variables.List("JUKE_GOOGLE_PARTIES"),
            Elsewhere = elsewhere.Host == "accounts.google.com" ? null : elsewhere,
            LinkHostedDomains = hosted,
        };
    }
}
