using System.Net;
using Juke.Contract;

namespace Juke.Server.Plumbing;

/// <summary>Everything that can be set from outside, read once at start. The README's table says the same in words.</summary>
internal sealed record Settings
{
    /// <summary>Fewest PBKDF2-SHA512 iterations that production accepts (OWASP, 2026).</summary>
    public const int ProductionHashIterations = 220_000;

    private const string Sender = "Juke <no-reply@juke.example>";
    private static readonly string[] UsualSchemes = ["juke", "shotclock"];
    private static readonly Rate UsualIdentifierRate = new(10, TimeSpan.FromMinutes(1));
    private static readonly Rate UsualAddressRate = new(120, TimeSpan.FromMinutes(1));

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
    public IReadOnlyList<string> ReturnSchemes { get; init; } = UsualSchemes;

    public string MailFrom { get; init; } = Sender;

    /// <summary>What onboarding asks, and what of it is required.</summary>
    public OnboardingDefinition Onboarding { get; init; } = OnboardingDefinition.Default;

    public int HashIterations { get; init; } = ProductionHashIterations;

    /// <summary>Per (address, identifier), on unauthenticated POSTs.</summary>
    public Rate IdentifierRate { get; init; } = UsualIdentifierRate;

    /// <summary>Per address, over all unauthenticated POSTs.</summary>
    public Rate AddressRate { get; init; } = UsualAddressRate;

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
        var variables = new Variables(variable);
        var production = variables.IsProduction;

        var url = variables.HttpUrl("JUKE_URL", new Uri("http://127.0.0.1:5080"));
        var publicUrl = variables.HttpUrl("JUKE_PUBLIC_URL", url);

        var database = variables.Get("JUKE_DATABASE");
        if (database is null) variables.Complain("JUKE_DATABASE must be set to a PostgreSQL connection string.");
        else if (!IsConnectionString(database)) variables.Complain("JUKE_DATABASE is not a PostgreSQL connection string (Host=…;Database=…;Username=…).");

        var mailFrom = variables.Get("JUKE_MAIL_FROM") ?? Sender;
        if (!System.Net.Mail.MailAddress.TryCreate(mailFrom, out _)) variables.Complain("JUKE_MAIL_FROM must be an address, for example Juke <no-reply@example.com>.");

        var iterations = variables.Number("JUKE_HASH_ITERATIONS", ProductionHashIterations, 1, 10_000_000);
        if (production && iterations < ProductionHashIterations)
            variables.Complain($"JUKE_HASH_ITERATIONS must be at least {ProductionHashIterations} in production.");

        var onboarding = OnboardingDefinition.FromSetting(variables.Get("JUKE_ONBOARDING_REQUIRED"), out var onboardingError);
        if (onboardingError is not null) variables.Complain(onboardingError);

        var settings = new Settings
        {
            IsProduction = production,
            Url = url,
            PublicUrl = publicUrl,
            Database = database ?? "",
            Secrets = ReadSecrets(variables),
            Origins = ReadOrigins(variables),
            Mail = ReadMail(variables),
            MailFrom = mailFrom,
            Onboarding = onboarding,
            HashIterations = iterations,
            IdentifierRate = variables.Rate("JUKE_LIMIT_IDENTIFIER", UsualIdentifierRate),
            AddressRate = variables.Rate("JUKE_LIMIT_ADDRESS", UsualAddressRate),
            LongestDelay = TimeSpan.FromMilliseconds(variables.Number("JUKE_LIMIT_DELAY_MS", 4000, 0, 60_000)),
            Proxies = ReadProxies(variables),
            ReturnSchemes = ReadSchemes(variables),
            AllowOpenContract = variables.Flag("JUKE_ALLOW_OPEN_CONTRACT"),
            RegistrationIsOff = variables.Flag("JUKE_DISABLE_REGISTRATION"),
            Spotify = SpotifySettings.Read(variables),
            Google = GoogleSettings.Read(variables),
        };
        return variables.Complaints.Count == 0 ? (settings, []) : (null, variables.Complaints);
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

    private static List<byte[]> ReadSecrets(Variables variables)
    {
        var keys = new List<byte[]>();
        foreach (var part in variables.List("JUKE_SECRETS"))
        {
            var key = new byte[33];
            if (!Convert.TryFromBase64String(part, key, out var length) || length != 32)
            {
                variables.Complain("JUKE_SECRETS must be base64 keys of 32 bytes, newest first, separated by commas (make one: openssl rand -base64 32).");
                return keys;
            }
            keys.Add(key[..32]);
        }
        if (keys.Count == 0) variables.Complain("JUKE_SECRETS must be set: one or more base64 keys of 32 bytes (make one: openssl rand -base64 32).");
        return keys;
    }

    private static List<string> ReadOrigins(Variables variables)
    {
        var origins = new List<string>();
        foreach (var part in variables.List("JUKE_ORIGINS"))
        {
            if (Uri.TryCreate(part, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == part) origins.Add(part);
            else variables.Complain("JUKE_ORIGINS must be exact origins separated by commas, for example https://app.example.com (no path, no slash at the end, no *).");
        }
        return origins;
    }

    private static IReadOnlyList<string> ReadSchemes(Variables variables)
    {
        // Schemes that browsers and systems give a meaning of their own are never an app's.
        string[] never = ["http", "https", "javascript", "data", "file", "blob", "about", "view-source", "vbscript", "ftp", "ws", "wss", "intent", "mailto", "tel"];
        if (variables.Get("JUKE_RETURN_SCHEMES") is null) return UsualSchemes;
        var schemes = new List<string>();
        foreach (var part in variables.List("JUKE_RETURN_SCHEMES"))
        {
            if (Uri.CheckSchemeName(part) && !part.Any(char.IsUpper) && !never.Contains(part, StringComparer.Ordinal)) schemes.Add(part);
            else variables.Complain("JUKE_RETURN_SCHEMES must be schemes of apps separated by commas, for example juke,shotclock.");
        }
        return schemes;
    }

    private static Uri? ReadMail(Variables variables)
    {
        if (variables.Get("JUKE_MAIL") is not { } text)
        {
            if (variables.IsProduction) variables.Complain("JUKE_MAIL must be set in production: smtp://user:password@host:587 or file:///folder.");
            return null;
        }
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "smtp" or "file" && (uri.Scheme == "file" || uri.Host.Length > 0)) return uri;
        variables.Complain("JUKE_MAIL must be smtp://user:password@host:587 or file:///folder.");
        return null;
    }

    private static List<IPNetwork> ReadProxies(Variables variables)
    {
        var networks = new List<IPNetwork>();
        foreach (var part in variables.List("JUKE_PROXIES"))
        {
            if (IPNetwork.TryParse(part, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(part, out var address)) networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else variables.Complain("JUKE_PROXIES must be addresses or networks separated by commas, for example 10.0.0.0/8.");
        }
        return networks;
    }
}
