using Juke.Contract;

namespace Juke.Server.Plumbing;

/// <summary>A JSON body as the bytes that came, for payloads whose numbers and repeated keys matter as they were written.</summary>
internal static class JsonBody
{
    public static async Task<Outcome<ReadOnlyMemory<byte>>> ReadAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!http.Request.HasJsonContentType()) return new Problem(ProblemCode.UnsupportedMediaType, $"Unsupported media type \"{MediaType(http)}\" in request.");
        using var buffer = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 1024, 128 * 1024));
        await http.Request.Body.CopyToAsync(buffer, cancellation);
        return new ReadOnlyMemory<byte>(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    // Repeated to the caller, so no more of it than a media type can be.
    private static string MediaType(HttpContext http)
    {
        var type = http.Request.ContentType ?? "";
        return new string([.. type.Where(c => c is > ' ' and < '\u007f' and not '"').Take(80)]);
    }
}
