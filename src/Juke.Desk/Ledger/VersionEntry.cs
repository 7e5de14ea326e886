using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Juke.Desk.Ledger;

/// <summary>One entry of contract/versions.json.</summary>
/// <param name="Version">Its name, <c>yyyy-MM-dd</c>.</param>
/// <param name="Ledger">SHA-256 of its ledger, lower-case hex; null while it is open.</param>
/// <param name="Samples">SHA-256 over its samples; null while it is open.</param>
/// <param name="Document">SHA-256 of its OpenAPI document as it was when it was frozen; null while it is open.</param>
public sealed record VersionEntry(
    [property: JsonPropertyName("version")] string Version,
    [property: JsonPropertyName("ledger"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Ledger = null,
    [property: JsonPropertyName("samples"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Samples = null,
    [property: JsonPropertyName("document"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Document = null)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Whether its shapes may still change.</summary>
    [JsonIgnore]
    public bool IsOpen => Ledger is null;

    /// <summary>Reads the list, newest first.</summary>
    public static IReadOnlyList<VersionEntry> Parse(string json) => JsonSerializer.Deserialize<List<VersionEntry>>(json, Options)!;

    /// <summary>The list as the file has it.</summary>
    public static string Write(IEnumerable<VersionEntry> versions) => JsonSerializer.Serialize(versions, Options) + "\n";

    /// <summary>What is wrong with a list, a sentence each.</summary>
    public static IEnumerable<string> Complaints(IReadOnlyList<VersionEntry> versions)
    {
        ArgumentNullException.ThrowIfNull(versions);
        if (versions.Count == 0) yield return "contract/versions.json names no version.";
        foreach (var entry in versions)
        {
            if (!DateOnly.TryParseExact(entry.Version, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                yield return $"contract/versions.json: {entry.Version} is not a date like 2026-11-21.";
            if (entry.IsOpen != entry.Samples is null || entry.IsOpen != entry.Document is null) yield return $"contract/versions.json: {entry.Version} has not all of its three hashes; freezing writes them.";
        }
        foreach (var (newer, older) in versions.Zip(versions.Skip(1)))
        {
            if (string.CompareOrdinal(newer.Version, older.Version) <= 0) yield return $"contract/versions.json: {newer.Version} stands above {older.Version}, but newest comes first.";
            if (older.IsOpen) yield return $"contract/versions.json: {older.Version} is open below {newer.Version}; at most one version is open, the newest. Freeze {older.Version} first (./dev contract freeze).";
        }
    }

    /// <summary>What a later list did to an earlier one that it may not: frozen entries stay as they were frozen.</summary>
    public static IEnumerable<string> Broken(IEnumerable<VersionEntry> earlier, IReadOnlyList<VersionEntry> later) =>
        earlier.Where(e => !e.IsOpen && !later.Contains(e))
            .Select(e => $"contract/versions.json: {e.Version} was frozen as {e.Ledger![..12]}… and is not any more. Frozen is frozen: put the entry back; a change needs a new version (./dev contract open).");
}
