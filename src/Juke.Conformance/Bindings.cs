using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juke.Conformance;

/// <summary>What the <c>"@x"</c> of a scenario stand for: found at their first use, compared at every other.</summary>
internal sealed class Bindings
{
    private const int ShortestAttempt = 22;

    private readonly Dictionary<string, string?> found = new(StringComparer.Ordinal);

    /// <summary>Null when the value is the expected one, else the end of a sentence.</summary>
    public string? Differ(JsonNode? expected, JsonNode? value)
    {
        if (expected is not JsonValue text || text.GetValueKind() != JsonValueKind.String || !text.GetValue<string>().StartsWith('@'))
            return JsonNode.DeepEquals(expected, value) ? null : $"is {value?.ToJsonString() ?? "missing"} instead of {expected?.ToJsonString() ?? "null"}";
        var name = text.GetValue<string>();
        var actual = (string?)value;
        if (found.TryGetValue(name, out var before)) return actual == before ? null : "is not the one that was sent before";
        if (actual is not null && actual.Length < ShortestAttempt) return "is shorter than 22 characters";
        if (actual is not null && found.ContainsValue(actual)) return "is one that was used for another token";
        found[name] = actual;
        return null;
    }
}
