using System.Text.Json;

namespace Juke.Contract.Profiles;

/// <summary>Reads the members of a payload one after the other: absent, a canonical value, or an error under the field's name.</summary>
/// <param name="Members">The payload.</param>
/// <param name="Errors">Where faults go, in the order of reading.</param>
/// <param name="IsReplay">A replayed wizard: null, empty text and empty list count as absent (contract §6).</param>
internal sealed record PayloadReader(Dictionary<string, JsonElement> Members, List<FieldError> Errors, bool IsReplay)
{
    public Optional<string> Text(string field, int? max) =>
        Find(field, out var value) && Accept(field, FieldRules.ReadText(value, max, out var text)) ? new(text) : default;

    public Optional<string> NullableText(string field, int max) =>
        Find(field, out var value) && value.ValueKind == JsonValueKind.Null ? new(null) : Text(field, max);

    public Optional<string> Url(string field, string stored) =>
        Find(field, out var value) && Accept(field, FieldRules.ReadUrl(value, stored, out var url)) ? new(url) : default;

    public Optional<IReadOnlyList<string>> List(string field, Func<string, string> canonical, IReadOnlyList<string> stored) =>
        Find(field, out var value) && Accept(field, FieldRules.ReadList(value, canonical, stored, out var entries)) && !(IsReplay && entries.Count == 0)
            ? new(entries)
            : default;

    /// <summary>Both or neither, judged on the payload: a null stands for "no position" whatever is beside it; a number alone lacks its other half.</summary>
    public Optional<Coordinates> City()
    {
        var hasLat = Members.ContainsKey("city_lat");
        var hasLng = Members.ContainsKey("city_lng");
        if (!hasLat && !hasLng) return default;
        double? lat = null, lng = null;
        var fine = !Find("city_lat", out var value) || Accept("city_lat", FieldRules.ReadCoordinate(value, 90, out lat));
        fine &= !Find("city_lng", out value) || Accept("city_lng", FieldRules.ReadCoordinate(value, 180, out lng));
        if (!fine) return default;
        if (lat is { } latitude && lng is { } longitude) return new(new Coordinates(latitude, longitude));
        if ((lat is not null && !hasLng) || (lng is not null && !hasLat)) Errors.Add(new(hasLat ? "city_lng" : "city_lat", Messages.Required));
        else if (!IsReplay) return new(null);
        return default;
    }

    private bool Find(string field, out JsonElement value) => Members.TryGetValue(field, out value) && !(IsReplay && FieldRules.IsUnanswered(value));

    private bool Accept(string field, string? fault)
    {
        if (fault is not null) Errors.Add(new(field, fault));
        return fault is null;
    }
}
