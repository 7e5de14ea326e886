using System.Text;

namespace Juke.Contract;

/// <summary>What every stored text obeys, and the form in which two texts count as the same.</summary>
public static class Text
{
    /// <summary>False for texts that PostgreSQL and UTF-8 cannot hold: U+0000 and lone surrogates.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (text[0] == '\0' || Rune.DecodeFromUtf16(text, out _, out var used) != System.Buffers.OperationStatus.Done) return false;
            text = text[used..];
        }
        return true;
    }

    /// <summary>NFKC and invariant lower case, composed again because lowering can leave a decomposed letter.</summary>
    public static string Key(string text) =>
        Normalize(Normalize(text, NormalizationForm.FormKC).ToLowerInvariant(), NormalizationForm.FormKC);

    /// <summary>
    /// The normal form, also of texts with U+FFFE: Unicode normalises that noncharacter like any other, .NET throws at it. It
    /// becomes U+FFFF, which no normal form touches either.
    /// </summary>
    public static string Normalize(string text, NormalizationForm form) => text.Replace('\uFFFE', '\uFFFF').Normalize(form);
}
