namespace Juke.Contract;

/// <summary>
/// An e-mail address as far as a server can judge one: a local part, one <c>@</c>, a domain with a dot, no spaces and no
/// control characters, at most 254 characters (RFC 5321 §4.5.3.1). Whether it exists only a mail can tell.
/// </summary>
public static class EmailAddress
{
    /// <summary>Most characters of an address.</summary>
    public const int MaxLength = 254;

    /// <summary>Trimmed address, or the reason why it is none.</summary>
    /// <param name="input">What was typed; null counts as empty.</param>
    /// <param name="address">The trimmed address when the method returns null, else empty.</param>
    /// <returns>Null when fine, else a sentence for the person.</returns>
    public static string? Check(string? input, out string address)
    {
        address = "";
        var text = (input ?? "").Trim();
        if (text.Length == 0) return "Enter an e-mail address";
        if (text.Length > MaxLength) return "The e-mail address is too long";
        if (!Text.IsWellFormed(text) || !HasShape(text)) return "Enter a valid e-mail address";
        address = text;
        return null;
    }

    /// <summary>The form in which two addresses are the same: NFKC, lower case. Dots and plus signs keep their meaning.</summary>
    public static string Key(string address) => Text.Key(address);

    private static bool HasShape(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at is < 1 or > 64 || at != text.LastIndexOf('@')) return false;
        var local = text.AsSpan(0, at);
        var domain = text.AsSpan(at + 1);
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal)) return false;
        foreach (var c in local)
            if (char.IsWhiteSpace(c) || char.IsControl(c) || IsUnseen(c) || "()<>[]:;,\\\"".Contains(c, StringComparison.Ordinal)) return false;
        if (!domain.Contains('.') || domain.Length > 253) return false;
        foreach (var label in domain.ToString().Split('.'))
        {
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-') return false;
            foreach (var c in label)
                if (!(char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c == '-' || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark)) return false;
        }
        return true;
    }

    // Joiners, direction marks and the like: two addresses that look the same must be the same.
    private static bool IsUnseen(char c) => char.GetUnicodeCategory(c) is
        System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.PrivateUse or System.Globalization.UnicodeCategory.OtherNotAssigned;
}
