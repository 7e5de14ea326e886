using Juke.Contract;
using Juke.Server.Plumbing;
using Juke.Server.Web.Pages;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Juke.Server.Web;

/// <summary>Shows a problem as a page: to who asked for a page, and to browsers on addresses that are nobody's.</summary>
internal sealed class ProblemPages : IProblemPage
{
    private static readonly string[] Apis = ["/auth", "/api", "/fixtures", "/health"];

    public bool IsFor(HttpContext http)
    {
        // The exception handler takes the endpoint away, and keeps it here.
        var endpoint = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<IsPage>() is not null) return true;
        return http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            && !Array.Exists(Apis, api => http.Request.Path.StartsWithSegments(api, StringComparison.OrdinalIgnoreCase));
    }

    public async Task WriteAsync(HttpContext http, Problem problem)
    {
        if (http.Response.HasStarted) return;
        http.Response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } wait) http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString();

        // A renderer serves one page per scope, and the page that failed may have had its own.
        await using var scope = http.RequestServices.CreateAsyncScope();
        var services = http.RequestServices;
        http.RequestServices = scope.ServiceProvider;
        try
        {
            var page = new RazorComponentResult<ProblemPage>(new { problem.Code, Wait = problem.RetryAfter })
            {
                StatusCode = problem.Status,
            };
            await page.ExecuteAsync(http);
        }
        finally
        {
            http.RequestServices = services;
        }
    }
}
