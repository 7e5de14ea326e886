using System.Globalization;

namespace Juke.Server.Plumbing;

/// <summary>Reads settings from the environment and collects what is wrong with them: one line each, that names the variable and what it should be.</summary>
internal sealed class Variables
{
    private readonly Func<string, string?> variable;
    private readonly List<string> complaints = [];

    public Variables(Func<string, string?> variable)
    {
        this.variable = variable;
        var environment = Get("JUKE_ENVIRONMENT") ?? "production";
        if (environment is not ("production" or "development")) Complain("JUKE_ENVIRONMENT must be 'production' or 'development'.");
        IsProduction = environment != "development";
    }

    public bool IsProduction { get; }

    public IReadOnlyList<string> Complaints => complaints;

    public void Complain(string complaint) => complaints.Add(complaint);

    /// <summary>Its trimmed text; null where it is not set or blank.</summary>
    public string? Get(string name) => variable(name) is { } text && text.Trim().Length > 0 ? text.Trim() : null;

    /// <summary>What stands between commas.</summary>
    public IReadOnlyList<string> List(string name) => (Get(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public bool Flag(string name, bool otherwise = false)
    {
        if (Get(name) is not { } text) return otherwise;
        if (text is not ("0" or "1")) Complain($"{name} must be 1 or 0.");
        return text == "1";
    }

    public int Number(string name, int otherwise, int least, int most)
    {
        if (Get(name) is not { } text) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Complain($"{name} must be a whole number from {least} to {most}.");
        return otherwise;
    }

    public Rate Rate(string name, Rate otherwise)
    {
        if (Get(name) is not { } text) return otherwise;
        if (Plumbing.Rate.TryParse(text, out var rate)) return rate;
        Complain($"{name} must be COUNT/SECONDS, for example {otherwise.Count}/{otherwise.Per.TotalSeconds:0}.");
        return otherwise;
    }

    public Uri HttpUrl(string name, Uri otherwise)
    {
        if (Get(name) is not { } text) return otherwise;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.AbsolutePath == "/" && uri.Query.Length == 0) return uri;
        Complain($"{name} must be an http(s) address without a path, for example http://127.0.0.1:5080.");
        return otherwise;
    }

    /// <summary>A provider's own address, or in development another one: production speaks to nobody else.</summary>
    public Uri Address(string name, string own)
    {
        var text = Get(name) ?? own;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.PathAndQuery == "/")
        {
            if (!IsProduction || uri == new Uri(own)) return uri;
            Complain($"{name} can be changed in development only; in production it is {own}.");
        }
        else Complain($"{name} must be an address without a path, for example {own}.");
        return new Uri(own);
    }
}
