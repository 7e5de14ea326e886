namespace Juke.Contract;

/// <summary>
/// The rules for a new password that need no list: 8–200 characters, any Unicode, not digits only (contract rule P1).
/// The server adds a blocklist of the commonest. A password is used exactly as typed: never trimmed, never normalised.
/// </summary>
public static class Password
{
    /// <summary>Fewest characters (code points).</summary>
    public const int MinLength = 8;

    /// <summary>Most characters (code points). A limit on work, not on strength.</summary>
    public const int MaxLength = 200;

    /// <summary>
    /// Most UTF-16 units of a password that was set before, which the old Juke took at any length: half of what a body holds. It
    /// costs next to nothing, because every format hashes or cuts it down before its first round (decision 15).
    /// </summary>
    public const int MaxTypedLength = 64 * 1024;

    /// <summary>Null when fine, else a sentence for the person.</summary>
    public static string? Check(string? password)
    {
        if (string.IsNullOrEmpty(password)) return "Enter a password";
        if (!Text.IsWellFormed(password)) return "The password contains characters that cannot be used";
        var length = password.EnumerateRunes().Count();
        if (length < MinLength) return "The password must be at least 8 characters long";
        if (length > MaxLength) return "The password must be at most 200 characters long";
        if (password.All(char.IsDigit)) return "The password cannot be digits only";
        return null;
    }
}
