using Juke.Contract;

namespace Juke.Server.Web;

/// <summary>Where to go on after signing in: a path of this site and nothing else, or the page would be an open redirector (RFC 9700 §2.1).</summary>
internal static class NextPath
{
    private const int MaxLength = 2000;

    private static readonly Uri Site = new("http://juke.invalid/");

    /// <summary>The path and query, percent-encoded as a Location header needs them; null when the text is anything else.</summary>
    public static string? Check(string? text)
    {
        if (text is not { Length: >= 1 and <= MaxLength } || text[0] != '/' || !Text.IsWellFormed(text)) return null;
        // Browsers read \ as /, and drop tabs and line breaks: //host would be somewhere else.
        if (text.StartsWith("//", StringComparison.Ordinal) || text.Contains('\\') || text.Any(char.IsControl)) return null;
        if (!Uri.TryCreate(Site, text, out var target) || target.Scheme != Site.Scheme || target.Authority != Site.Authority) return null;
        return target.AbsolutePath.StartsWith("//", StringComparison.Ordinal) ? null : target.PathAndQuery;
    }

    /// <summary>The checked <c>next</c> of a request's query.</summary>
    public static string? Of(HttpRequest request) => request.Query["next"] is { Count: 1 } next ? Check(next[0]) : null;
}
