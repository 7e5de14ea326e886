using System.ComponentModel;
using System.Diagnostics;

namespace Juke.Cli.Doors;

/// <summary>Opens an address in the person's own browser.</summary>
internal static class SystemBrowser
{
    /// <summary>False when there is none to be seen: a server, a container, a remote shell.</summary>
    public static bool Open(Uri address)
    {
        var browser = Environment.GetEnvironmentVariable("BROWSER");
        if (string.IsNullOrEmpty(browser) && OperatingSystem.IsLinux() && !HasScreen()) return false;
        var start = OperatingSystem.IsWindows() && string.IsNullOrEmpty(browser)
            ? new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true }
            : new ProcessStartInfo(string.IsNullOrEmpty(browser) ? OperatingSystem.IsMacOS() ? "open" : "xdg-open" : browser, [address.AbsoluteUri])
            {
                // What it says is not ours to show, and must not stand in our answer.
                RedirectStandardOutput = true, RedirectStandardError = true,
            };
        try
        {
            using var process = Process.Start(start);
            return true;
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException)
        {
            return false;
        }
    }

    private static bool HasScreen() =>
        Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };
}
