using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Juke.Testing;

/// <summary>Holds JSON against the schemas of an OpenAPI document, stricter than JSON Schema: a member that is not listed is a difference.</summary>
internal sealed class JsonShape(JsonNode document)
{
    /// <summary>What a reference points at, or the node itself.</summary>
    public JsonNode Resolve(JsonNode node) =>
        (string?)node["$ref"] is { } reference ? reference.Split('/').Skip(1).Aggregate(document, (at, name) => at[name] ?? throw new InvalidOperationException($"{reference} leads nowhere.")) : node;

    public IEnumerable<string> Differences(JsonNode? value, JsonNode schema, string path)
    {
        if (schema["allOf"] is JsonArray all) return all.SelectMany((part, i) => Differences(value, part!, path, isPart: i > 0));
        if (schema["oneOf"] is JsonArray either) return value is null ? [] : Differences(value, either[0]!, path);
        return Differences(value, schema, path, isPart: false);
    }

    private IEnumerable<string> Differences(JsonNode? value, JsonNode reference, string path, bool isPart)
    {
        var schema = Resolve(reference);
        if (schema["type"] is { } type && !Types(type).Contains(TypeOf(value), StringComparer.Ordinal) && !(TypeOf(value) == "integer" && Types(type).Contains("number", StringComparer.Ordinal)))
        {
            yield return $"{path} is {TypeOf(value)} where {type.ToJsonString()} is listed";
            yield break;
        }
        if (schema["enum"] is JsonArray choices && !choices.Any(c => JsonNode.DeepEquals(c, value))) yield return $"{path} is {value?.ToJsonString()} which is not listed";
        if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String && WrongText((string)text!, schema) is { } wrong) yield return $"{path} {wrong}";
        if (value is JsonArray items && schema["items"] is { } item)
            foreach (var difference in items.SelectMany((v, i) => Differences(v, item, $"{path}[{i}]"))) yield return difference;
        if (value is not JsonObject members || schema.AsObject().All(w => w.Key == "description")) yield break; // Described as anything at all.

        var properties = schema["properties"]?.AsObject() ?? [];
        foreach (var name in schema["required"]?.AsArray().Select(r => (string)r!) ?? [])
            if (!members.ContainsKey(name)) yield return $"{path}.{name} is absent though required";
        foreach (var (name, member) in members)
        {
            var listed = properties[name] ?? schema["additionalProperties"] as JsonObject;
            if (listed is null && !isPart) yield return $"{path}.{name} is there though not listed";
            if (listed is not null)
                foreach (var difference in Differences(member, listed, $"{path}.{name}")) yield return difference;
        }
    }

    private static string? WrongText(string text, JsonNode schema)
    {
        if ((string?)schema["format"] == "date-time" && !Regex.IsMatch(text, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?Z$")) return $"is no instant: {text}";
        var length = text.EnumerateRunes().Count();
        if (schema["maxLength"] is { } most && length > int.Parse(most.ToString(), CultureInfo.InvariantCulture)) return $"is longer than {most}";
        return schema["minLength"] is { } least && length < int.Parse(least.ToString(), CultureInfo.InvariantCulture) ? $"is shorter than {least}" : null;
    }

    private static IEnumerable<string> Types(JsonNode type) => type is JsonArray several ? several.Select(t => (string)t!) : [(string)type!];

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture) % 1 == 0 ? "integer" : "number",
        JsonValueKind.Array => "array",
        _ => "object",
    };
}
