using System.Net;
using System.Text.Json;
using Juke.Contract;

namespace Juke.Server.Plumbing;

/// <summary>
/// Calls to one provider, with nothing left to chance: bounded in time and size, no redirect followed (ASVS 15.3.2), no
/// cookie kept, no proxy taken from the environment, nothing logged. Whatever goes wrong is a <see cref="ProviderReply"/>.
/// </summary>
internal sealed class ProviderHttp(string provider, TimeProvider time) : IDisposable
{
    /// <summary>Bytes of a body that are read; the largest honest one is a page of search results, some 20 KB.</summary>
    public const int MostBytes = 256 * 1024;

    /// <summary>For one call as a whole, a second try included.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        MaxResponseHeadersLength = 16,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // Our trace ids are nobody else's business.
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // Ours below runs on the clock that tests move.
    };

    /// <summary>Sends a request.</summary>
    /// <param name="call">What it is, for the metric.</param>
    /// <param name="make">Makes the request; called again for a second try.</param>
    /// <param name="again">Whether a call that got no answer, or a 5xx, is tried once more: only where twice does no harm.</param>
    /// <param name="cancellation">The caller's: when it ends, the exception is the caller's too.</param>
    public async Task<ProviderReply> SendAsync(string call, Func<HttpRequestMessage> make, bool again, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        var reply = await TryAsync(make, both.Token, cancellation);
        if (again && reply.Status is 0 or >= 500 && !both.IsCancellationRequested) reply = await TryAsync(make, both.Token, cancellation);
        Metrics.ProviderCalled(provider, call, reply.Outcome);
        return reply;
    }

    public void Dispose() => client.Dispose();

    private async Task<ProviderReply> TryAsync(Func<HttpRequestMessage> make, CancellationToken bounded, CancellationToken caller)
    {
        try
        {
            using var request = make();
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, bounded);
            var wait = response.Headers.RetryAfter switch
            {
                { Delta: { } delta } => delta,
                { Date: { } date } => date - time.GetUtcNow(),
                _ => TimeSpan.Zero,
            };
            var fresh = response.Headers.CacheControl is { NoStore: false, MaxAge: { } age } ? age : (TimeSpan?)null;
            var body = response.Content.Headers.ContentEncoding.Count > 0 ? null : await ReadAsync(response.Content, bounded);
            return body is null
                ? ProviderReply.None
                : new ProviderReply((int)response.StatusCode, body) { RetryAfter = wait > TimeSpan.Zero ? wait : null, MaxAge = fresh };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            caller.ThrowIfCancellationRequested();
            return ProviderReply.None;
        }
    }

    /// <returns>The body, or null when it is larger than anything that we could want.</returns>
    private static async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > MostBytes) return null;
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[8 * 1024];
        using var body = new MemoryStream();
        while (await stream.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            if (body.Length + read > MostBytes) return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }
}

/// <summary>What came back.</summary>
/// <param name="Status">The HTTP status; 0 when there was no answer that could be read: time-out, broken connection, too large.</param>
/// <param name="Body">At most <see cref="ProviderHttp.MostBytes"/>. Never logged, never shown.</param>
internal sealed record ProviderReply(int Status, byte[] Body)
{
    /// <summary>Providers have named many hours, and nonsense.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    public static ProviderReply None { get; } = new(0, []);

    /// <summary>How long the provider asks to be left alone; null when it does not say, or says 0 or nonsense.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How long the answer may be kept; null when it does not say.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>One word for the metric.</summary>
    public string Outcome => Status switch
    {
        0 => "no_answer",
        429 => "limited",
        >= 500 => "failed",
        >= 400 => "refused",
        >= 300 => "redirected",
        _ => "ok",
    };

    /// <summary>The answer that says nothing of the person, only that the provider cannot be asked right now.</summary>
    public Problem Unavailable(string detail) => new(ProblemCode.ProviderUnavailable, detail)
    {
        RetryAfter = RetryAfter is { } wait ? (wait < LongestWait ? wait : LongestWait) : TimeSpan.FromSeconds(2),
    };

    /// <summary>The body as a JSON object; null when it is none.</summary>
    public JsonElement? Json()
    {
        try
        {
            var root = JsonElement.Parse(Body);
            return root.ValueKind == JsonValueKind.Object ? root : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The <c>error</c> of an OAuth answer (RFC 6749 §5.2), or null.</summary>
    public string? OAuthError => Json()?.Text("error", 100);
}
