using System.Globalization;

namespace Juke.Desk.Postgres;

/// <summary>
/// postmaster.pid, as PostgreSQL writes it: pid, data folder, start time, port, socket folder, one a line
/// (https://www.postgresql.org/docs/15/storage-file-layout.html).
/// </summary>
internal sealed record PostmasterFile(string Path, int Pid, string? SocketFolder)
{
    public static PostmasterFile? Read(string data)
    {
        var path = System.IO.Path.Combine(data, "postmaster.pid");
        try
        {
            var lines = File.ReadAllLines(path);
            // A crash can leave it empty or cut short; that is a stale file like any other.
            var pid = lines.Length > 0 && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var number) ? number : -1;
            return new(path, pid, lines.Length > 4 && lines[4].Length > 0 ? lines[4] : null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether that pid is a PostgreSQL of this very folder. PostgreSQL itself only asks whether the pid lives, so after a reboot
    /// an innocent process with the same number would keep it from starting.
    /// </summary>
    public async Task<bool> IsLiveAsync(CancellationToken cancel)
    {
        if (Pid <= 0) return false;
        var command = await CommandLineAsync(cancel);
        return command.Contains("postgres", StringComparison.Ordinal)
          && command.Contains(System.IO.Path.GetDirectoryName(Path)!, StringComparison.Ordinal);
    }

    private async Task<string> CommandLineAsync(CancellationToken cancel)
    {
        if (!Directory.Exists("/proc/self")) return (await Tool.RunAsync(["ps", "-p", $"{Pid}", "-o", "command="], cancel)).Output;
        try
        {
            // Empty for a zombie, which is what we want.
            return (await File.ReadAllTextAsync($"/proc/{Pid}/cmdline", cancel)).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
