using System.Text.Encodings.Web;
using System.Text.Json;

namespace Juke.Server.Published;

/// <summary>Where the contract can be read: the document for tools, the viewer for people. Open to everybody.</summary>
internal static class PublishedRoutes
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void MapPublished(this IEndpointRouteBuilder routes)
    {
        // Made when it is first asked for: every endpoint is mapped by then, and nobody waits for it at start.
        var document = new Lazy<PublishedFile>(() => new PublishedFile(JsonSerializer.SerializeToUtf8Bytes(
            OpenApiDocument.Build(routes.DataSources.SelectMany(s => s.Endpoints)), Indented), "application/json"));
        routes.MapGet("/openapi/v1.json", () => document.Value).WithName("openApi").ExcludeFromDescription();

        var viewer = new Viewer();
        routes.MapGet("/docs", () => viewer.File("index.html")).WithName("docs").ExcludeFromDescription();
        routes.MapGet("/docs/{file}", (string file) => viewer.File(file)).WithName("docsFile").ExcludeFromDescription();
    }
}
