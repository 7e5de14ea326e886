using Npgsql;

namespace Juke.Desk.Up;

/// <summary>The settings of a desk, from the environment; README has the table. Everything has a default here, nothing has one in production.</summary>
/// <param name="Url">Where the server listens (JUKE_URL).</param>
/// <param name="Data">The desk's folder (JUKE_DATA).</param>
/// <param name="Database">A connection string of your own (JUKE_DATABASE); null = a private cluster in <paramref name="Data"/>.</param>
/// <param name="Secrets">Keys, comma separated (JUKE_SECRETS); null = made once and kept in <paramref name="Data"/>.</param>
/// <param name="Mail">Where mail goes (JUKE_MAIL).</param>
/// <param name="Environment">JUKE_ENVIRONMENT.</param>
internal sealed record DeskSettings(Uri Url, string Data, string? Database, string? Secrets, string Mail, string Environment)
{
    /// <summary>The address that people use (JUKE_PUBLIC_URL); where the providers send browsers back to.</summary>
    public required Uri PublicUrl { get; init; }

    /// <summary>A Spotify app of your own (JUKE_SPOTIFY_CLIENT_ID): no stand-in starts, all of its settings are the server's to read.</summary>
    public bool OwnSpotify { get; init; }

    /// <summary>Google clients of your own (JUKE_GOOGLE_CLIENT_IDS): likewise.</summary>
    public bool OwnGoogle { get; init; }

    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Reads and checks them.</summary>
    /// <exception cref="DeskException">One is wrong; the line names it and never quotes a secret.</exception>
    public static DeskSettings Read(Func<string, string?> variable)
    {
        string? Set(string name) => variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

        var url = Set("JUKE_URL") ?? DefaultUrl;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
            throw Wrong($"JUKE_URL is {url}, but must be like {DefaultUrl}.");

        var data = Path.GetFullPath(Set("JUKE_DATA") ?? ".juke");
        return new(
          uri,
          data,
          Set("JUKE_DATABASE") is { } database ? CheckedDatabase(database) : null,
          Set("JUKE_SECRETS") is { } secrets ? CheckedKeys(secrets) : null,
          Set("JUKE_MAIL") is { } mail ? CheckedMail(mail) : $"file://{Path.Combine(data, "mailbox")}",
          Set("JUKE_ENVIRONMENT") ?? "development")
        {
            // A wrong one is the server's to refuse, with its own words.
            PublicUrl = Uri.TryCreate(Set("JUKE_PUBLIC_URL"), UriKind.Absolute, out var open) ? open : uri,
            OwnSpotify = Set("JUKE_SPOTIFY_CLIENT_ID") is not null,
            OwnGoogle = Set("JUKE_GOOGLE_CLIENT_IDS") is not null,
        };
    }

    private static string CheckedDatabase(string text)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(text);
            return text;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw Wrong("JUKE_DATABASE is not a connection string: it must be like Host=127.0.0.1;Database=juke;Username=juke;Password=….");
        }
    }

    private static string CheckedKeys(string text)
    {
        var key = new byte[33];
        return text.Split(',', StringSplitOptions.TrimEntries).All(part => Convert.TryFromBase64String(part, key, out var length) && length == 32)
          ? text
          : throw Wrong("JUKE_SECRETS must be base64 of 32 bytes, one or more, comma separated, newest first: `openssl rand -base64 32` makes one.");
    }

    private static string CheckedMail(string text) =>
      Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "file" or "smtp" or "smtps"
        ? text
        : throw Wrong("JUKE_MAIL must be smtp://host:port or file:///folder.");

    private static DeskException Wrong(string line) => new(line) { ExitCode = 2 };
}
