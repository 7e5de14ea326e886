using Juke.Server.Plumbing;

namespace Juke.Server.SignUp;

/// <summary>
/// Where old apps may be sent back to after a trip (legacy-wire A.5): a page of an allowed origin, our own, or an app by its own
/// scheme. Anything else would make the callback an open redirector (RFC 9700 §2.1).
/// </summary>
internal sealed class ReturnTargets(Settings settings)
{
    private const int MaxLength = 2000;

    /// <summary>The address as it came when it is allowed, else null.</summary>
    public string? Check(string? text)
    {
        // What browsers read differently than Uri does: spaces, control characters, backslashes and anything beyond ASCII.
        if (text is not { Length: > 0 and <= MaxLength } || text.Any(c => c is <= ' ' or >= '\u007f' or '\\' or '"' or '<' or '>' or '^' or '`' or '{' or '|' or '}')) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0) return null;
        if (settings.ReturnSchemes.Contains(uri.Scheme, StringComparer.Ordinal)) return text;
        var origin = uri.GetLeftPart(UriPartial.Authority);
        return origin == settings.PublicUrl.GetLeftPart(UriPartial.Authority) || settings.Origins.Contains(origin, StringComparer.Ordinal) ? text : null;
    }
}
