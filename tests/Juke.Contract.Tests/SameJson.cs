using System.Text.Json;

namespace Juke.Contract.Tests;

/// <summary>JSON compared as contract/vectors/README.md says: keys in any order, lists in order, numbers by their text.</summary>
public static class SameJson
{
    public static void ShouldBe(string actual, string expected, string because) =>
        Difference(JsonElement.Parse(actual), JsonElement.Parse(expected), "$").ShouldBeNull($"{because}\nactual:   {actual}\nexpected: {expected}");

    private static string? Difference(JsonElement actual, JsonElement expected, string path)
    {
        if (actual.ValueKind != expected.ValueKind) return $"{path} is {actual.ValueKind}, expected {expected.ValueKind}";
        switch (actual.ValueKind)
        {
            case JsonValueKind.Object:
                var left = actual.EnumerateObject().ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
                foreach (var member in expected.EnumerateObject())
                {
                    if (!left.Remove(member.Name, out var value)) return $"{path} lacks {member.Name}";
                    if (Difference(value, member.Value, $"{path}.{member.Name}") is { } difference) return difference;
                }
                return left.Count == 0 ? null : $"{path} has {string.Join(", ", left.Keys)} too many";
            case JsonValueKind.Array:
                if (actual.GetArrayLength() != expected.GetArrayLength()) return $"{path} has {actual.GetArrayLength()} elements, expected {expected.GetArrayLength()}";
                return actual.EnumerateArray().Zip(expected.EnumerateArray()).Select((pair, i) => Difference(pair.First, pair.Second, $"{path}[{i}]")).FirstOrDefault(d => d is not null);
            case JsonValueKind.String:
                return actual.GetString() == expected.GetString() ? null : $"{path} differs";
            default:
                return actual.GetRawText() == expected.GetRawText() ? null : $"{path} is {actual.GetRawText()}, expected {expected.GetRawText()}";
        }
    }
}
