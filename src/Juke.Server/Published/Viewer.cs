using System.Collections.Frozen;
using System.Reflection;

namespace Juke.Server.Published;

/// <summary>
/// Swagger UI out of this assembly (docs/decisions/0011). It runs under the same Content-Security-Policy as every page: its
/// script and its styles are files of ours, nothing is inline and nothing comes from elsewhere.
/// </summary>
internal sealed class Viewer
{
    private const string Prefix = "viewer/";

    private readonly FrozenDictionary<string, PublishedFile> files = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(n => n[Prefix.Length..].Replace(".gz", "", StringComparison.Ordinal), Read, StringComparer.Ordinal);

    /// <summary>One of its files, or 404.</summary>
    public IResult File(string name) => files.TryGetValue(name, out var file) ? file : Results.NotFound();

    private static PublishedFile Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var isZipped = resource.EndsWith(".gz", StringComparison.Ordinal);
        return new PublishedFile(memory.ToArray(), TypeOf(isZipped ? resource[..^3] : resource), isZipped);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
}
