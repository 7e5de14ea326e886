namespace Juke.Server.Web;

/// <summary>303: go and GET that page (RFC 9110 §15.4.4), so that a reload never sends a form twice.</summary>
internal sealed class SeeOther(string path) : IResult
{
    /// <summary>To a page, with one of the texts <c>Notice_…</c> shown there.</summary>
    public static SeeOther WithNotice(string path, string key) => new(Noticed(path, key));

    /// <summary>The address of the page that shows the text.</summary>
    public static string Noticed(string path, string key) => $"{path}?notice={key["Notice_".Length..]}";

    public static void To(HttpContext http, string path)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = path;
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        To(httpContext, path);
        return Task.CompletedTask;
    }
}
