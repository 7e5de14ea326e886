using System.Globalization;

namespace Juke.Desk.Postgres;

/// <summary>Where PostgreSQL's programs are on this machine.</summary>
internal static class PostgresBinaries
{
    private const string Missing = "PostgreSQL is not installed: `apt-get install postgresql` (Debian), `brew install postgresql@17` (macOS), or name its bin folder in JUKE_PG_BIN.";

    /// <summary>Finds the folder of postgres, initdb and pg_dump.</summary>
    /// <param name="major">The version that an existing data folder needs; null = the newest.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<string> FindAsync(string? major, CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable("JUKE_PG_BIN") is { Length: > 0 } named)
            return Complete(named) ? named : throw new DeskException($"JUKE_PG_BIN is {named}, but there is no postgres and initdb in it.");

        var found = Installed().Where(Complete).ToList();
        if (found.Count == 0)
        {
            var asked = await Tool.RunAsync(["pg_config", "--bindir"], cancel);
            if (asked.Worked && Complete(asked.Output.Trim())) found.Add(asked.Output.Trim());
        }

        if (found.Count == 0) throw new DeskException(Missing);
        if (major is null) return found[0];
        foreach (var bin in found)
        {
            var version = await Tool.RunAsync([Path.Combine(bin, "postgres"), "--version"], cancel);
            if (version.Output.Contains($") {major}.", StringComparison.Ordinal)) return bin;
        }

        throw new DeskException($"The desk's database was made by PostgreSQL {major}, which is not installed here: install it, or set JUKE_DATA to a new folder.");
    }

    // Newest first; Debian and the PGDG packages, then Homebrew on Apple silicon and on Intel.
    private static IEnumerable<string> Installed() =>
      Versions("/usr/lib/postgresql", "")
        .Concat(Versions("/opt/homebrew/opt", "postgresql@"))
        .Concat(Versions("/usr/local/opt", "postgresql@"));

    private static IEnumerable<string> Versions(string parent, string prefix) =>
      !Directory.Exists(parent)
        ? []
        : Directory.EnumerateDirectories(parent, prefix + "*")
          .OrderByDescending(folder => decimal.TryParse(Path.GetFileName(folder)[prefix.Length..], CultureInfo.InvariantCulture, out var version) ? version : -1)
          .Select(folder => Path.Combine(folder, "bin"));

    private static bool Complete(string bin) => File.Exists(Path.Combine(bin, "postgres")) && File.Exists(Path.Combine(bin, "initdb"));
}
