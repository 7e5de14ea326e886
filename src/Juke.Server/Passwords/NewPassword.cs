using System.Collections.Frozen;
using System.Reflection;
using Juke.Contract;

namespace Juke.Server.Passwords;

/// <summary>Whether a password may be set: the rules of <see cref="Password"/> and a blocklist of the commonest (ASVS 6.2.4).</summary>
internal static class NewPassword
{
    private static readonly Lazy<FrozenSet<string>> Commonest = new(ReadList);

    /// <summary>Null when fine, else a sentence for the person.</summary>
    public static string? Check(string? password) =>
        Password.Check(password) ?? (IsCommon(password!) ? "The password is too common" : null);

    /// <summary>Whether the list blocks it, in any case.</summary>
    public static bool IsCommon(string password) => Commonest.Value.Contains(password.ToLowerInvariant());

    /// <summary>How many passwords the list blocks.</summary>
    public static int ListLength => Commonest.Value.Count;

    private static FrozenSet<string> ReadList()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("common-passwords.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToFrozenSet(StringComparer.Ordinal);
    }
}
