using System.Globalization;
using System.Text.Json;
using Juke.Contract;
using Juke.Server.Plumbing;

namespace Juke.Server.JukeApi;

/// <summary>
/// The members of a small body, read one by one as the old server's serializers read them: numbers pass for texts, unknown
/// members do not matter, and every fault is noted under its field in the old words (legacy-wire A.2).
/// </summary>
internal sealed class RequestFields
{
    private const string Blank = "This field may not be blank.";
    private const string Required = "This field is required.";
    private const string NotText = "Not a valid string.";
    private const string NotInteger = "A valid integer is required.";

    private readonly Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);

    private RequestFields()
    {
    }

    /// <summary>What is wrong so far, in the order of reading.</summary>
    public List<(string Field, string Message)> Errors { get; } = [];

    /// <summary>Reads the body; the problem is about the body as a whole, or about a member that is there twice.</summary>
    public static async Task<Outcome<RequestFields>> ReadAsync(HttpContext http, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(http, cancellation);
        if (body.Failed) return body.Problem;
        try
        {
            using var json = JsonDocument.Parse(body.Value);
            return Of(json.RootElement.Clone());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name with half a surrogate pair.
            return new Problem(ProblemCode.BadRequest, "JSON parse error - the body is not valid JSON.");
        }
    }

    /// <summary>A text that must be there and must not be blank, trimmed; empty after a fault was noted.</summary>
    public string Text(string field)
    {
        var text = Exact(field).Trim();
        if (text.Length == 0) NoteBlank(field);
        return text;
    }

    /// <summary>Notes that the field is blank, unless something else is wrong with it already.</summary>
    public void NoteBlank(string field)
    {
        if (!Errors.Exists(e => e.Field == field)) Errors.Add((field, Blank));
    }

    /// <summary>A text that must be there, as it is; empty after a fault was noted.</summary>
    public string Exact(string field)
    {
        if (!members.TryGetValue(field, out var value)) Errors.Add((field, Required));
        else if (value.ValueKind == JsonValueKind.Null) Errors.Add((field, "This field may not be null."));
        else return Read(field, value);
        return "";
    }

    /// <summary>A text that may be missing, null or blank, trimmed; null then.</summary>
    public string? Optional(string field) =>
        members.TryGetValue(field, out var value) && value.ValueKind != JsonValueKind.Null && Read(field, value).Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A whole number or its digits, as digits; empty after a fault was noted.</summary>
    public string Digits(string field)
    {
        var text = Exact(field);
        if (Errors.Exists(e => e.Field == field)) return "";
        if (long.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number))
            return number.ToString(CultureInfo.InvariantCulture);
        Errors.Add((field, NotInteger));
        return "";
    }

    /// <summary>Whether the member is there with anything but null, however wrong. Notes nothing.</summary>
    public bool Has(string field) => members.TryGetValue(field, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A text whatever is wrong with it; null when it is none. Notes nothing.</summary>
    public string? Peek(string field) => members.TryGetValue(field, out var value) && ToText(value) is { } text && Contract.Text.IsWellFormed(text) ? text : null;

    private static Outcome<RequestFields> Of(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return Problem.Fields(("non_field_errors", $"Invalid data. Expected a dictionary, but got {TypeName(body)}."));
        var fields = new RequestFields();
        foreach (var member in body.EnumerateObject())
            if (!fields.members.TryAdd(member.Name, member.Value)) return Problem.Fields((member.Name.Length is > 0 and <= 100 ? member.Name : "non_field_errors", "This member is there twice."));
        return fields;
    }

    private string Read(string field, JsonElement value)
    {
        if (ToText(value) is not { } text) Errors.Add((field, NotText));
        else if (text.Contains('\0', StringComparison.Ordinal)) Errors.Add((field, "Null characters are not allowed."));
        else if (!Contract.Text.IsWellFormed(text)) Errors.Add((field, NotText));
        else return text;
        return "";
    }

    private static string? ToText(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null; // Half a surrogate pair.
        }
    }

    // Python's names, as the old server said them.
    private static string TypeName(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Array => "list",
        JsonValueKind.String => "str",
        JsonValueKind.Number => body.GetRawText().AsSpan().ContainsAny('.', 'e', 'E') ? "float" : "int",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "NoneType",
    };
}
