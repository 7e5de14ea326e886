using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Juke.Contract.Profiles;

/// <summary>Reading of JSON that may be hostile: System.Text.Json throws at a string that is not Unicode, these say so.</summary>
internal static class JsonText
{
    /// <summary>Lists are read however deep they are nested; the rules of each field say how deep is too deep.</summary>
    public static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = 1000 };

    /// <summary>The text of a string; false when it is not Unicode.</summary>
    public static bool TryString(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    /// <summary>The name of a member; false when it is not Unicode.</summary>
    public static bool TryName(JsonProperty member, out string name)
    {
        try
        {
            name = member.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }

    /// <summary>Why a text cannot be stored (PostgreSQL and UTF-8 hold neither), in the old server's words; null when it can.</summary>
    public static string? Fault(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? Messages.NullCharacter : Text.IsWellFormed(text) ? null : Messages.Surrogate;

    /// <summary>A text field or list entry: a string, or a number by its digits, as the old server took them.</summary>
    /// <returns>Null when fine, else the message.</returns>
    public static string? Read(JsonElement value, out string text)
    {
        text = "";
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return TryString(value, out text) ? Fault(text) : Messages.Surrogate;
            case JsonValueKind.Number:
                text = value.GetRawText();
                return null;
            case JsonValueKind.Null:
                return Messages.Null;
            default:
                return Messages.NotAString;
        }
    }

    /// <summary>The JSON exactly as it came; bytes that are no UTF-8 become U+FFFD.</summary>
    public static string Raw(JsonElement value) => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));

    /// <summary>What the old server called the type.</summary>
    public static string TypeName(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "dict",
        JsonValueKind.Array => "list",
        JsonValueKind.String => "str",
        JsonValueKind.Number => JsonMarshal.GetRawUtf8Value(value).IndexOfAny(".eE"u8) < 0 ? "int" : "float",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "NoneType",
    };
}
