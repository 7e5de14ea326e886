using System.ComponentModel;
using System.Diagnostics;

namespace Juke.Cli.Doors;

/// <summary>Opens an address in the person's own browser.</summary>
internal static class SystemBrowser
{
    /// <summary>What it says is not ours to show, and must not stand in our answer. No word of it is read by the shell.</summary>
    private const string Quietly = "exec \"$0\" \"$1\" >/dev/null 2>&1";

    /// <summary>False when there is none to be seen: a server, a container, a remote shell.</summary>
    public static bool Open(Uri address)
    {
        if (OperatingSystem.IsWindows()) return Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true });
        return Find() is { } browser && Start(new ProcessStartInfo("/bin/sh", ["-c", Quietly, browser, address.AbsoluteUri]));
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("BROWSER") is { Length: > 0 } own) return OnPath(own);
        if (OperatingSystem.IsMacOS()) return OnPath("open");
        var hasScreen = Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };
        return hasScreen ? OnPath("xdg-open") : null;
    }

    private static string? OnPath(string program) =>
        Path.IsPathFullyQualified(program)
            ? File.Exists(program) ? program : null
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static bool Start(ProcessStartInfo start)
    {
        try
        {
            using var process = Process.Start(start);
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
