using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Contract;

namespace Juke.Cli;

/// <summary>How answers are written: JSON as on the wire, and texts of others without what would steer a terminal.</summary>
internal static class Output
{
    // Not escaped for HTML: this goes to a terminal or a pipe.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new InstantConverter() },
    };

    /// <summary>A record of the core dialect as it is on the wire.</summary>
    public static JsonNode ToNode<T>(T value) => JsonSerializer.SerializeToNode(value, Json)!;

    public static string Text(JsonNode json) => json.ToJsonString(Json);

    /// <summary>
    /// What somebody else chose (a device's name, a team's) on one line: control characters, among them those that colour and
    /// move a terminal, become blanks. Without text: a dash.
    /// </summary>
    public static string Plain(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "–";
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            plain.Append(Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.Format ? " " : rune.ToString());
        return plain.ToString();
    }
}
