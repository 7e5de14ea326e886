using System.Text.Json.Nodes;
using Juke.Desk.Ledger;
using Juke.Testing;

namespace Juke.Ledger.Tests;

/// <summary>A copy of contract/ whose newest version is open, to try on.</summary>
internal sealed class ContractCopy : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("juke-contract-test-").FullName;

    public ContractCopy()
    {
        foreach (var file in Directory.GetFiles(Repository.ContractFolder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(root, Path.GetRelativePath(Repository.ContractFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        Folder = new ContractFolder(root);
        WriteVersions([Newest with { Ledger = null, Samples = null, Document = null }, .. Folder.Versions.Skip(1)]);
    }

    public ContractFolder Folder { get; }

    public VersionEntry Newest => Folder.Versions[0];

    public string Freeze(JsonNode document) => Folder.Freeze(document);

    public void WriteVersions(IEnumerable<VersionEntry> versions) => File.WriteAllText(Path.Combine(root, "versions.json"), VersionEntry.Write(versions));

    public string Read(string file) => File.ReadAllText(Path.Combine(root, file));

    public void Append(string file, string text) => File.AppendAllText(Path.Combine(root, file), text);

    public void Dispose() => Directory.Delete(root, recursive: true);
}
