using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juke.Conformance;

/// <summary>JSON of an app, read as the server would: one object, no name twice, no text that is not Unicode.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Once = new() { AllowDuplicateProperties = false };

    // Tokens and attempts are looked for in it: '+' stays '+'.
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Null when it is something else.</summary>
    public static JsonObject? Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) _ = reader.GetString(); // Throws at a lone surrogate.
            return JsonNode.Parse(utf8, documentOptions: Once) as JsonObject;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>As text; null when it is no text.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A member of an object; null when there is none, or no object.</summary>
    public static JsonNode? Member(JsonNode? node, string name) => (node as JsonObject)?[name];

    /// <summary>As JSON, for a message or to look into.</summary>
    public static string Show(JsonNode? node) => node?.ToJsonString(AsWritten) ?? "null";
}
