using System.Text.Json;

namespace Juke.Contract.Profiles;

/// <summary>Reads the columns of an old row one after the other; what does not fit goes to <see cref="KeptAside"/>.</summary>
internal sealed class LegacyRow
{
    private readonly Dictionary<string, JsonElement> columns = new(StringComparer.Ordinal);
    private readonly List<KeptAside> keptAside = [];

    public LegacyRow(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            if (row.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)) Keep("", row, "The row is not an object.");
            return;
        }
        foreach (var column in row.EnumerateObject())
        {
            if (!JsonText.TryName(column, out var name) || JsonText.Fault(name) is not null) Keep("", column.Value, Messages.NameNotUnicode);
            else if (!columns.TryAdd(name, column.Value)) Keep(name, column.Value, Messages.Twice);
        }
    }

    public IReadOnlyList<KeptAside> KeptAside => keptAside;

    /// <summary>The column <c>onboarding_completed_at</c>; null when it is empty or no date.</summary>
    public DateTimeOffset? CompletionColumn() => Find(ProfileFields.CompletionMarker, out var value) ? Marker(ProfileFields.CompletionMarker, value) : null;

    public string? Text(string column, int? max)
    {
        if (!Find(column, out var value)) return null;
        if (FieldRules.ReadText(value, max, out var text) is not { } fault) return text;
        Keep(column, value, fault);
        return null;
    }

    public string Url(string column)
    {
        if (!Find(column, out var value)) return "";
        if (FieldRules.ReadUrl(value, stored: "", out var url) is not { } fault) return url;
        Keep(column, value, fault);
        return "";
    }

    /// <summary>Every entry that is a text, however many and however long; blank ones and duplicates say nothing and go.</summary>
    public IReadOnlyList<string> List(string column, Func<string, string> canonical) =>
        Find(column, out var value) ? List(column, value, canonical) : [];

    public Coordinates? City()
    {
        var lat = Coordinate("city_lat", 90);
        var lng = Coordinate("city_lng", 180);
        if (lat is { } latitude && lng is { } longitude)
        {
            KeepIfRounded("city_lat", latitude);
            KeepIfRounded("city_lng", longitude);
            return new(latitude, longitude);
        }
        if (lat is not null) Keep("city_lat", columns["city_lat"], "The other coordinate is missing.");
        if (lng is not null) Keep("city_lng", columns["city_lng"], "The other coordinate is missing.");
        return null;
    }

    /// <summary>The object without its marker, answers that fit, and every unknown key that fits in shape and size.</summary>
    public string CustomData(out DateTimeOffset? completedAt)
    {
        DateTimeOffset? marker = null;
        completedAt = null;
        if (!Find("custom_data", out var value)) return "{}";
        if (value.ValueKind != JsonValueKind.Object)
        {
            Keep("custom_data", value, Messages.NotAnObject(JsonText.TypeName(value)));
            return "{}";
        }
        var room = (long)ProfileFields.CustomDataMaxBytes - 2;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var text = CustomDataObject.Write(json =>
        {
            foreach (var member in value.EnumerateObject())
            {
                if (!JsonText.TryName(member, out var name) || JsonText.Fault(name) is not null) Keep("custom_data", member.Value, Messages.NameNotUnicode);
                else if (!seen.Add(name)) Keep("custom_data." + name, member.Value, Messages.Twice);
                else if (name == ProfileFields.CompletionMarker) marker = Marker("custom_data." + name, member.Value);
                else if (Member(name, member.Value) is { } written && TakeRoom(name, member.Value, written, ref room))
                {
                    json.WritePropertyName(name);
                    json.WriteRawValue(written);
                }
            }
        });
        completedAt = marker;
        return text;
    }

    // One member of custom_data as JSON text, or null when it says nothing or is kept aside.
    private string? Member(string name, JsonElement value)
    {
        var field = "custom_data." + name;
        if (value.ValueKind == JsonValueKind.Null)
        {
            // The web wrote null for every skipped question; under an unknown key it might mean something to somebody.
            if (name != "hated_genres" && !AnswerChoices.ByKey.ContainsKey(name)) Keep(field, value, "Null stands for an absent key.");
            return null;
        }
        if (name == "hated_genres")
        {
            var entries = List(field, value, Genres.Canonical);
            return value.ValueKind == JsonValueKind.Array ? ListJson(entries) : null;
        }
        var extra = 0L;
        if (AnswerChoices.ByKey.TryGetValue(name, out var choices))
        {
            if (FieldRules.ReadChoice(value, choices, out var choice) is not { } fault) return choice.Length == 0 ? null : $"\"{choice}\"";
            Keep(field, value, fault);
            return null;
        }
        // Level 2: the object around it is level 1.
        if (CustomDataShape.Check(value, ref extra, depth: 2) is { } unfit)
        {
            Keep(field, value, unfit);
            return null;
        }
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, CustomDataObject.Writing)) value.WriteTo(json);
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private bool TakeRoom(string name, JsonElement value, string written, ref long room)
    {
        var size = CustomDataObject.Size($"{{{JsonName(name)}:{written}}}") - 1; // Without the braces, with a comma.
        if (size <= room)
        {
            room -= size;
            return true;
        }
        Keep("custom_data." + name, value, Messages.TooLarge);
        return false;
    }

    private List<string> List(string field, JsonElement value, Func<string, string> canonical)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            Keep(field, value, Messages.NotAList(JsonText.TypeName(value)));
            return [];
        }
        var kept = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var index = -1;
        foreach (var element in value.EnumerateArray())
        {
            index++;
            if (element.ValueKind == JsonValueKind.Null) continue;
            if (JsonText.Read(element, out var text) is { } fault) Keep($"{field}[{index}]", element, fault);
            else if (canonical(text) is { Length: > 0 } entry && seen.Add(entry)) kept.Add(entry);
        }
        return kept;
    }

    private double? Coordinate(string column, int range)
    {
        if (!Find(column, out var value)) return null;
        if (FieldRules.ReadCoordinate(value, range, out var coordinate) is not { } fault) return coordinate;
        Keep(column, value, fault);
        return null;
    }

    // Rows that were loaded in bulk kept more decimals than the old model's save allowed.
    private void KeepIfRounded(string column, double rounded)
    {
        var value = columns[column];
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var exact) && !exact.Equals(rounded)) Keep(column, value, "Rounded to 2 decimals.");
    }

    private DateTimeOffset? Marker(string field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null) return null;
        var instant = CompletionMarker.Read(value);
        if (instant is null) Keep(field, value, "Not a date and time.");
        return instant;
    }

    private static string JsonName(string name) => $"\"{JsonEncodedText.Encode(name, PlainJsonEncoder.Instance)}\"";

    private static string ListJson(List<string> entries) =>
        "[" + string.Join(',', entries.Select(JsonName)) + "]";

    private bool Find(string column, out JsonElement value) => columns.TryGetValue(column, out value) && value.ValueKind != JsonValueKind.Null;

    private void Keep(string field, JsonElement value, string reason) => keptAside.Add(new(field, JsonText.Raw(value), reason));
}
