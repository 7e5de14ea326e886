using System.Globalization;
using System.Net;
using Juke.Contract;

namespace Juke.Server.Plumbing;

/// <summary>Everything that can be set from outside, read once at start. The README's table says the same in words.</summary>
internal sealed record Settings
{
    /// <summary>Fewest PBKDF2-SHA512 iterations that production accepts (OWASP, 2026).</summary>
    public const int ProductionHashIterations = 220_000;

    public required bool IsProduction { get; init; }

    /// <summary>Where the server listens, and the address of its pages unless <see cref="PublicUrl"/> differs.</summary>
    public required Uri Url { get; init; }

    /// <summary>The address that people use; links in mails start with it.</summary>
    public required Uri PublicUrl { get; init; }

    public required string Database { get; init; }

    /// <summary>Key material, newest first; each 32 bytes.</summary>
    public required IReadOnlyList<byte[]> Secrets { get; init; }

    public required IReadOnlyList<string> Origins { get; init; }

    /// <summary>smtp://… or file://folder; null switches mail off (development only).</summary>
    public Uri? Mail { get; init; }

    /// <summary>Schemes of apps that a browser may be sent back to after connecting.</summary>
    public IReadOnlyList<string> ReturnSchemes { get; init; } = ["juke", "shotclock"];

    public string MailFrom { get; init; } = "Juke <no-reply@juke.example>";

    /// <summary>What onboarding asks, and what of it is required.</summary>
    public OnboardingDefinition Onboarding { get; init; } = OnboardingDefinition.Default;

    public int HashIterations { get; init; } = ProductionHashIterations;

    /// <summary>Per (address, identifier), on unauthenticated POSTs.</summary>
    public Rate IdentifierRate { get; init; } = new(10, TimeSpan.FromMinutes(1));

    /// <summary>Per address, over all unauthenticated POSTs.</summary>
    public Rate AddressRate { get; init; } = new(120, TimeSpan.FromMinutes(1));

    /// <summary>The longest that wrong passwords for one identifier slow down the next try.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Proxies whose X-Forwarded-For is believed.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>Serve in production although the newest contract version is open: for rehearsals.</summary>
    public bool AllowOpenContract { get; init; }

    /// <summary>Nobody can register for now.</summary>
    public bool RegistrationIsOff { get; init; }

    /// <summary>Null: Spotify is not set up, and its door says so.</summary>
    public SpotifySettings? Spotify { get; init; }

    /// <summary>Null: Google is not set up, and its door says so.</summary>
    public GoogleSettings? Google { get; init; }

