using System.Text.Json;

namespace Juke.Contract;

/// <summary>One version of <c>contract/versions.json</c>.</summary>
/// <param name="Date">Its name, <c>yyyy-MM-dd</c>.</param>
/// <param name="Ledger">SHA-256 of its ledger <c>contract/&lt;date&gt;.wire</c>, lower-case hex; null while it is open.</param>
/// <param name="Samples">SHA-256 over its samples, lower-case hex; null while it is open.</param>
/// <param name="Document">SHA-256 of its document <c>contract/&lt;date&gt;.openapi.json</c>, lower-case hex; null while it is open.</param>
public sealed record DatedVersion(string Date, string? Ledger, string? Samples, string? Document)
{
    /// <summary>Whether its shapes may still change. Only the newest can be open.</summary>
    public bool IsOpen => Ledger is null;
}

/// <summary>
/// The dated versions of the wire contract (rules W1 and W2 in <c>contract/CONTRACT.md</c>). The list is the file
/// <c>contract/versions.json</c>, built into this assembly: what is served and what is written down cannot differ.
/// </summary>
public static class ContractVersion
{
    /// <summary>Header on every reply, and optional on a request: a date of <see cref="All"/>.</summary>
    public const string Header = "Juke-Contract";

    /// <summary>Every version that is served, newest first, with what it was frozen as.</summary>
    public static IReadOnlyList<DatedVersion> Versions { get; } = Read();

    /// <summary>The names of <see cref="Versions"/>, newest first.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Versions.Select(v => v.Date)];

    /// <summary>The newest version that is known, as <c>yyyy-MM-dd</c>: what replies name. No change broke another yet, so one shape serves all.</summary>
    public static string Current => All[0];

    /// <summary>The version whose shapes may still change, or null when all are frozen. Production does not serve one.</summary>
    public static string? Open => Versions[0].IsOpen ? Current : null;

    private static List<DatedVersion> Read()
    {
        using var file = typeof(ContractVersion).Assembly.GetManifestResourceStream("versions.json")!;
        using var json = JsonDocument.Parse(file);
        return [.. json.RootElement.EnumerateArray().Select(v => new DatedVersion(v.GetProperty("version").GetString()!, Text(v, "ledger"), Text(v, "samples"), Text(v, "document")))];

        static string? Text(JsonElement version, string name) => version.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
