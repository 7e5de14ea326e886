using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Juke.Contract.Profiles;

namespace Juke.Server.Import;

/// <summary>A row of the old database read column by column, whatever types they have; nothing here throws at a value.</summary>
internal readonly struct OldRow
{
    // Rows are read however deep their JSON is nested: what is too deep is judged by the rules of its field.
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = 100_000 };

    private OldRow(JsonElement json) => Json = json;

    /// <summary>The row as JSON.</summary>
    public JsonElement Json { get; }

    /// <summary>The row, or null when PostgreSQL's text of it cannot be read as JSON.</summary>
    public static OldRow? Parse(string text)
    {
        try
        {
            return new OldRow(JsonElement.Parse(text, AnyDepth));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The column's value; undefined when there is no such column.</summary>
    public JsonElement this[string column] => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(column, out var value) ? value : default;

    /// <summary>The value as it stands in the row; "null" when there is none.</summary>
    public string Raw(string column) => Raw(this[column]);

    public static string Raw(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? "null" : Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));

    /// <summary>A text; null for null, for what is no text, and for what PostgreSQL could not store.</summary>
    public string? Text(string column) => Text(this[column]);

    public static string? Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            var text = value.GetString()!;
            return Contract.Text.IsWellFormed(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null; // A lone surrogate.
        }
    }

    /// <summary>The name of a member; null for one with a lone surrogate, which is no text.</summary>
    public static string? Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>True for true, 1 and the texts that PostgreSQL takes for it.</summary>
    public bool IsTrue(string column) => this[column].ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Number => Raw(column) != "0",
        JsonValueKind.String => Text(column)?.ToLowerInvariant() is "t" or "true" or "1" or "yes" or "on",
        _ => false,
    };

    public DateTimeOffset? Instant(string column) => CompletionMarker.Read(this[column]);

    /// <summary>A finite number, also one that is written as a text.</summary>
    public double? Number(string column)
    {
        var value = this[column];
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => Raw(column),
            JsonValueKind.String => Text(column),
            _ => null,
        };
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
    }

    /// <summary>Whether the column holds anything but null.</summary>
    public bool Has(string column) => this[column].ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
}
