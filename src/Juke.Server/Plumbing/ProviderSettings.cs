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

    public static SpotifySettings? Read(Func<string, string?> get, bool production, List<string> complaints)
    {
        var provider = new ProviderVariables(get, production, complaints);
        var accept = get("JUKE_SPOTIFY_ACCEPT_ACCESS_TOKENS");
        if (accept is not (null or "0" or "1")) complaints.Add("JUKE_SPOTIFY_ACCEPT_ACCESS_TOKENS must be 1 or 0.");
        var redirects = provider.List("JUKE_SPOTIFY_REDIRECTS");
        foreach (var redirect in redirects)
            if (!Uri.TryCreate(redirect, UriKind.Absolute, out _)) complaints.Add("JUKE_SPOTIFY_REDIRECTS must be absolute addresses separated by commas.");
        var (id, secret) = (get("JUKE_SPOTIFY_CLIENT_ID"), get("JUKE_SPOTIFY_CLIENT_SECRET"));
        var (accounts, api) = (provider.Address("JUKE_SPOTIFY_ACCOUNTS", "https://accounts.spotify.com"), provider.Address("JUKE_SPOTIFY_API", "https://api.spotify.com"));
        if (id is null && secret is null) return null;
        if (id is null || secret is null)
        {
            complaints.Add("JUKE_SPOTIFY_CLIENT_ID and JUKE_SPOTIFY_CLIENT_SECRET belong together: set both or none.");
            return null;
        }
        return new SpotifySettings
        {
            ClientId = id,
            ClientSecret = secret,
            Accounts = accounts,
            Api = api,
            Redirects = redirects,
            // contract §4: on only in development.
            AcceptAccessTokens = accept is null ? !production : accept == "1",
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

    public static GoogleSettings? Read(Func<string, string?> get, bool production, List<string> complaints)
    {
        var provider = new ProviderVariables(get, production, complaints);
        var hosted = get("JUKE_GOOGLE_LINK_HOSTED");
        if (hosted is not (null or "0" or "1")) complaints.Add("JUKE_GOOGLE_LINK_HOSTED must be 1 or 0.");
        // Google is several hosts: its own address means all of them, as does none.
        var elsewhere = provider.Address("JUKE_GOOGLE_URL", "https://accounts.google.com");
        var ids = provider.List("JUKE_GOOGLE_CLIENT_IDS");
        if (ids.Count == 0)
        {
            if (get("JUKE_GOOGLE_CLIENT_SECRET") is not null) complaints.Add("JUKE_GOOGLE_CLIENT_SECRET needs JUKE_GOOGLE_CLIENT_IDS beside it.");
            return null;
        }
        return new GoogleSettings
        {
            ClientIds = ids,
            ClientSecret = get("JUKE_GOOGLE_CLIENT_SECRET"),
            Parties = provider.List("JUKE_GOOGLE_PARTIES"),
            Elsewhere = elsewhere.Host == "accounts.google.com" ? null : elsewhere,
            LinkHostedDomains = hosted == "1",
        };
    }
}

/// <summary>Reads what the providers' settings have in common.</summary>
internal sealed class ProviderVariables(Func<string, string?> get, bool production, List<string> complaints)
{
    public IReadOnlyList<string> List(string name) => (get(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The provider's own address, or in development another one: production speaks to nobody else.</summary>
    public Uri Address(string name, string own)
    {
        var text = get(name) ?? own;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.PathAndQuery == "/")
        {
            if (!production || uri == new Uri(own)) return uri;
            complaints.Add($"{name} can be changed in development only; in production it is {own}.");
        }
        else complaints.Add($"{name} must be an address without a path, for example {own}.");
        return new Uri(own);
    }
}
