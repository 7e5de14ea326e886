namespace Juke.Server.JukeApi;

/// <summary>
/// Every path of the Juke dialect ends in a slash. A GET without it is sent there with 301, as the old server did
/// (legacy-wire A.1), before anything else is asked; other methods would lose their body on the way and are simply served.
/// </summary>
internal static class TrailingSlash
{
    public static void UseTrailingSlash(this WebApplication app) => app.Use((http, next) =>
    {
        var request = http.Request;
        if (http.GetEndpoint() is null || !HttpMethods.IsGet(request.Method) || !request.Path.StartsWithSegments("/api/v1", StringComparison.Ordinal)
            || request.Path.Value!.EndsWith('/'))
            return next(http);
        // A path of this server, not a whole URL: behind a proxy only the client knows which host it called.
        http.Response.StatusCode = StatusCodes.Status301MovedPermanently;
        http.Response.Headers.Location = request.PathBase.ToUriComponent() + request.Path.ToUriComponent() + "/" + request.QueryString.ToUriComponent();
        return Task.CompletedTask;
    });
}
