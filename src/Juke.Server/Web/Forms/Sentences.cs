using System.Text;

namespace Juke.Server.Web;

/// <summary>
/// The sentences of the use cases in the page's language. The wire speaks English; its sentence, letters only, is the key.
/// One that has no entry is shown as it came.
/// </summary>
internal static class Sentences
{
    public static string Of(string sentence) => Texts.ResourceManager.GetString(KeyOf(sentence), Texts.Culture) ?? sentence;

    public static string KeyOf(string sentence)
    {
        var key = new StringBuilder("Say");
        var wordStarts = true;
        foreach (var c in sentence)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                if (wordStarts) key.Append('_');
                key.Append(c);
            }
            wordStarts = !char.IsAsciiLetterOrDigit(c);
        }
        return key.ToString();
    }
}
