namespace Juke.Cli;

/// <summary>Where this machine keeps its sign-ins: state by the XDG base directory specification, one file for each server.</summary>
internal static class StateFolder
{
    /// <summary>The token file for a server: a token goes nowhere but to the server that gave it.</summary>
    public static string TokenFile(Uri server, Func<string, string?> variable) => Path.Combine(Of(variable), "juke", $"session-{server.Scheme}-{Name(server.IdnHost)}-{server.Port}");

    private static string Of(Func<string, string?> variable)
    {
        // The specification: a relative path counts as not set.
        if (variable("XDG_STATE_HOME") is { } state && Path.IsPathFullyQualified(state)) return state;
        if (OperatingSystem.IsWindows()) return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return variable("HOME") is { } home && Path.IsPathFullyQualified(home)
            ? Path.Combine(home, ".local", "state")
            : throw Refusal.WrongWords("Set HOME or XDG_STATE_HOME: there is no place to keep the sign-in.");
    }

    private static string Name(string host) => string.Concat(host.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
}
