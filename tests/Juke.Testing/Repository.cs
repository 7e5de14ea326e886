namespace Juke.Testing;

/// <summary>The source folder that this build came from.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    public static string ContractFolder => Path.Combine(Root, "contract");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Juke.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}
