using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Juke.Desk.StandIns;

/// <summary>One way for an outside service to answer badly, or not at all.</summary>
/// <param name="Name">What tests and the control page call it.</param>
/// <param name="AnswerAsync">Answers the request in place of the endpoint.</param>
internal sealed record Fault(string Name, Func<HttpContext, Task> AnswerAsync)
{
    private const string Json = "application/json";

    /// <summary>64 MB: more than any client should read.</summary>
    public const int HugeBodyBytes = 64 * 1024 * 1024;

    /// <summary>The names that <see cref="Named"/> knows; <c>status</c>, <c>too-many-requests</c> and <c>redirect</c> take more words.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["status", "too-many-requests", "quota-exceeded", "server-error-html", "hang", "slow-body", "huge-body", "broken-json", "empty-body", "drop", "redirect"];

    /// <summary>5xx as proxies give it: a page, where JSON is expected.</summary>
    public static Fault ServerErrorHtml { get; } = Status(503, "<html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>", "text/html; charset=utf-8") with { Name = "server-error-html" };

    /// <summary>429 of the quota, which is not the rate limit: told apart by its reason (reference A7).</summary>
    public static Fault QuotaExceeded { get; } = Status(429, """{"error":{"status":429,"message":"Quota exceeded","reason":"QUOTA_EXCEEDED"}}""") with { Name = "quota-exceeded" };

    /// <summary>200 with half a JSON object.</summary>
    public static Fault BrokenJson { get; } = Status(200, """{"access_token":"half of an""") with { Name = "broken-json" };

    /// <summary>200 with nothing.</summary>
    public static Fault EmptyBody { get; } = Status(200, "") with { Name = "empty-body" };

    /// <summary>Nothing, until the client leaves.</summary>
    public static Fault Hang { get; } = new("hang", context => UntilGoneAsync(context, gone => Task.Delay(Timeout.Infinite, gone)));

    /// <summary>The connection is cut.</summary>
    public static Fault Drop { get; } = new("drop", context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    /// <summary>Headers at once, then a space every tenth of a second, until the client leaves: each read succeeds, the whole never comes.</summary>
    public static Fault SlowBody { get; } = new("slow-body", context => UntilGoneAsync(context, async gone =>
    {
        context.Response.ContentType = Json;
        while (true)
        {
            await context.Response.Body.WriteAsync(" "u8.ToArray(), gone);
            await context.Response.Body.FlushAsync(gone);
            await Task.Delay(TimeSpan.FromMilliseconds(100), gone);
        }
    }));

    /// <summary>200 with valid JSON of <see cref="HugeBodyBytes"/>, streamed, without a Content-Length that would warn.</summary>
    public static Fault HugeBody { get; } = new("huge-body", context => UntilGoneAsync(context, async gone =>
    {
        var padding = Encoding.ASCII.GetBytes(new string('a', 64 * 1024));
        context.Response.ContentType = Json;
        await context.Response.Body.WriteAsync("{\"padding\":\""u8.ToArray(), gone);
        for (var sent = 0; sent < HugeBodyBytes; sent += padding.Length) await context.Response.Body.WriteAsync(padding, gone);
        await context.Response.Body.WriteAsync("\"}"u8.ToArray(), gone);
    }));

    /// <summary>This status, with this body.</summary>
    /// <param name="status">The status.</param>
    /// <param name="body">The body; null = none.</param>
    /// <param name="contentType">Its type; null = application/json.</param>
    /// <param name="headers">Further headers.</param>
    public static Fault Status(int status, string? body = null, string? contentType = null, params (string Name, string Value)[] headers) => new("status", async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        if (body is null) return;
        context.Response.ContentType = contentType ?? Json;
        await context.Response.WriteAsync(body, context.RequestAborted);
    });

    /// <summary>429. Seen from Spotify: seconds, none, <c>0</c>, and many hours (reference A8).</summary>
    /// <param name="retryAfter">The header as it is sent, whatever it says; null = no header.</param>
    public static Fault TooManyRequests(string? retryAfter) =>
        Status(429, """{"error":{"status":429,"message":"API rate limit exceeded"}}""", Json, retryAfter is null ? [] : [("Retry-After", retryAfter)]) with { Name = "too-many-requests" };

    /// <summary>302 to somewhere: an API that does so is not to be followed.</summary>
    public static Fault Redirect(string url) => Status(302, null, null, ("Location", url)) with { Name = "redirect" };

    /// <summary>By one of <see cref="Names"/>; null = no such name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="words">What else was said: status, body, contentType, retryAfter, url.</param>
    public static Fault? Named(string name, Func<string, string?> words) => name switch
    {
        "status" => int.TryParse(words("status"), out var status) && status is >= 200 and <= 599 ? Status(status, words("body"), words("contentType")) : null,
        "too-many-requests" => TooManyRequests(words("retryAfter")),
        "redirect" => Redirect(words("url") ?? "/elsewhere"),
        "quota-exceeded" => QuotaExceeded,
        "server-error-html" => ServerErrorHtml,
        "hang" => Hang,
        "slow-body" => SlowBody,
        "huge-body" => HugeBody,
        "broken-json" => BrokenJson,
        "empty-body" => EmptyBody,
        "drop" => Drop,
        _ => null,
    };

    private static async Task UntilGoneAsync(HttpContext context, Func<CancellationToken, Task> answerAsync)
    {
        // The stand-in itself may stop first: a client that waits for ever must not hold it up.
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await answerAsync(gone.Token);
        }
        catch (Exception e) when (gone.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }
}
