namespace Juke.Contract;

/// <summary>The dated versions of the wire contract (rules V1 and V2 in <c>contract/CONTRACT.md</c>).</summary>
public static class ContractVersion
{
    /// <summary>Header on every reply, and optional on a request: a date of <see cref="All"/>.</summary>
    public const string Header = "Juke-Contract";

    /// <summary>Every version that is served, newest first. The newest is open until the Juke dialect is whole.</summary>
    public static IReadOnlyList<string> All { get; } = ["2026-11-21"];

    /// <summary>The version that replies are written in, as <c>yyyy-MM-dd</c>.</summary>
    public static string Current => All[0];
}
