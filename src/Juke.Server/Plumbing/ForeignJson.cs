using System.Text.Json;
using Juke.Contract;

namespace Juke.Server.Plumbing;

/// <summary>Reads members of somebody else's JSON: one of the wrong type, too long or not storable counts as absent.</summary>
internal static class ForeignJson
{
    /// <summary>A text of 1 to <paramref name="most"/> characters, or null.</summary>
    public static string? Text(this JsonElement json, string name, int most) => Member(json, name)?.Text(most);

    /// <inheritdoc cref="Text(JsonElement, string, int)"/>
    public static string? Text(this JsonElement json, int most)
    {
        if (json.ValueKind != JsonValueKind.String) return null;
        try
        {
            var text = json.GetString()!;
            return text.Length > 0 && text.Length <= most && Contract.Text.IsWellFormed(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null; // A lone surrogate.
        }
    }

    /// <summary>A whole number, or null.</summary>
    public static long? Whole(this JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    /// <summary>The elements of a list; none when it is no list.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    /// <summary>An https address, or null.</summary>
    public static string? Https(this JsonElement json, string name) =>
        json.Text(name, 1000) is { } text && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps ? text : null;

    /// <summary>A member whatever it is; null when it is absent or JSON null, or when a name beside it is no text.</summary>
    public static JsonElement? Member(this JsonElement json, string name)
    {
        try
        {
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException)
        {
            return null; // Half a surrogate pair in a name.
        }
    }
}
