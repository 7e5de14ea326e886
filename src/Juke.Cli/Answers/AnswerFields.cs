using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Contract;

namespace Juke.Cli.Answers;

/// <summary><c>FIELD=VALUE</c> as the submission that every client sends (contract §6): pure, judged by the server.</summary>
internal static class AnswerFields
{
    private const string Custom = "custom_data.";

    private static readonly string[] Texts = ["display_name", "tagline", "bio", "location", "avatar_url"];
    private static readonly string[] Lists = ["favorite_genres", "favorite_artists", "favorite_albums", "favorite_tracks"];
    private static readonly string[] Numbers = ["city_lat", "city_lng"];

    /// <summary>What can be set, as it is written here. Any other key of <c>custom_data</c> can be too, with its prefix.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Lists, "location", .. Numbers, "hated_genres", .. AnswerChoices.ByKey.Keys, "name", "display_name", "tagline", "bio", "avatar_url"];

    /// <summary>The payload of a PATCH.</summary>
    /// <exception cref="Refusal">A word that is no FIELD=VALUE, an unknown field, or a number that is none.</exception>
    public static JsonObject Parse(IEnumerable<string> words)
    {
        var payload = new JsonObject();
        foreach (var word in words)
        {
            var at = word.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) throw Refusal.WrongWords($"'{word}' is no FIELD=VALUE.");
            Set(payload, word[..at], word[(at + 1)..]);
        }
        return payload;
    }

    private static void Set(JsonObject payload, string field, string value)
    {
        if (field.StartsWith(Custom, StringComparison.Ordinal) || field == "hated_genres" || AnswerChoices.ByKey.ContainsKey(field))
        {
            var key = field.StartsWith(Custom, StringComparison.Ordinal) ? field[Custom.Length..] : field;
            var custom = payload["custom_data"] as JsonObject ?? [];
            custom[key] = key == "hated_genres" ? List(value) : value.Length == 0 ? null : value;
            payload["custom_data"] = custom;
        }
        else if (Lists.Contains(field, StringComparer.Ordinal)) payload[field] = List(value);
        else if (Numbers.Contains(field, StringComparer.Ordinal)) payload[field] = Number(field, value);
        else if (Texts.Contains(field, StringComparer.Ordinal)) payload[field] = value;
        else if (field == "name") payload[field] = value.Length == 0 ? null : value;
        else throw Refusal.WrongWords($"There is no field '{field}'. Use: {string.Join(", ", Names)}.");
    }

    private static double? Number(string field, string value) =>
        value.Length == 0 ? null
        : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : throw Refusal.WrongWords($"{field} must be a number, with a point.");

    /// <summary>Separated by commas; as JSON where an entry has a comma of its own.</summary>
    private static JsonArray List(string value)
    {
        if (!value.StartsWith('[')) return [.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(v => JsonValue.Create(v))];
        try
        {
            return JsonNode.Parse(value) as JsonArray ?? [];
        }
        catch (JsonException)
        {
            throw Refusal.WrongWords($"'{value}' is no JSON list.");
        }
    }
}
