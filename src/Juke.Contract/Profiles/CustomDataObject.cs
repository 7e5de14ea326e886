using System.Text;
using System.Text.Json;
using Juke.Contract.Wire;

namespace Juke.Contract.Profiles;

/// <summary><c>custom_data</c> as JSON text: parsed, merged and measured without a number ever becoming a double.</summary>
internal static class CustomDataObject
{
    /// <summary>Compact, non-ASCII as it is.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = PlainJsonEncoder.Instance };

    private static readonly JsonElement EmptyObject = JsonElement.Parse("{}"u8);

    /// <summary>The stored object; anything else, which no row should hold, reads as the empty one.</summary>
    public static JsonElement Parse(string stored)
    {
        try
        {
            var element = JsonElement.Parse(stored, JsonText.AnyDepth);
            return element.ValueKind == JsonValueKind.Object ? element : EmptyObject;
        }
        catch (JsonException)
        {
            return EmptyObject;
        }
    }

    /// <summary>The stored object with a change carried out; stored keys keep their place, new ones follow.</summary>
    public static string Merge(string stored, CustomDataChange change)
    {
        var set = Parse(change.Set).EnumerateObject().ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
        var remove = change.Remove.ToHashSet(StringComparer.Ordinal);
        return Write(json =>
        {
            foreach (var member in Parse(stored).EnumerateObject())
            {
                if (remove.Contains(member.Name)) continue;
                json.WritePropertyName(member.Name);
                (set.Remove(member.Name, out var replaced) ? replaced : member.Value).WriteTo(json);
            }
            foreach (var (name, value) in set)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
        });
    }

    /// <summary>An object as compact text.</summary>
    public static string Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Bytes of the object, numbers written out: a database that keeps every digit turns <c>1e9999</c> into 10,000 of them.</summary>
    public static long Size(string canonical)
    {
        var extra = 0L;
        CustomDataShape.Check(Parse(canonical), ref extra);
        return Encoding.UTF8.GetByteCount(canonical) + extra;
    }

    /// <summary>The known keys that hold what they should.</summary>
    public static KnownAnswers KnownAnswers(string stored)
    {
        var answers = new KnownAnswers();
        foreach (var member in Parse(stored).EnumerateObject())
        {
            if (!JsonText.TryName(member, out var name)) continue;
            if (name == "hated_genres")
            {
                // What is stored is read whatever its length: imported lists may be longer than a save allows.
                var hated = member.Value.ValueKind == JsonValueKind.Array
                    ? member.Value.EnumerateArray().Select(e => JsonText.Read(e, out var text) is null ? Genres.Canonical(text) : "").Where(e => e.Length > 0).Distinct(StringComparer.Ordinal).ToArray()
                    : [];
                if (hated.Length > 0) answers = answers with { HatedGenres = hated };
            }
            else if (AnswerChoices.ByKey.TryGetValue(name, out var choices) && FieldRules.ReadChoice(member.Value, choices, out var id) is null && id.Length > 0)
            {
                answers = name switch
                {
                    "rainy_day_mood" => answers with { RainyDayMood = id },
                    "workout_vibe" => answers with { WorkoutVibe = id },
                    "favorite_decade" => answers with { FavoriteDecade = id },
                    "listening_style" => answers with { ListeningStyle = id },
                    _ => answers with { AgeRange = id },
                };
            }
        }
        return answers;
    }
}
