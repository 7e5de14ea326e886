using Juke.Contract;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Juke.Server.Plumbing;

/// <summary>
/// Bodies are UTF-8 and not compressed (RFC 8259 §8.1; RFC 9110 §15.5.16). The framework throws on a charset that it does
/// not know, and takes no notice of a Content-Encoding: both are answered here, with 415.
/// </summary>
internal static class JsonBody
{
    private static readonly Problem Charset = new(ProblemCode.UnsupportedMediaType, "Send JSON in UTF-8.");

    private static readonly Problem Compressed = new(ProblemCode.UnsupportedMediaType, "Send the body as it is, without Content-Encoding.");

    public static void UseJsonBody(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (Judge(http.Request) is { } problem) await Problems.ReplyAsync(http, problem);
        else await next(http);
    });

    private static Problem? Judge(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } coding && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase)) return Compressed;
        if (!request.HasJsonContentType() || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue) return null;
        if (HeaderUtilities.RemoveQuotes(type.Charset) is { Length: > 0 } charset && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return Charset;
        // In quotes it is the same (RFC 9110 §8.3.1), and empty it is none, but the framework knows it only as it stands here.
        type.Charset = "utf-8";
        request.ContentType = type.ToString();
        return null;
    }

    /// <summary>The body as the bytes that came, for payloads whose numbers and repeated keys matter as they were written.</summary>
    public static async Task<Outcome<ReadOnlyMemory<byte>>> ReadAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!http.Request.HasJsonContentType()) return new Problem(ProblemCode.UnsupportedMediaType, $"Unsupported media type \"{MediaType(http)}\" in request.");
        using var buffer = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 1024, 64 * 1024));
        await http.Request.Body.CopyToAsync(buffer, cancellation);
        return new ReadOnlyMemory<byte>(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    // Repeated to the caller, so no more of it than a media type can be.
    private static string MediaType(HttpContext http)
    {
        var type = http.Request.ContentType ?? "";
        return new string([.. type.Where(c => c is > ' ' and < '\u007f' and not '"').Take(80)]);
    }

    /// <summary>For routes that take a whole profile: four full lists and custom_data are more than other bodies may be.</summary>
    public static IRequestSizeLimitMetadata WholeProfile { get; } = new Limit(512 * 1024);

    private sealed record Limit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
