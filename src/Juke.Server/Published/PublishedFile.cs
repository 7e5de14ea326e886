using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Juke.Server.Published;

/// <summary>Bytes that only a new build changes: asked for again each time, sent again only when they are others.</summary>
internal sealed class PublishedFile(byte[] content, string type, bool isZipped = false) : IResult
{
    private readonly EntityTagHeaderValue tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.CacheControl = "no-cache";
        if (!isZipped) return Results.Bytes(content, type, entityTag: tag).ExecuteAsync(httpContext);
        httpContext.Response.Headers.Vary = "Accept-Encoding";
        if (!httpContext.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
            return Results.Stream(new GZipStream(new MemoryStream(content), CompressionMode.Decompress), type).ExecuteAsync(httpContext);
        httpContext.Response.Headers.ContentEncoding = "gzip";
        return Results.Bytes(content, type, entityTag: tag).ExecuteAsync(httpContext);
    }
}
