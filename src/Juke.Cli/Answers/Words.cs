using System.Globalization;
using System.Resources;

namespace Juke.Cli.Answers;

/// <summary>The texts of the onboarding definition by their keys: the same file as the hosted pages.</summary>
internal static class Words
{
    private static readonly ResourceManager Texts = new("Texts", typeof(Words).Assembly);

    /// <summary>The text; the key itself for one that this build does not know.</summary>
    public static string Of(string textKey) => Texts.GetString(string.Concat(textKey.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')), CultureInfo.CurrentUICulture) ?? textKey;
}
