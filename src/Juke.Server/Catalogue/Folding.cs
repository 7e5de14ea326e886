using System.Globalization;
using System.Text;

namespace Juke.Server.Catalogue;

/// <summary>
/// The form in which two spellings of a place are the same: no case, no accents, no punctuation. <c>São Paulo</c>,
/// <c>SAO PAULO</c> and <c>sao-paulo</c> are all <c>sao paulo</c>. Only letters, digits and single spaces remain.
/// </summary>
internal static class Folding
{
    // docs/how-to/refresh-cities.mjs says the same again, for the aliases in the packed list; a test holds the two together.

    /// <summary>The folded text; empty when nothing of it can be searched for, or when it is not valid Unicode.</summary>
    public static string Fold(string text)
    {
        if (!Contract.Text.IsWellFormed(text)) return "";
        var plain = Ascii.IsValid(text) ? text : Contract.Text.Normalize(text, NormalizationForm.FormKD);
        var folded = new StringBuilder(plain.Length);
        foreach (var rune in plain.EnumerateRunes())
        {
            if (rune.Value is '.' or '\'' or '’' or '‘' or '`' or '´' or (>= 0x2B0 and <= 0x2FF)) continue;
            switch (Rune.GetUnicodeCategory(rune))
            {
                // An accent, a vowel sign, an invisible joiner.
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format:
                    break;
                case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                    or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber:
                    Append(folded, Rune.ToLowerInvariant(rune));
                    break;
                default:
                    if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
                    break;
            }
        }
        if (folded.Length > 0 && folded[^1] == ' ') folded.Length--;
        return folded.ToString();
    }

    // Letters of their own, which no decomposition takes apart, as people without the key type them.
    private static void Append(StringBuilder folded, Rune letter) => _ = letter.Value switch
    {
        'ß' => folded.Append("ss"),
        'ø' => folded.Append('o'),
        'ł' => folded.Append('l'),
        'đ' or 'ð' or 'ɖ' => folded.Append('d'),
        'ı' => folded.Append('i'),
        'æ' => folded.Append("ae"),
        'œ' => folded.Append("oe"),
        'þ' => folded.Append("th"),
        'ħ' => folded.Append('h'),
        'ŧ' => folded.Append('t'),
        'ŋ' => folded.Append('n'),
        'ə' => folded.Append('e'),
        'ς' => folded.Append('σ'),
        _ => letter.IsBmp ? folded.Append((char)letter.Value) : folded.Append(letter.ToString()),
    };
}
