using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juke.Desk.Ledger;

/// <summary>
/// The folder <c>contract/</c>: the list of versions, their ledgers and samples, the document. Whatever writes here writes the
/// open version only; nothing touches a frozen one.
/// </summary>
public sealed class ContractFolder(string folder)
{
    private const string Document = ".openapi.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Its versions, newest first.</summary>
    public IReadOnlyList<VersionEntry> Versions => VersionEntry.Parse(File.ReadAllText(At("versions.json")));

    /// <summary>The lines of a version's ledger; none when it is not written yet.</summary>
    public IReadOnlyList<string> LedgerOf(string version) => File.Exists(At(version + ".wire")) ? File.ReadAllLines(At(version + ".wire")) : [];

    /// <summary>The samples of a version, by file name.</summary>
    public IReadOnlyDictionary<string, string> SamplesOf(string version) => Directory.Exists(At("samples", version))
        ? Directory.GetFiles(At("samples", version), "*.json").ToDictionary(f => Path.GetFileName(f), File.ReadAllText, StringComparer.Ordinal)
        : [];

    /// <summary>
    /// What is wrong with this folder, seen from what is served now. Empty when all is well; each complaint says what to do.
    /// </summary>
    public IReadOnlyList<string> Complaints(JsonNode served)
    {
        var versions = Versions;
        var complaints = VersionEntry.Complaints(versions).ToList();
        if (complaints.Count > 0) return complaints;

        var lines = WireLines.Of(served);
        foreach (var frozen in versions.Where(v => !v.IsOpen))
        {
            if (HashOf(frozen.Version + ".wire") != frozen.Ledger) complaints.Add($"contract/{frozen.Version}.wire is frozen, but its content is another. Put the file back; no command rewrites it.");
            if (HashOf(frozen.Version + Document) != frozen.Document) complaints.Add($"contract/{frozen.Version}{Document} is frozen, but its content is another. Put the file back; no command rewrites it.");
            if (HashOfSamples(frozen.Version) != frozen.Samples) complaints.Add($"contract/samples/{frozen.Version} is frozen, but its content is another. Put the files back; no command rewrites them.");
        }

        var newest = versions[0];
        var changes = WireChanges.Between(Before(versions), lines);
        if (changes.Count > 0) complaints.Add(Message(newest, changes));
        else if (LedgerOf(newest.Version).Count == 0) complaints.Add($"contract/{newest.Version}.wire is not written yet: run ./dev contract.");
        else if (newest.IsOpen && !SamplesOf(newest.Version).ToHashSet().SetEquals(Samples(served)))
            complaints.Add($"contract/samples/{newest.Version} does not hold what is served as examples. Run ./dev contract and read the diff.");
        if (changes.Count == 0 && File.ReadAllText(At("openapi.json")).TrimEnd() != Text(served).TrimEnd())
            complaints.Add("contract/openapi.json is not the document that is served. Run ./dev contract and read the diff.");

        // Served as frozen: to a client of the newest frozen version nothing may be taken away.
        if (newest.IsOpen && versions.FirstOrDefault(v => !v.IsOpen) is { } last && WireChanges.Between(LedgerOf(last.Version), lines).Where(c => c.IsBreaking).ToList() is { Count: > 0 } breaking)
            complaints.Add(
                $"Version {last.Version} is frozen and still served, but clients of it would break:\n{List(breaking)}\n"
                + $"Two ways out: put it back, or serve {last.Version} as it was beside the new shape (per-version code, contract §9), and teach this check the document of each version.");
        return complaints;
    }

    /// <summary>Writes the open version's ledger and samples, and the document.</summary>
    /// <returns>What changed in the ledger.</returns>
    /// <exception cref="DeskException">No version is open and the wire changed, or the list is wrong.</exception>
    public IReadOnlyList<WireChange> Write(JsonNode served)
    {
        var versions = Sound();
        var newest = versions[0];
        var lines = WireLines.Of(served);
        var changes = WireChanges.Between(Before(versions), lines);
        if (!newest.IsOpen && changes.Count > 0) throw new DeskException(Message(newest, changes));
        if (newest.IsOpen)
        {
            File.WriteAllText(At(newest.Version + ".wire"), string.Concat(lines.Select(l => l + "\n")));
            if (Directory.Exists(At("samples", newest.Version))) Directory.Delete(At("samples", newest.Version), recursive: true);
            Directory.CreateDirectory(At("samples", newest.Version));
            foreach (var (name, text) in Samples(served)) File.WriteAllText(At("samples", newest.Version, name), text);
        }
        File.WriteAllText(At("openapi.json"), Text(served));
        return changes;
    }

