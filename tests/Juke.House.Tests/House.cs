using System.Text.RegularExpressions;

namespace Juke.House.Tests;

/// <summary>The files of this working copy.</summary>
internal static partial class House
{
    public static string Root => Testing.Repository.Root;

    /// <summary>Files under a folder with one of these endings, as paths from the root; nothing that is built.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings) =>
        Directory.Exists(Path.Combine(Root, folder))
            ? Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
                .Where(f => endings.Contains(Path.GetExtension(f), StringComparer.Ordinal) && !Built().IsMatch(f))
                .Order(StringComparer.Ordinal)
            : [];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>C# without its comments: a name in a comment is no arrow.</summary>
    public static string Code(string path) => Comment().Replace(Read(path), "");

    [GeneratedRegex("(^|/)(bin|obj|artifacts|node_modules)/")]
    private static partial Regex Built();

    // A line comment that does not stand inside an address such as https://…
    [GeneratedRegex(@"(?<![:""])//[^\n]*|/\*.*?\*/|@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
