using Juke.Contract;
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
        return request.HasJsonContentType() && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.Charset is { Length: > 0 } charset && !HeaderUtilities.RemoveQuotes(charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? Charset : null;
    }
}
