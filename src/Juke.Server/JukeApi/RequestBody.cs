using System.Text;
using System.Text.Json;
using Juke.Contract;
using Juke.Contract.Profiles;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Juke.Server.JukeApi;

/// <summary>
/// Bodies of the Juke dialect come as JSON or as a form of either kind (legacy-wire A.1); what follows reads JSON only. In a
/// form each value is a text: of several under one name the last counts, lists take them all, and what was JSON inside a
/// form is JSON again.
/// </summary>
internal static class RequestBody
{
    private static readonly string[] Lists = ["favorite_genres", "favorite_artists", "favorite_albums", "favorite_tracks"];

    /// <summary>Fields whose empty input means null, as forms cannot say it otherwise.</summary>
    private static readonly string[] Nullable = ["city_lat", "city_lng", ProfileFields.CompletionMarker];

    /// <summary>The body as JSON in UTF-8. Neither body nor type is an empty object.</summary>
    public static async Task<Outcome<ReadOnlyMemory<byte>>> ReadAsync(HttpContext http, CancellationToken cancellation)
    {
        if (http.Request.ContentType is null && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return new ReadOnlyMemory<byte>("{}"u8.ToArray());
        if (!http.Request.HasFormContentType) return await JsonBody.ReadAsync(http, cancellation);
        try
        {
            return ToJson(await http.Request.ReadFormAsync(cancellation));
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or IOException and not BadHttpRequestException)
        {
            // A boundary that never comes, U+0000, too many or too long names (FormOptions), a charset that .NET refuses (UTF-7).
            return new Problem(ProblemCode.BadRequest, "Form parse error - the form cannot be read.");
        }
    }

    private static ReadOnlyMemory<byte> ToJson(IFormCollection form)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = PlainJsonEncoder.Instance }))
        {
            writer.WriteStartObject();
            foreach (var (name, values) in form)
            {
                writer.WritePropertyName(name);
                Write(writer, name, values);
            }
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, StringValues values)
    {
        var last = values is [.., var text] ? text ?? "" : "";
        var isList = Lists.Contains(name, StringComparer.Ordinal);
        if (last.Length == 0 && Nullable.Contains(name, StringComparer.Ordinal)) writer.WriteNullValue();
        else if ((name == "custom_data" || (isList && values.Count == 1)) && IsJson(last, isList ? '[' : '{')) writer.WriteRawValue(last, skipInputValidation: true);
        else if (isList)
        {
            writer.WriteStartArray();
            foreach (var value in values) writer.WriteStringValue(value);
            writer.WriteEndArray();
        }
        else writer.WriteStringValue(last);
    }

    private static bool IsJson(string text, char start)
    {
        if (!text.AsSpan().TrimStart().StartsWith([start])) return false;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