    /// <summary>Closes the open version: keeps its document beside its ledger and writes the hashes of all. It must be written down as it is served.</summary>
    /// <exception cref="DeskException">Nothing is open, or the ledger is not what is served.</exception>
    public string Freeze(JsonNode served)
    {
        var versions = Sound();
        var newest = versions[0];
        if (!newest.IsOpen) throw new DeskException($"No version is open: {newest.Version} is frozen already.");
        if (Complaints(served) is { Count: > 0 } complaints) throw new DeskException("Not frozen. " + string.Join("\n", complaints));
        // A later version overwrites openapi.json; who builds on this one keeps its document.
        File.Copy(At("openapi.json"), At(newest.Version + Document), overwrite: true);
        var hashes = newest with { Ledger = HashOf(newest.Version + ".wire"), Samples = HashOfSamples(newest.Version), Document = HashOf(newest.Version + Document) };
        File.WriteAllText(At("versions.json"), VersionEntry.Write([hashes, .. versions.Skip(1)]));
        return newest.Version;
    }

    /// <summary>Opens a version on top.</summary>
    /// <param name="version">Its date; null for today, or the day after the newest where that one is of today or later.</param>
    /// <param name="today">Today.</param>
    /// <returns>Its date.</returns>
    /// <exception cref="DeskException">One is open already, or the date is not later than the newest.</exception>
    public string Open(string? version, DateOnly today)
    {
        var versions = Sound();
        if (version is null)
        {
            var next = DateOnly.ParseExact(versions[0].Version, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(1);
            version = (next > today ? next : today).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }
        if (versions[0].IsOpen) throw new DeskException($"{versions[0].Version} is open already, and at most one is: freeze it first (./dev contract freeze), or put the change into it.");
        List<VersionEntry> longer = [new(version), .. versions];
        if (VersionEntry.Complaints(longer).FirstOrDefault() is { } complaint) throw new DeskException(complaint);
        File.WriteAllText(At("versions.json"), VersionEntry.Write(longer));
        return version;
    }

    // A version that was just opened has no ledger yet: it starts from the one below.
    private IReadOnlyList<string> Before(IReadOnlyList<VersionEntry> versions) => versions.Select(v => LedgerOf(v.Version)).FirstOrDefault(l => l.Count > 0) ?? [];

    private IReadOnlyList<VersionEntry> Sound() => VersionEntry.Complaints(Versions).ToList() is { Count: > 0 } complaints ? throw new DeskException(string.Join("\n", complaints)) : Versions;

    private static string Message(VersionEntry newest, IReadOnlyList<WireChange> changes) =>
        newest.IsOpen
            ? $"What is served is not what contract/{newest.Version}.wire says:\n{List(changes)}\n"
                + $"Two ways out: put it back, or keep it: {newest.Version} is open, so ./dev contract writes it down; read the diff and commit it with the change."
            : $"Version {newest.Version} is frozen, and the wire changed:\n{List(changes)}\n"
                + "Two ways out: put it back, or open a version for it: ./dev contract open, then commit what it writes with the change.";

    private static string List(IEnumerable<WireChange> changes) => string.Join('\n', changes.Select(c => "  " + c));

    private static string Text(JsonNode served) => served.ToJsonString(Indented) + "\n";

    /// <summary>The examples of the document as files: one for each type of body, one for each problem code.</summary>
    private static Dictionary<string, string> Samples(JsonNode served)
    {
        var codes = served["components"]!["schemas"]!["ProblemBody"]!["x-juke-statuses"]!.AsObject();
        return WireLines.Entries(served["components"]!["examples"]).ToDictionary(
            e => (codes.ContainsKey(e.Key.Split('.')[0]) ? "ProblemBody." : "") + e.Key + ".json",
            e => Text(e.Value!["value"]!),
            StringComparer.Ordinal);
    }

    private string? HashOf(string file) => File.Exists(At(file)) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(At(file)))) : null;

    private string HashOfSamples(string version) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(SamplesOf(version).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}\n{s.Value}\n")))));

    private string At(params string[] parts) => Path.Combine([folder, .. parts]);
}
