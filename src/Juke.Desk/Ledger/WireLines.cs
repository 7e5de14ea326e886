using System.Globalization;
using System.Text.Json.Nodes;

namespace Juke.Desk.Ledger;

/// <summary>
/// From an OpenAPI document to the lines of a wire ledger: one line per fact that a client can see, sorted. Names of schemas,
/// texts and examples are no facts, so they may change freely. What the ledger cannot say yet stops it: nothing on the wire
/// goes unwritten.
/// </summary>
/// <example>
/// <code>
/// POST /auth/login : Anonymous
/// POST /auth/login 401 code INVALID_CREDENTIALS
/// POST /auth/login body application/json $.password : string required minLength=1
/// </code>
/// </example>
public static class WireLines
{
    private static readonly HashSet<string> OtherKeys = new(["operationId", "tags", "summary", "description", "x-juke-gate", "security", "parameters", "requestBody", "responses"], StringComparer.Ordinal);

    private static readonly HashSet<string> ParameterKeys = new(["name", "in", "description", "required", "schema", "explode", "example", "examples"], StringComparer.Ordinal);
    private static readonly HashSet<string> BodyKeys = new(["description", "required", "content"], StringComparer.Ordinal);
    private static readonly HashSet<string> ContentKeys = new(["schema", "encoding", "example", "examples"], StringComparer.Ordinal);
    private static readonly HashSet<string> EncodingKeys = new(["contentType"], StringComparer.Ordinal);
    private static readonly HashSet<string> ResponseKeys = new(["description", "headers", "content"], StringComparer.Ordinal);
    private static readonly HashSet<string> HeaderKeys = new(["description", "required", "schema", "example", "examples"], StringComparer.Ordinal);
    private static readonly string[] SchemeFacts = ["type", "scheme", "in", "name"];
    private static readonly HashSet<string> SchemeKeys = new([.. SchemeFacts, "bearerFormat", "description"], StringComparer.Ordinal);

    /// <summary>The lines of a document.</summary>
    /// <exception cref="DeskException">The document says something that the ledger has no line for.</exception>
    public static IReadOnlyList<string> Of(JsonNode document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        var schemas = new SchemaLines(document, lines);
        foreach (var (path, methods) in Entries(document["paths"]))
            foreach (var (method, operation) in Entries(methods)) Operation(schemas, lines, $"{method.ToUpperInvariant()} {SchemaLines.Word(path)}", operation!);

        if (document["components"]?["schemas"]?["ProblemBody"] is { } problem)
        {
            schemas.Add("problem", problem, required: null);
            foreach (var (code, status) in Entries(problem["x-juke-statuses"])) lines.Add($"problem code {code} : {status}");
        }
        if (document["components"]?["schemas"]?["JukeProblemBody"] is { } juke) schemas.Add("juke-problem", juke, required: null);
        foreach (var (name, scheme) in Entries(document["components"]?["securitySchemes"])) Scheme(lines, "security " + name, scheme!);
        return [.. lines];
    }

    private static void Operation(SchemaLines schemas, SortedSet<string> lines, string key, JsonNode operation)
    {
        Only(operation, key, OtherKeys);
        lines.Add($"{key} : {operation["x-juke-gate"]}");
        foreach (var scheme in operation["security"]?.AsArray() ?? [])
            lines.Add($"{key} security {string.Join('+', Entries(scheme).Select(s => s.Key))}");

        foreach (var entry in operation["parameters"]?.AsArray() ?? [])
        {
            var parameter = schemas.Resolve(entry!);
            var place = $"{key} {parameter["in"]} {SchemaLines.Word((string)parameter["name"]!)}";
            Only(parameter, place, ParameterKeys);
            // How a list is written: a,b or a parameter for each.
            var isList = (string?)schemas.Resolve(parameter["schema"]!)["type"]?.ToString() == "array";
            schemas.Add(place, parameter["schema"]!, IsTrue(parameter["required"]), isList ? At("$", "explode=" + (IsTrue(parameter["explode"] ?? true) ? "true" : "false")) : null);
        }

        if (operation["requestBody"] is { } body)
        {
            lines.Add($"{key} body : {(IsTrue(body["required"]) ? "required" : "optional")}");
            Only(body, key + " body", BodyKeys);
            foreach (var (type, content) in Entries(body["content"]))
            {
                var place = $"{key} body {type}";
                Only(content!, place, ContentKeys);
                schemas.Add(place, content!["schema"]!, required: null, Entries(content["encoding"]).ToDictionary(e => "$." + e.Key, e => Encoding(e.Value!, place), StringComparer.Ordinal));
            }
        }

        foreach (var (status, entry) in Entries(operation["responses"])) Response(schemas, lines, $"{key} {status}", schemas.Resolve(entry!));
    }

    private static void Response(SchemaLines schemas, SortedSet<string> lines, string key, JsonNode response)
    {
        lines.Add(key);
        Only(response, key, ResponseKeys);
        foreach (var (name, entry) in Entries(response["headers"]))
        {
            var header = schemas.Resolve(entry!);
            Only(header, $"{key} header {name}", HeaderKeys);
            schemas.Add($"{key} header {name}", header["schema"]!, IsTrue(header["required"]));
        }
        foreach (var (type, content) in Entries(response["content"]))
        {
            Only(content!, $"{key} {type}", ContentKeys);
            if (content!["encoding"] is not null) throw new DeskException($"{key} {type}: only what is sent has an encoding.");
            var schema = content["schema"]!;
            if (RefusalOf(schema) is not (var shape, var codes))
            {
                schemas.Add($"{key} {type}", schema, required: null);
                continue;
            }
            // Every refusal has the same members: they stand once, under `problem`.
            lines.Add($"{key} {type} : {shape}");
            foreach (var code in codes) lines.Add($"{key} code {code}");
        }
    }

    private static void Scheme(SortedSet<string> lines, string key, JsonNode scheme)
    {
        Only(scheme, key, SchemeKeys);
        lines.Add($"{key} : {string.Join(' ', SchemeFacts.Select(f => (string?)scheme[f]).OfType<string>())}");
    }

    private static string Encoding(JsonNode encoding, string key)
    {
        Only(encoding, key + " encoding", EncodingKeys);
        return $"encoding={encoding["contentType"]}";
    }

    private static Dictionary<string, string> At(string path, string word) => new(StringComparer.Ordinal) { [path] = word };

    private static void Only(JsonNode node, string key, HashSet<string> known)
    {
        if (Entries(node).FirstOrDefault(e => !known.Contains(e.Key)) is { Key: { } unknown })
            throw new DeskException($"{key}: the wire ledger has no line for '{unknown}'; teach src/Juke.Desk/Ledger.");
    }

    private static (string Shape, List<string> Codes)? RefusalOf(JsonNode schema)
    {
        if (schema["allOf"] is not JsonArray { Count: 2 } all) return null;
        var shape = (string?)all[0]!["$ref"] switch
        {
            "#/components/schemas/ProblemBody" => "problem",
            "#/components/schemas/JukeProblemBody" => "juke-problem",
            _ => null,
        };
        return shape is null ? null : (shape, [.. all[1]!["properties"]!["code"]!["enum"]!.AsArray().Select(c => (string)c!)]);
    }

    internal static IEnumerable<KeyValuePair<string, JsonNode?>> Entries(JsonNode? node) => node?.AsObject() ?? [];

    private static bool IsTrue(JsonNode? node) => node is not null && Convert.ToBoolean(node.ToString(), CultureInfo.InvariantCulture);
}
