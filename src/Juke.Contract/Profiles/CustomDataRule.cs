using System.Text.Json;

namespace Juke.Contract.Profiles;

/// <summary>
/// What a payload's <c>custom_data</c> asks for: a merge at the top level. Known keys are held to their lists, unknown ones
/// are nobody's business but their client's and stay untouched (contract §7).
/// </summary>
internal static class CustomDataRule
{
    private const string Field = "custom_data";

    /// <summary>The merge; faults go to <paramref name="errors"/>.</summary>
    public static CustomDataChange Read(JsonElement payload, string stored, bool isReplay, List<FieldError> errors)
    {
        if (isReplay && FieldRules.IsUnanswered(payload)) return CustomDataChange.None;
        if (WholeFault(payload) is { } fault)
        {
            errors.Add(new(Field, fault));
            return CustomDataChange.None;
        }

        var before = errors.Count;
        var remove = new List<string>();
        var set = CustomDataObject.Write(json =>
        {
            foreach (var member in payload.EnumerateObject())
            {
                // Completion is the server's to record: a marker is a request, read elsewhere and kept nowhere (contract §6).
                if (member.Name == ProfileFields.CompletionMarker || (isReplay && FieldRules.IsUnanswered(member.Value))) continue;
                if (member.Value.ValueKind == JsonValueKind.Null) remove.Add(member.Name);
                else if (member.Name == "hated_genres") WriteList(json, member, stored, isReplay, errors);
                else if (AnswerChoices.ByKey.TryGetValue(member.Name, out var choices)) WriteChoice(json, member, choices, remove, errors);
                else member.WriteTo(json);
            }
        });
        var change = set.Length == 2 && remove.Count == 0 ? CustomDataChange.None : new CustomDataChange(set, remove);
        if (errors.Count == before && set.Length > 2 && CustomDataObject.Size(change.ApplyTo(stored)) is var size
            && size > ProfileFields.CustomDataMaxBytes && size > CustomDataObject.Size(stored))
            errors.Add(new(Field, Messages.TooLarge));
        return change;
    }

    private static string? WholeFault(JsonElement payload)
    {
        var extra = 0L;
        return payload.ValueKind switch
        {
            JsonValueKind.Null => Messages.Null,
            JsonValueKind.Object => CustomDataShape.Check(payload, ref extra),
            _ => Messages.NotAnObject(JsonText.TypeName(payload)),
        };
    }

    private static void WriteList(Utf8JsonWriter json, JsonProperty member, string stored, bool isReplay, List<FieldError> errors)
    {
        var before = CustomDataObject.KnownAnswers(stored).HatedGenres ?? [];
        if (FieldRules.ReadList(member.Value, Genres.Canonical, before, out var entries) is { } fault)
        {
            errors.Add(new($"{Field}.{member.Name}", fault));
            return;
        }
        if (isReplay && entries.Count == 0) return;
        json.WriteStartArray(member.Name);
        foreach (var entry in entries) json.WriteStringValue(entry);
        json.WriteEndArray();
    }

    private static void WriteChoice(Utf8JsonWriter json, JsonProperty member, IReadOnlyList<string> choices, List<string> remove, List<FieldError> errors)
    {
        if (FieldRules.ReadChoice(member.Value, choices, out var choice) is { } fault) errors.Add(new($"{Field}.{member.Name}", fault));
        else if (choice.Length == 0) remove.Add(member.Name);
        else json.WriteString(member.Name, choice);
    }
}
