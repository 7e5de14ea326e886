namespace Juke.Testing;

/// <summary>The files of this working tree, for tests that read the house's own text.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string ContractFolder => Path.Combine(Root, "contract");

    /// <summary>Files under a folder of the tree, without what builds leave behind; names are relative to <see cref="Root"/>, with slashes.</summary>
    public static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Juke.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run inside the working tree: no Juke.slnx above " + AppContext.BaseDirectory);
    }
}
