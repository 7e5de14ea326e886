using Juke.Contract;

namespace Juke.Server.Plumbing;

/// <summary>What every reply carries, and the one header of the contract that a request may carry.</summary>
internal static class ReplyHeaders
{
    // Pages load their own stylesheet, module and images, and post to themselves. Nothing inline, nothing from elsewhere.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
        + "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

    public static void UseReplyHeaders(this WebApplication app)
    {
        var production = app.Services.GetRequiredService<Settings>().IsProduction;
        app.Use(async (http, next) =>
        {
            // When the reply starts, because the exception handler clears what was set before.
            http.Response.OnStarting(() =>
            {
                var headers = http.Response.Headers;
                headers[ContractVersion.Header] = ContractVersion.Current;
                headers["Trace-Id"] = Metrics.TraceId(http);
                headers.ContentSecurityPolicy = ContentSecurityPolicy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Cross-Origin-Resource-Policy"] = "same-origin";
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
                headers.XFrameOptions = "DENY";
                if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
                if (production) headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
                return Task.CompletedTask;
            });

            if (http.Request.Headers.TryGetValue(ContractVersion.Header, out var asked) && !ContractVersion.All.Contains(asked.ToString(), StringComparer.Ordinal))
            {
                await Problems.WriteAsync(http, new Problem(
                    ProblemCode.UnsupportedContractVersion, $"Supported contract versions: {string.Join(", ", ContractVersion.All)}."));
                return;
            }
            await next(http);
        });
    }
}
