namespace Juke.Cli.Tests.Conformance;

/// <summary>Node, for the sample in JavaScript: the machine's own, else the one that Playwright brings to the browser tests.</summary>
internal static class NodeProgram
{
    public static string Find()
    {
        var name = OperatingSystem.IsWindows() ? "node.exe" : "node";
        var own = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (own is not null) return own;
        var browserTests = Path.Combine(Repository.Root, "artifacts", "bin", "Juke.Web.Tests");
        return Directory.Exists(browserTests) && Directory.EnumerateFiles(browserTests, name, SearchOption.AllDirectories).FirstOrDefault() is { } brought
            ? brought
            : throw new InvalidOperationException("There is no node: install it, or build Juke.Web.Tests, which brings one.");
    }
}
