using System.Globalization;
using System.Text;

namespace Juke.Contract;

/// <summary>
/// The username as a person may choose it: 3–50 code points after trimming, stored in NFC; letters, combining marks
/// after a letter, decimal digits, <c>_</c> and <c>-</c>; Latin, Greek and Cyrillic do not mix; a few names are reserved
/// because they are paths (contract rules U1–U4). Imported names are not held to this.
/// </summary>
public static class Username
{
    /// <summary>Fewest code points.</summary>
    public const int MinLength = 3;

    /// <summary>Most code points.</summary>
    public const int MaxLength = 50;

    /// <summary>Names that are paths of the API and therefore nobody's.</summary>
    public static IReadOnlyList<string> Reserved { get; } = ["me", "search", "globe"];

    /// <summary>
    /// Unicode White_Space, spelled out because a name made only of these counts as none (contract §3), and SQL and C#
    /// must agree on the list. The view <c>accounts</c> holds the same characters.
    /// </summary>
    public const string WhiteSpace =
        "\u0009\u000A\u000B\u000C\u000D\u0020\u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000";

    private static readonly char[] WhiteSpaceChars = WhiteSpace.ToCharArray();

    /// <summary>
    /// Canonical text of a chosen name, or the reason why it cannot be chosen.
    /// </summary>
    /// <param name="input">What was typed; null counts as empty.</param>
    /// <param name="canonical">Trimmed NFC text when the method returns null, else empty.</param>
    /// <returns>Null when fine, else a sentence for the person.</returns>
    public static string? Check(string? input, out string canonical)
    {
        canonical = "";
        if (!Text.IsWellFormed(input ?? "")) return "Username contains characters that cannot be stored";
        var name = Text.Normalize((input ?? "").Trim(WhiteSpaceChars), NormalizationForm.FormC);
        var length = name.EnumerateRunes().Count();
        if (length < MinLength) return "Username must be at least 3 characters long";
        if (length > MaxLength) return "Username must be at most 50 characters long";
        if (!HasAllowedCharacters(name)) return "Username can only contain letters, numbers, underscores, and hyphens";
        if (MixesScripts(name)) return "Username cannot mix Latin, Greek and Cyrillic letters";
        if (Reserved.Contains(Key(name), StringComparer.Ordinal)) return "Username is reserved";
        canonical = name;
        return null;
    }

    /// <summary>The form in which two names are the same name: NFKC, invariant lower case (contract §2).</summary>
    public static string Key(string name) => Text.Key(name);

    private static bool HasAllowedCharacters(string name)
    {
        var afterLetter = false;
        foreach (var rune in name.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                    or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter:
                    afterLetter = true;
                    break;
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark when afterLetter:
                    break;
                case UnicodeCategory.DecimalDigitNumber:
                    afterLetter = false;
                    break;
                default:
                    if (rune.Value is not ('_' or '-')) return false;
                    afterLetter = false;
                    break;
            }
        }
        return true;
    }

    private static bool MixesScripts(string name)
    {
        bool latin = false, greek = false, cyrillic = false;
        // The compatibility form, so that a full-width or mathematical letter counts as the script it shows.
        foreach (var rune in name.Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            if (!Rune.IsLetter(rune)) continue;
            latin |= IsLatin(rune.Value);
            greek |= rune.Value is (>= 0x370 and <= 0x3FF) or (>= 0x1F00 and <= 0x1FFF) or 0xAB65;
            cyrillic |= rune.Value is (>= 0x400 and <= 0x52F) or (>= 0x1C80 and <= 0x1C8F) or 0x1D2B or 0x1D78
                or (>= 0x2DE0 and <= 0x2DFF) or (>= 0xA640 and <= 0xA69F);
        }
        return (latin ? 1 : 0) + (greek ? 1 : 0) + (cyrillic ? 1 : 0) > 1;
    }

    private static bool IsLatin(int value) => value is
        (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or 0xAA or 0xBA or (>= 0xC0 and <= 0x2AF) or (>= 0x1E00 and <= 0x1EFF)
        or (>= 0x2C60 and <= 0x2C7F) or (>= 0xA722 and <= 0xA7FF) or (>= 0xAB30 and <= 0xAB64) or (>= 0xFB00 and <= 0xFB06);
}