    /// <summary>Reads the environment; every complaint is one line that names the variable and what it should be.</summary>
    public static (Settings? Settings, IReadOnlyList<string> Complaints) Read(Func<string, string?> variable)
    {
        var complaints = new List<string>();
        string? Get(string name) => variable(name) is { } text && text.Trim().Length > 0 ? text.Trim() : null;

        var environment = Get("JUKE_ENVIRONMENT") ?? "production";
        if (environment is not ("production" or "development")) complaints.Add("JUKE_ENVIRONMENT must be 'production' or 'development'.");
        var production = environment != "development";

        var url = HttpUrl("JUKE_URL", Get("JUKE_URL") ?? "http://127.0.0.1:5080");
        var publicUrl = Get("JUKE_PUBLIC_URL") is { } p ? HttpUrl("JUKE_PUBLIC_URL", p) : url;

        var database = Get("JUKE_DATABASE");
        if (database is null) complaints.Add("JUKE_DATABASE must be set to a PostgreSQL connection string.");
        else if (!IsConnectionString(database)) complaints.Add("JUKE_DATABASE is not a PostgreSQL connection string (Host=…;Database=…;Username=…).");

        var secrets = ReadSecrets(Get("JUKE_SECRETS"), complaints);
        var origins = ReadOrigins(Get("JUKE_ORIGINS"), complaints);
        var mail = ReadMail(Get("JUKE_MAIL"), production, complaints);

        var mailFrom = Get("JUKE_MAIL_FROM") ?? "Juke <no-reply@juke.example>";
        if (!System.Net.Mail.MailAddress.TryCreate(mailFrom, out _)) complaints.Add("JUKE_MAIL_FROM must be an address, for example Juke <no-reply@example.com>.");

        var iterations = Number("JUKE_HASH_ITERATIONS", ProductionHashIterations, 1, 10_000_000);
        if (production && iterations < ProductionHashIterations)
            complaints.Add($"JUKE_HASH_ITERATIONS must be at least {ProductionHashIterations} in production.");

        if (Get("JUKE_ALLOW_OPEN_CONTRACT") is not (null or "0" or "1")) complaints.Add("JUKE_ALLOW_OPEN_CONTRACT must be 1 or 0.");

        if (Get("JUKE_DISABLE_REGISTRATION") is not (null or "0" or "1")) complaints.Add("JUKE_DISABLE_REGISTRATION must be 1 or 0.");

        var onboarding = OnboardingDefinition.FromSetting(Get("JUKE_ONBOARDING_REQUIRED"), out var onboardingError);
        if (onboardingError is not null) complaints.Add(onboardingError);

        var settings = new Settings
        {
            IsProduction = production,
            Url = url,
            PublicUrl = publicUrl,
            Database = database ?? "",
            Secrets = secrets,
            Origins = origins,
            Mail = mail,
            MailFrom = mailFrom,
            Onboarding = onboarding,
            HashIterations = iterations,
            IdentifierRate = ReadRate("JUKE_LIMIT_IDENTIFIER", "10/60"),
            AddressRate = ReadRate("JUKE_LIMIT_ADDRESS", "120/60"),
            LongestDelay = TimeSpan.FromMilliseconds(Number("JUKE_LIMIT_DELAY_MS", 4000, 0, 60_000)),
            Proxies = ReadProxies(Get("JUKE_PROXIES"), complaints),
            ReturnSchemes = ReadSchemes(Get("JUKE_RETURN_SCHEMES") ?? "juke,shotclock", complaints),
            AllowOpenContract = Get("JUKE_ALLOW_OPEN_CONTRACT") == "1",
            RegistrationIsOff = Get("JUKE_DISABLE_REGISTRATION") == "1",
            Spotify = SpotifySettings.Read(Get, production, complaints),
            Google = GoogleSettings.Read(Get, production, complaints),
        };
        return complaints.Count == 0 ? (settings, complaints) : (null, complaints);

        Uri HttpUrl(string name, string text)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.AbsolutePath == "/" && uri.Query.Length == 0) return uri;
            complaints.Add($"{name} must be an http(s) address without a path, for example http://127.0.0.1:5080.");
            return new Uri("http://127.0.0.1:5080");
        }

        int Number(string name, int otherwise, int least, int most)
        {
            if (Get(name) is not { } text) return otherwise;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
            complaints.Add($"{name} must be a whole number from {least} to {most}.");
            return otherwise;
        }

        Rate ReadRate(string name, string otherwise)
        {
            if (Rate.TryParse(Get(name) ?? otherwise, out var rate)) return rate;
            complaints.Add($"{name} must be COUNT/SECONDS, for example {otherwise}.");
            return new Rate(1, TimeSpan.FromSeconds(1));
        }
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new Npgsql.NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException)
        {
            return false;
        }
    }

    private static List<byte[]> ReadSecrets(string? text, List<string> complaints)
    {
        var keys = new List<byte[]>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var key = new byte[33];
            if (!Convert.TryFromBase64String(part, key, out var length) || length != 32)
            {
                complaints.Add("JUKE_SECRETS must be base64 keys of 32 bytes, newest first, separated by commas (make one: openssl rand -base64 32).");
                return keys;
            }
            keys.Add(key[..32]);
        }
        if (keys.Count == 0) complaints.Add("JUKE_SECRETS must be set: one or more base64 keys of 32 bytes (make one: openssl rand -base64 32).");
        return keys;
    }

    private static List<string> ReadOrigins(string? text, List<string> complaints)
    {
        var origins = new List<string>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Uri.TryCreate(part, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == part) origins.Add(part);
            else complaints.Add("JUKE_ORIGINS must be exact origins separated by commas, for example https://app.example.com (no path, no slash at the end, no *).");
        }
        return origins;
    }

    private static List<string> ReadSchemes(string text, List<string> complaints)
    {
        // Schemes that browsers and systems give a meaning of their own are never an app's.
        string[] never = ["http", "https", "javascript", "data", "file", "blob", "about", "view-source", "vbscript", "ftp", "ws", "wss", "intent", "mailto", "tel"];
        var schemes = new List<string>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Uri.CheckSchemeName(part) && !part.Any(char.IsUpper) && !never.Contains(part, StringComparer.Ordinal)) schemes.Add(part);
            else complaints.Add("JUKE_RETURN_SCHEMES must be schemes of apps separated by commas, for example juke,shotclock.");
        }
        return schemes;
    }

    private static Uri? ReadMail(string? text, bool production, List<string> complaints)
    {
        if (text is null)
        {
            if (production) complaints.Add("JUKE_MAIL must be set in production: smtp://user:password@host:587 or file:///folder.");
            return null;
        }
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "smtp" or "file" && (uri.Scheme == "file" || uri.Host.Length > 0)) return uri;
        complaints.Add("JUKE_MAIL must be smtp://user:password@host:587 or file:///folder.");
        return null;
    }

    private static List<IPNetwork> ReadProxies(string? text, List<string> complaints)
    {
        var networks = new List<IPNetwork>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPNetwork.TryParse(part, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(part, out var address)) networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else complaints.Add("JUKE_PROXIES must be addresses or networks separated by commas, for example 10.0.0.0/8.");
        }
        return networks;
    }
}

/// <summary>So many in so long.</summary>
internal readonly record struct Rate(int Count, TimeSpan Per)
{
    public static bool TryParse(string text, out Rate rate)
    {
        rate = default;
        var parts = text.Split('/');
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds < 1) return false;
        rate = new Rate(count, TimeSpan.FromSeconds(seconds));
        return true;
    }
}
