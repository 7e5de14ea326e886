namespace Juke.Contract.Profiles;

/// <summary>The old server's texts, which clients show and some match on (legacy-wire.md A.7), and ours in the same voice.</summary>
internal static class Messages
{
    public const string Null = "This field may not be null.";
    public const string Required = "This field is required.";
    public const string NotAString = "Not a valid string.";
    public const string NotANumber = "A valid number is required.";
    public const string NotAUrl = "Enter a valid URL.";
    public const string NullCharacter = "Null characters are not allowed.";
    public const string Surrogate = "Surrogate characters are not allowed.";
    public const string Twice = "This member is there twice.";
    public const string Unknown = "This member is not known here.";
    public const string NameNotUnicode = "The name of a member is not valid Unicode.";
    public const string BrokenJson = "JSON parse error - the body is not valid JSON.";
    public static readonly string TooDeep = $"Ensure this field is nested no deeper than {ProfileFields.CustomDataMaxDepth} levels.";
    public static readonly string TooLarge = $"Ensure this field has no more than {ProfileFields.CustomDataMaxBytes} bytes.";
    public static readonly string TooManyEntries = TooManyElements(ProfileFields.ListMaxEntries);
    public const string NumberTooLarge = "A number in this field is too large or too precise to be kept.";

    public static string TooLong(int max) => $"Ensure this field has no more than {max} characters.";

    public static string TooManyElements(int max) => $"Ensure this field has no more than {max} elements.";

    public static string NotAList(string type) => $"Expected a list of items but got type \"{type}\".";

    public static string NotAnObject(string type) => $"Expected a dictionary of items but got type \"{type}\".";

    public static string BodyNotAnObject(string type) => $"Invalid data. Expected a dictionary, but got {type}.";

    public static string NotAChoice(string value) => $"\"{Cut(value)}\" is not a valid choice.";

    public static string KeyTwice(string key) => $"The key \"{Cut(key)}\" is there twice.";

    public static string AtLeast(int min) => $"Ensure this value is greater than or equal to {min}.";

    public static string AtMost(int max) => $"Ensure this value is less than or equal to {max}.";

    // What a stranger sent is quoted, but not by the megabyte.
    private static string Cut(string text)
    {
        if (text.Length <= 100) return text;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[99]) ? 99 : 100), "…");
    }
}
