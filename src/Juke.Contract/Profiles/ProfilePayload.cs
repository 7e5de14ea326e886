using System.Text.Json;

namespace Juke.Contract.Profiles;

/// <summary>The body of a save as members by name: read once, no name twice, the wrong ones named.</summary>
internal static class ProfilePayload
{
    /// <summary>The body as JSON; or null and what is wrong with it.</summary>
    public static JsonElement? Parse(ReadOnlySpan<byte> utf8Json, out ProfileOutcome? refusal)
    {
        refusal = null;
        try
        {
            return JsonElement.Parse(utf8Json, JsonText.AnyDepth);
        }
        catch (JsonException)
        {
            refusal = FaultAt(utf8Json) is { } fault
                ? ProfileOutcome.Refused(fault)
                : new(null, ProblemCode.BadRequest, [new(ProfileFields.WholeBody, Messages.BrokenJson)]);
            return null;
        }
    }

    /// <summary>The members by name; faults go to <paramref name="errors"/>.</summary>
    public static Dictionary<string, JsonElement> Members(JsonElement body, List<FieldError> errors)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new(ProfileFields.WholeBody, Messages.BodyNotAnObject(JsonText.TypeName(body))));
            return members;
        }
        var twice = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in body.EnumerateObject())
        {
            if (!JsonText.TryName(member, out var name) || JsonText.Fault(name) is not null)
            {
                // One is enough to refuse: each costs an exception, and a body can hold thousands.
                errors.Add(new(ProfileFields.WholeBody, Messages.NameNotUnicode));
                break;
            }
            if (!members.TryAdd(name, member.Value) && twice.Add(name))
                errors.Add(new(Nameable(name), Messages.Twice));
        }
        // What is there twice has no one value to judge.
        foreach (var name in twice) members.Remove(name);
        return members;
    }

    // Python wrote NaN and Infinity without quotes, and the old server read them; a value nested beyond all reason ends the
    // reading as well. For both the field can still be named.
    private static FieldError? FaultAt(ReadOnlySpan<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(utf8Json, new JsonReaderOptions { MaxDepth = JsonText.AnyDepth.MaxDepth });
        string? field = null;
        var depth = 0;
        try
        {
            while (reader.Read())
            {
                depth = reader.CurrentDepth;
                if (reader.TokenType == JsonTokenType.PropertyName && depth == 1) field = reader.GetString();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            if (field is null || !ProfileFields.Writable.Contains(field, StringComparer.Ordinal)) return null;
            if (depth >= JsonText.AnyDepth.MaxDepth - 1) return new(field, Messages.TooDeep);
            var rest = utf8Json[(int)reader.BytesConsumed..].TrimStart(" \t\r\n:,"u8);
            if (rest.StartsWith("NaN"u8) || rest.StartsWith("Infinity"u8) || rest.StartsWith("-Infinity"u8)) return new(field, Messages.NotANumber);
        }
        return null;
    }

    /// <summary>A name that can be repeated to who sent it: not empty, not by the megabyte.</summary>
    public static string Nameable(string name) => name.Length is > 0 and <= 100 ? name : ProfileFields.WholeBody;
}
