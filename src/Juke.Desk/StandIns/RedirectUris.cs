namespace Juke.Desk.StandIns;

/// <summary>Which addresses an authorization may return to: exactly those registered, and any port of a loopback IP registered without one.</summary>
internal static class RedirectUris
{
    private static readonly string[] Loopbacks = ["http://127.0.0.1", "http://[::1]"];

    /// <summary>Whether it is one of the registered ones: letter for letter, with the port of a loopback IP left free where it was registered without one.</summary>
    public static bool Registered(string uri, IEnumerable<string> registered) =>
        registered.Any(known => uri == known || Loopbacks.Any(loopback => known.StartsWith(loopback + "/", StringComparison.Ordinal) && WithoutPort(uri, loopback) == known));

    /// <summary>Whether the answer would travel unprotected: plain http to anything but a loopback IP literal; <c>localhost</c> is none.</summary>
    public static bool Insecure(string uri) =>
        !Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Host == "localhost" || (parsed.Scheme == Uri.UriSchemeHttp && parsed.Host is not ("127.0.0.1" or "[::1]"));

    /// <summary>The address with these query members added.</summary>
    public static string With(string uri, params (string Name, string? Value)[] members) =>
        uri + (uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')
        + string.Join('&', members.Where(member => member.Value is not null).Select(member => $"{member.Name}={Uri.EscapeDataString(member.Value!)}"));

    private static string? WithoutPort(string uri, string loopback)
    {
        if (!uri.StartsWith(loopback + ":", StringComparison.Ordinal)) return null;
        var rest = uri[(loopback.Length + 1)..];
        var digits = rest.TakeWhile(char.IsAsciiDigit).Count();
        return digits is >= 1 and <= 5 ? loopback + rest[digits..] : null;
    }
}
