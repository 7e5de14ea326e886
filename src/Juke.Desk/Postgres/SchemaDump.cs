using System.Text;
using System.Text.RegularExpressions;

namespace Juke.Desk.Postgres;

/// <summary>The shape of a database as text that is the same on every machine: what db/schema.sql holds.</summary>
public static partial class SchemaDump
{
    /// <summary>Dumps one database of a cluster with pg_dump and normalises the text.</summary>
    /// <exception cref="DeskException">pg_dump failed; the message is its last line.</exception>
    public static async Task<string> ReadAsync(PostgresCluster cluster, string database, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var answer = await Tool.RunAsync(
          [Path.Combine(cluster.BinFolder, "pg_dump"), "-h", cluster.SocketFolder, "-U", PostgresCluster.User, "--schema-only", "--no-owner", "--no-privileges", database], cancel);
        return answer.Worked ? Normalise(answer.Output) : throw new DeskException($"pg_dump failed: {answer.LastLine}");
    }

    /// <summary>
    /// Drops what differs between machines and versions of pg_dump (its comments, SET lines, \restrict keys) and collapses runs of
    /// blank lines. Function bodies stay as they are.
    /// </summary>
    public static string Normalise(string dump)
    {
        ArgumentNullException.ThrowIfNull(dump);
        var text = new StringBuilder();
        var inBody = false;
        var blank = true;
        foreach (var line in dump.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()))
        {
            if (!inBody && Noise().IsMatch(line)) continue;
            if (DollarQuote().Count(line) % 2 == 1) inBody = !inBody;
            if (line.Length == 0 && blank) continue;
            blank = line.Length == 0;
            text.Append(line).Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    [GeneratedRegex(@"^(--( (Name|PostgreSQL database|Dumped).*)?$|SET \w+ = |SELECT pg_catalog\.set_config\(|\\(un)?restrict )", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Noise();

    [GeneratedRegex(@"\$\w*\$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DollarQuote();
}
