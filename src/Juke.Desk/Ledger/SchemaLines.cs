using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juke.Desk.Ledger;

/// <summary>The lines of one schema, member by member, with every reference followed.</summary>
internal sealed class SchemaLines(JsonNode document, ISet<string> lines)
{
    private static readonly string[] Limits = ["default", "format", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "pattern"];

    private static readonly HashSet<string> Known = new(
        [.. Limits, "$ref", "additionalProperties", "description", "enum", "examples", "items", "oneOf", "properties", "required", "type", "x-juke-statuses"], StringComparer.Ordinal);

    private readonly Stack<string> within = new();

    /// <summary>What a reference points at, or the node itself.</summary>
    public JsonNode Resolve(JsonNode node)
    {
        if ((string?)node["$ref"] is not { } reference) return node;
        var target = reference.Split('/').Skip(1).Aggregate<string, JsonNode?>(document, (at, name) => at?[name]);
        return target ?? throw new DeskException($"The document refers to {reference}, which it does not hold.");
    }

    /// <summary>Adds the lines of a schema that stands at a key.</summary>
    /// <param name="key">Where it stands.</param>
    /// <param name="schema">The schema or a reference.</param>
    /// <param name="required">Whether it must be there; null where that is said elsewhere.</param>
    /// <param name="forms">One more word for the line of a path (<c>$</c>, <c>$.custom_data</c>): the form that the value is sent in.</param>
    public void Add(string key, JsonNode schema, bool? required, IReadOnlyDictionary<string, string>? forms = null) => Add(key, "$", schema, required, forms);

    private void Add(string key, string path, JsonNode schema, bool? required, IReadOnlyDictionary<string, string>? forms)
    {
        var reference = (string?)schema["$ref"] ?? (string?)schema["oneOf"]?[0]?["$ref"];
        var (target, orNull) = schema["oneOf"] is JsonArray { Count: 2 } either && (string?)either[1]!["type"] == "null" ? (Resolve(either[0]!), true) : (Resolve(schema), false);
        if (WireLines.Entries(target).FirstOrDefault(e => !Known.Contains(e.Key)) is { Key: { } unknown } || (unknown = target["oneOf"] is null ? null! : "oneOf") is not null)
            throw new DeskException($"{key} {path}: the wire ledger has no word for '{unknown}'; teach src/Juke.Desk/Ledger.");

        var place = path == "$" ? key : $"{key} {path}";
        var form = forms is not null && forms.TryGetValue(path, out var word) ? " " + word : "";
        lines.Add($"{place} : {string.Join(' ', Facts(target, orNull, required))}{form}");
        foreach (var value in target["enum"]?.AsArray() ?? [])
            if (value is not null) lines.Add($"{place} = {Word(value.ToJsonString())}");

        if (reference is not null && within.Contains(reference)) return; // A record inside itself: its members stand further up.
        if (reference is not null) within.Push(reference);
        var asked = target["required"]?.AsArray().Select(r => (string)r!).ToHashSet(StringComparer.Ordinal) ?? [];
        foreach (var (name, member) in WireLines.Entries(target["properties"])) Add(key, $"{path}.{Word(name).Replace(".", "\\u002e", StringComparison.Ordinal)}", member!, asked.Contains(name), forms);
        if (target["items"] is { } items) Add(key, path + "[]", items, required: null, forms);
        if (target["additionalProperties"] is JsonObject values) Add(key, path + "{}", values, required: null, forms);
        if (reference is not null) within.Pop();
    }

    private static IEnumerable<string> Facts(JsonNode schema, bool orNull, bool? required)
    {
        var types = schema["type"] switch
        {
            JsonArray several => several.Select(t => (string)t!),
            JsonValue one => [(string)one!],
            _ => ["any"],
        };
        if (orNull) types = types.Append("null");
        yield return string.Join('|', types.Order(StringComparer.Ordinal));
        if (required is { } asked) yield return asked ? "required" : "optional";
        if (schema["additionalProperties"] is JsonValue) yield return "closed";
        foreach (var limit in Limits)
            if (schema[limit] is { } value) yield return $"{limit}={Word(value is JsonValue text && text.GetValueKind() == JsonValueKind.String ? (string)text! : value.ToJsonString())}";
    }

    /// <summary>A text without spaces: they part the words of a line.</summary>
    public static string Word(string text) => text.Replace(" ", "\\u0020", StringComparison.Ordinal);
}
