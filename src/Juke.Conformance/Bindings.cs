using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juke.Conformance;

/// <summary>What the <c>"@x"</c> of a scenario stand for: found at their first use, compared at every other.</summary>
internal sealed class Bindings
{
    // As the server takes it: anything else it answers with 400 at every refresh.
    private const int Shortest = 22;
    private const int Longest = 128;

    private readonly Dictionary<string, string?> found = new(StringComparer.Ordinal);

    /// <summary>Null when the value is the expected one, else the end of a sentence.</summary>
    public string? Differ(JsonNode? expected, JsonNode? value)
    {
        if (expected is not JsonValue text || text.GetValueKind() != JsonValueKind.String || !text.GetValue<string>().StartsWith('@'))
            return JsonNode.DeepEquals(expected, value) ? null : $"is {(value is null ? "missing" : StrictJson.Show(value))} instead of {StrictJson.Show(expected)}";
        var name = text.GetValue<string>();
        var actual = StrictJson.Text(value);
        if (value is not null && actual is null) return $"is {StrictJson.Show(value)}, and a text is meant";
        if (found.TryGetValue(name, out var before)) return actual == before ? null : "is not the one that was sent before";
        if (actual is not null && Misshapen(actual) is { } wrong) return wrong;
        if (actual is not null && found.ContainsValue(actual)) return "is one that was used for another token";
        found[name] = actual;
        return null;
    }

    private static string? Misshapen(string attempt) => attempt switch
    {
        { Length: < Shortest } => "is shorter than 22 characters",
        { Length: > Longest } => "is longer than 128 characters",
        _ when !attempt.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '+' or '/' or '=') => "has characters other than those of base64, base64url and hex",
        _ => null,
    };
}
