using System.Text.RegularExpressions;
using Juke.Contract;
using Juke.Server.Passwords;

namespace Juke.Server.JukeApi;

/// <summary>
/// Our rules for a name, an address and a password, said in the old sentences (legacy-wire A.2). The web shows "resend the
/// mail" for every text with "exists" in it, so only what is taken says so.
/// </summary>
internal static partial class RegistrationTexts
{
    public static readonly (string, string) UsernameTaken = ("username", "A user with that username already exists.");

    public static readonly (string, string) EmailTaken = ("email", "user with this email already exists.");

    /// <summary>The canonical name; null after a fault was noted.</summary>
    public static string? Username(RequestFields fields)
    {
        var count = fields.Errors.Count;
        var typed = fields.Text("username");
        if (fields.Errors.Count > count) return null;
        if (Contract.Username.Check(typed, out var name) is not { } fault) return name;
        var length = typed.EnumerateRunes().Count();
        fields.Errors.Add(("username", length < Contract.Username.MinLength ? $"Ensure this field has at least {Contract.Username.MinLength} characters."
            : length > Contract.Username.MaxLength ? TooLong(Contract.Username.MaxLength)
            : fault.Contains("can only contain", StringComparison.Ordinal) ? "Enter a valid username. This value may contain only letters, numbers, and -/_ characters."
            : $"Enter a valid username. {fault}."));
        return null;
    }

    /// <summary>The address, its domain in lower case as the old server kept it; null after a fault was noted.</summary>
    public static string? Email(RequestFields fields)
    {
        var count = fields.Errors.Count;
        var typed = fields.Text("email");
        if (fields.Errors.Count > count) return null;
        if (EmailAddress.Check(typed, out var email) is null)
        {
            var at = email.LastIndexOf('@');
            return email[..at] + email[at..].ToLowerInvariant();
        }
        fields.Errors.Add(("email", typed.Length > EmailAddress.MaxLength ? TooLong(EmailAddress.MaxLength) : "Enter a valid email address."));
        return null;
    }

    /// <summary>Everything that is wrong with a password, in the old order: likeness, length, the list, digits.</summary>
    public static IEnumerable<string> Password(string password, string username, string email)
    {
        if (IsLike(password, username)) yield return "The password is too similar to the username.";
        else if (IsLike(password, email)) yield return "The password is too similar to the email.";
        var length = password.EnumerateRunes().Count();
        if (length < Contract.Password.MinLength) yield return $"This password is too short. It must contain at least {Contract.Password.MinLength} characters.";
        if (length > Contract.Password.MaxLength) yield return TooLong(Contract.Password.MaxLength);
        if (NewPassword.IsCommon(password)) yield return "This password is too common.";
        if (password.All(char.IsDigit)) yield return "This password is entirely numeric.";
    }

    // The old measure: of the letters of both together, how many they share, whatever their order; 70 % is too like. Each word
    // of the other text counts by itself too, unless it is nothing beside the length of the password.
    private static bool IsLike(string password, string other)
    {
        var typed = password.ToLowerInvariant();
        return Words().Split(other.ToLowerInvariant()).Append(other.ToLowerInvariant())
            .Any(word => word.Length > 0 && typed.Length < 10 * word.Length && 2.0 * Shared(typed, word) / (typed.Length + word.Length) >= 0.7);
    }

    private static int Shared(string a, string b)
    {
        var counts = a.CountBy(c => c).ToDictionary(c => c.Key, c => c.Value);
        return b.Count(c => counts.TryGetValue(c, out var left) && (counts[c] = left - 1) >= 0);
    }

    private static string TooLong(int max) => $"Ensure this field has no more than {max} characters.";

    [GeneratedRegex(@"\W+")]
    private static partial Regex Words();
}
