using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;

namespace Juke.Server.Published;

/// <summary>The examples that the document shows: one per type of body and one per problem code, two where the dialects say it differently, each written once.</summary>
internal sealed class Examples
{
    private const string JukeSuffix = ".juke";

    private readonly SortedDictionary<string, JsonObject> shown = new(StringComparer.Ordinal);

    /// <summary>The sample of a type, by reference.</summary>
    public JsonObject Of(JsonTypeInfo type)
    {
        var name = NameOf(type);
        if (!Samples.All.TryGetValue(type.Type, out var sample))
            throw new InvalidOperationException($"{name} has no sample: add one to Published/Samples.cs. The document shows it, and contract/samples keeps it.");
        shown.TryAdd(name, new JsonObject { ["value"] = JsonSerializer.SerializeToNode(sample, type) });
        return new JsonObject { [name] = Reference(name) };
    }

    public JsonObject OfProblems(IReadOnlyList<string> codes, bool isJuke)
    {
        var examples = new JsonObject();
        foreach (var code in codes)
        {
            var value = ToJson(code, isJuke);
            var name = isJuke && !JsonNode.DeepEquals(value, ToJson(code, isJuke: false)) ? code + JukeSuffix : code;
            shown.TryAdd(name, new JsonObject { ["summary"] = ProblemCode.All[code].Title, ["value"] = value });
            examples[name] = Reference(name);
        }
        return examples;
    }

    public JsonObject ToJson() => new(shown.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)e.Value)));

    private static JsonNode ToJson(string code, bool isJuke)
    {
        var body = Problems.Body(Refusals.Of(code, isJuke), ProblemCode.StatusOf(code));
        return isJuke && body.Errors is not null ? Problems.WithFieldsOnTop(body) : JsonSerializer.SerializeToNode(body, CoreJson.Default.ProblemBody)!;
    }

    // One record may stand in both dialects; a list is named after what it holds.
    private static string NameOf(JsonTypeInfo type) =>
        (type.Type is { IsGenericType: true, GenericTypeArguments: [var held] } ? held.Name + "s" : type.Type.Name) + (Shapes.IsJuke(type) ? JukeSuffix : "");

    private static JsonObject Reference(string name) => new() { ["$ref"] = "#/components/examples/" + name };
}
