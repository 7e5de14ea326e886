using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Juke.Contract;
using Juke.Contract.Wire;

namespace Juke.Client;

/// <summary>One call from request to record: the only place that knows how an answer, a refusal and a failure look on the wire.</summary>
internal sealed class Call(HttpClient http, TimeProvider time, TimeSpan patience)
{
    /// <summary>What counts as the client of a browser (contract §5).</summary>
    public const string ClientHeader = "X-Client";

    /// <summary>The refresh token of such a client.</summary>
    public const string RefreshCookie = "user_refresh_token";

    public async Task<T> SendAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellation, Action<HttpRequestHeaders>? headers = null)
    {
        var (value, _) = await SendTaggedAsync(method, path, content, type, cancellation, headers);
        return value ?? throw new HttpRequestException(HttpRequestError.InvalidResponse, $"{method} {path} answered without a body.");
    }

    /// <summary>The value and its ETag; no value for 204 and 304.</summary>
    public async Task<(T? Value, string? ETag)> SendTaggedAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellation, Action<HttpRequestHeaders>? headers = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        request.Headers.Add(ContractVersion.Header, ContractVersion.Current);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        headers?.Invoke(request.Headers);

        using var timeout = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            if (response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified) return (default, response.Headers.ETag?.ToString());
            if (!response.IsSuccessStatusCode) throw new ProblemException(response.StatusCode, ReadProblem(body), RetryAfter(response));
            return (JsonSerializer.Deserialize(body, type), response.Headers.ETag?.ToString());
        }
        catch (JsonException e)
        {
            throw new HttpRequestException(HttpRequestError.InvalidResponse, $"{method} {path} answered what cannot be read.", e);
        }
        catch (IOException e)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, $"{method} {path} broke off.", e);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"{method} {path} did not answer within {patience.TotalSeconds:0} s.", new TimeoutException(null, e));
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            // Of the app's handler, which has a patience of its own (SocketsHttpHandler.ConnectTimeout).
            throw new HttpRequestException($"{method} {path} was given up on the way.", e);
        }
    }

    public static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", Encoding.UTF8.WebName);
        return content;
    }

    /// <summary>The refusal in a body; null when it is not one of Juke's.</summary>
    public static ProblemBody? ReadProblem(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ProblemJson.Default.ProblemBody) is { Code.Length: > 0 } problem ? problem : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };
}
