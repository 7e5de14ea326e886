using Juke.Contract;
using Microsoft.Extensions.Primitives;

namespace Juke.Server.Plumbing;

/// <summary>What every reply carries, and the one header of the contract that a request may carry.</summary>
internal static class ReplyHeaders
{
    // Written once: these are on every reply.
    private static readonly StringValues Version = ContractVersion.Current;
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoReferrer = "no-referrer";
    private static readonly StringValues SameOrigin = "same-origin";
    private static readonly StringValues NoDevices = "camera=(), geolocation=(), microphone=()";
    private static readonly StringValues Deny = "DENY";
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues TwoYears = "max-age=63072000; includeSubDomains";

    // Pages load their own stylesheet, module and images, and post to themselves. Nothing inline, nothing from elsewhere: no picture of a provider either.
    private static readonly StringValues ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
        + "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

    public static void UseReplyHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        Write(http);
        return next(http);
    });

    /// <summary>Also for the exception handler: the framework clears the reply before it calls it.</summary>
    public static void Write(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers[ContractVersion.Header] = Version;
        headers["Trace-Id"] = Metrics.TraceId(http);
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = NoReferrer;
        headers["Cross-Origin-Opener-Policy"] = SameOrigin;
        headers["Cross-Origin-Resource-Policy"] = SameOrigin;
        headers["Permissions-Policy"] = NoDevices;
        headers.XFrameOptions = Deny;
        headers.CacheControl = NoStore;
        if (http.RequestServices.GetRequiredService<Settings>().IsProduction) headers.StrictTransportSecurity = TwoYears;
    }

    /// <summary>Behind CORS, so that a browser app can read the refusal.</summary>
    public static void UseContractVersion(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (http.Request.Headers.TryGetValue(ContractVersion.Header, out var asked) && !ContractVersion.All.Contains(asked.ToString(), StringComparer.Ordinal))
            await Problems.WriteAsync(http, new Problem(
                ProblemCode.UnsupportedContractVersion, $"Supported contract versions: {string.Join(", ", ContractVersion.All)}."));
        else await next(http);
    });
}
