using System.Security.Cryptography;

namespace Juke.Server.Web;

/// <summary>
/// The files of wwwroot. Those under <c>/assets</c> are asked for with a hash of their content, so that browsers may keep
/// them for good; everything else is asked for again each time.
/// </summary>
internal sealed class WebFiles
{
    private readonly Dictionary<string, string> hashes = new(StringComparer.Ordinal);

    public WebFiles(IWebHostEnvironment environment)
    {
        foreach (var file in environment.WebRootFileProvider.GetDirectoryContents("assets"))
        {
            using var content = file.CreateReadStream();
            hashes["/assets/" + file.Name] = Convert.ToHexStringLower(SHA256.HashData(content))[..12];
        }
    }

    public StaticFileOptions Options => new()
    {
        OnPrepareResponse = context =>
        {
            var request = context.Context.Request;
            var isThisVersion = hashes.TryGetValue(request.Path, out var hash) && request.Query["v"] == hash;
            context.Context.Response.Headers.CacheControl = isThisVersion ? "public, max-age=31536000, immutable" : "no-cache";
        },
    };

    /// <summary>The address of a file under <c>/assets</c>.</summary>
    public string Url(string name) => $"/assets/{name}?v={hashes["/assets/" + name]}";
}
