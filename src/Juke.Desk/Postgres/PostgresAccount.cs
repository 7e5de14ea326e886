namespace Juke.Desk.Postgres;

/// <summary>
/// Who PostgreSQL runs as. It refuses root, so root drops to the owner of an existing data folder, else to `postgres`, else to
/// `nobody`. An ordinary user stays itself.
/// </summary>
/// <param name="Prefix">Words put before a command so that it runs as that user.</param>
/// <param name="Owner">uid:gid that must own the data folder; null = ourselves.</param>
internal sealed record PostgresAccount(IReadOnlyList<string> Prefix, string? Owner)
{
    // The data folder may lie under one that this user cannot enter (/root is 0700). The smallest capability that helps comes
    // first; containers often keep only the second one.
    private static readonly string[][] Ways = [[], Capability("dac_read_search"), Capability("dac_override")];

    /// <summary>The account for a data folder, which exists and is handed over to it; null when that user cannot work there.</summary>
    public static async Task<PostgresAccount?> ForAsync(string data, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess) return new([], null);
        var owner = await OwnerAsync(data, cancel);
        await MustAsync(["chown", owner, data], cancel);
        var ids = owner.Split(':');
        foreach (var way in Ways)
        {
            string[] prefix = ["setpriv", $"--reuid={ids[0]}", $"--regid={ids[1]}", "--clear-groups", .. way];
            var probe = Path.Combine(data, ".juke-probe");
            var works = (await Tool.RunAsync([.. prefix, "touch", probe], cancel)).Worked;
            File.Delete(probe);
            if (works) return new(prefix, owner);
        }

        return null;
    }

    /// <summary>Hands a folder to this account.</summary>
    public Task OwnAsync(string folder, CancellationToken cancel) => Owner is null ? Task.CompletedTask : MustAsync(["chown", Owner, folder], cancel);

    private static async Task<string> OwnerAsync(string data, CancellationToken cancel)
    {
        var present = (await Tool.RunAsync(["stat", "-c", "%u:%g", data], cancel)).Output.Trim();
        if (present.Length > 0 && !present.StartsWith("0:", StringComparison.Ordinal)) return present;
        foreach (var name in (string[])["postgres", "nobody"])
        {
            var uid = await Tool.RunAsync(["id", "-u", name], cancel);
            var gid = await Tool.RunAsync(["id", "-g", name], cancel);
            if (uid.Worked && gid.Worked) return $"{uid.Output.Trim()}:{gid.Output.Trim()}";
        }

        throw new DeskException("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to drop to: run this as an ordinary user.");
    }

    private static async Task MustAsync(string[] command, CancellationToken cancel)
    {
        var answer = await Tool.RunAsync(command, cancel);
        if (!answer.Worked) throw new DeskException(answer.LastLine);
    }

    private static string[] Capability(string name) => [$"--inh-caps=-all,+{name}", $"--ambient-caps=-all,+{name}"];
}
