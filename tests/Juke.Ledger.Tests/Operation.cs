using System.Text.Json.Nodes;
using Juke.Testing;

namespace Juke.Ledger.Tests;

/// <summary>An operation of the document, with what tests ask of it.</summary>
internal sealed record Operation(string Path, HttpMethod Method, JsonNode Entry, JsonNode Document)
{
    private readonly JsonShape shape = new(Document);

    public string Id => (string)Entry["operationId"]!;

    public string Gate => (string)Entry["x-juke-gate"]!;

    /// <summary>A path that can be asked for.</summary>
    public string Target => Path.Replace("{id}", "AAECAwQFBgcICQoLDA0ODw", StringComparison.Ordinal).Replace("{username}", ServedContract.Somebody, StringComparison.Ordinal)
        .Replace("{user_id}", ServedContract.SomebodysId, StringComparison.Ordinal);

    public JsonNode? BodySchema => Entry["requestBody"]?["content"]?["application/json"]?["schema"] is { } schema ? shape.Resolve(schema) : null;

    public bool BodyIsRequired => (bool?)Entry["requestBody"]?["required"] ?? false;

    /// <summary>The example of the body.</summary>
    public JsonObject Sample() =>
        (JsonObject)shape.Resolve(Entry["requestBody"]!["content"]!["application/json"]!["examples"]!.AsObject().First().Value!)["value"]!.DeepClone();

    /// <summary>Codes by status.</summary>
    public IEnumerable<(int Status, string Code)> Problems =>
        from response in Entry["responses"]!.AsObject()
        let all = shape.Resolve(response.Value!)["content"]?["application/json"]!["schema"]!["allOf"]
        where all is not null
        from code in all[1]!["properties"]!["code"]!["enum"]!.AsArray()
        select (int.Parse(response.Key), (string)code!);

    /// <summary>The refusals that it is shown with.</summary>
    public IEnumerable<JsonNode> Refusals =>
        from response in Entry["responses"]!.AsObject()
        where response.Key[0] is '4' or '5'
        from content in shape.Resolve(response.Value!)["content"]!.AsObject()
        from example in content.Value!["examples"]!.AsObject()
        select shape.Resolve(example.Value!)["value"]!;

    /// <summary>Statuses without a problem.</summary>
    public IEnumerable<string> Successes => Entry["responses"]!.AsObject().Select(r => r.Key).Where(status => status[0] != '4' && status[0] != '5');

    /// <summary>Headers that a success of this operation may have beside those of every answer, as <see cref="DocumentWatch.Seen"/> names them.</summary>
    public IEnumerable<string> OwnHeaders => Successes.SelectMany(s => Entry["responses"]![s]!["headers"]!.AsObject()).Where(h => (bool?)shape.Resolve(h.Value!)["required"] != true)
        .Select(h => "header " + h.Key).Distinct();

    public IEnumerable<JsonNode> Parameters => Entry["parameters"]!.AsArray().Select(p => shape.Resolve(p!));

    public static IEnumerable<Operation> Of(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        select new Operation(path.Key, HttpMethod.Parse(method.Key), method.Value!, document);
}
