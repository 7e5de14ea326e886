using System.Text;

namespace Juke.Server.Web;

/// <summary>
/// The sentences of the use cases in the page's language. The wire speaks English; its sentence is the key: letters and digits
/// only, without what it quotes. One that has no entry is shown as it came.
/// </summary>
internal static class Sentences
{
    public static string Of(string sentence) => Texts.ResourceManager.GetString(KeyOf(sentence), Texts.Culture) ?? sentence;

    public static string KeyOf(string sentence)
    {
        var key = new StringBuilder("Say");
        if (sentence.IndexOf('"') is >= 0 and var quote) sentence = sentence.Remove(quote, sentence.LastIndexOf('"') - quote);
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
