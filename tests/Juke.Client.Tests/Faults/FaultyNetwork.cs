using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Juke.Client.Tests.Faults;

/// <summary>What may happen to a request between client and server.</summary>
internal enum Fault
{
    None,

    /// <summary>The connection ends before the server hears of it.</summary>
    CutBefore,

    /// <summary>The server did it; its reply is lost.</summary>
    CutAfter,

    /// <summary>The server did it; half of its reply arrives.</summary>
    HalfBody,

    /// <summary>Nobody answers until the client gives up; the server never hears of it.</summary>
    SilenceBefore,

    /// <summary>The server did it; nothing arrives until the client gives up.</summary>
    SilenceAfter,

    /// <summary>A proxy answers 502 instead of the server.</summary>
    BadGateway,

    /// <summary>The server did it; a proxy answers 503 all the same, with Retry-After.</summary>
    Unavailable,
}

/// <summary>A proxy on a port of its own, between the SDK and whichever server stands behind it now.</summary>
internal sealed class FaultyNetwork : IAsyncDisposable
{
    private const string NameHeader = "X-Schedule-Request";

    private readonly WebApplication app;
    private readonly HttpClient forward = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private readonly ConcurrentQueue<string> log = new();

    private readonly ConcurrentDictionary<string, bool> onTheWay = new(StringComparer.Ordinal);
    private int forwarding;

    private FaultyNetwork(WebApplication app) => this.app = app;

    public Uri Url { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The server behind it; null while there is none.</summary>
    public Uri? Server { get; set; }

    /// <summary>Asked for every request, by method and path.</summary>
    public Func<string, Fault> Weather { get; set; } = _ => Fault.None;

    /// <summary>Whether a request is between the client and its fate. Clocks that are moved meanwhile would make it late by minutes.</summary>
    public bool IsBusy => !onTheWay.IsEmpty || Volatile.Read(ref forwarding) > 0;

    /// <summary>What happened to whom, for a schedule that failed.</summary>
    public string Log => string.Join('\n', log);

    public static async Task<FaultyNetwork> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var network = new FaultyNetwork(app);
        app.Run(network.PassAsync);
        await app.StartAsync();
        network.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return network;
    }

    public void Note(string line) => log.Enqueue(line);

    /// <summary>The client sends: the answer is the request's name, to be said to <see cref="Gone"/>.</summary>
    public string Sent(HttpRequestMessage request)
    {
        var name = Guid.NewGuid().ToString("N");
        request.Headers.Remove(NameHeader);
        request.Headers.Add(NameHeader, name);
        onTheWay[name] = true;
        return name;
    }

    /// <summary>The client no longer waits. What has not arrived by now never will.</summary>
    public void Gone(string name) => onTheWay.TryRemove(name, out _);

    /// <summary>Forgets what was noted: another schedule begins.</summary>
    public void Clear() => log.Clear();

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
        forward.Dispose();
    }

    private async Task PassAsync(HttpContext http)
    {
        Interlocked.Increment(ref forwarding);
        var name = http.Request.Headers[NameHeader].ToString();
        var hasArrived = name.Length == 0 || onTheWay.TryRemove(name, out _); // Nobody counts those without a name.
        var fault = hasArrived ? Weather($"{http.Request.Method} {http.Request.Path}") : Fault.CutBefore;
        if (fault is Fault.SilenceBefore or Fault.CutBefore or Fault.BadGateway) Interlocked.Decrement(ref forwarding);
        var what = $"{http.Request.Method} {http.Request.Path}: {fault}";
        if (fault == Fault.SilenceBefore) await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (fault is Fault.CutBefore or Fault.SilenceBefore)
        {
            log.Enqueue(what);
            http.Abort();
            return;
        }
        if (fault == Fault.BadGateway)
        {
            log.Enqueue(what);
            http.Response.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }
        try
        {
            HttpResponseMessage reply;
            byte[] body;
            try
            {
                using var request = await CopyAsync(http, Server ?? throw new HttpRequestException("No server."));
                // The server ends what it began, whether or not the client still waits: that is what a lost reply is.
                reply = await forward.SendAsync(request, CancellationToken.None);
                body = await reply.Content.ReadAsByteArrayAsync(CancellationToken.None);
            }
            finally
            {
                Interlocked.Decrement(ref forwarding);
            }
            log.Enqueue($"{what} {(int)reply.StatusCode}");
            using (reply) await AnswerAsync(http, fault, reply, body);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            log.Enqueue(what + " (gone)");
            http.Abort();
        }
    }

    private static async Task AnswerAsync(HttpContext http, Fault fault, HttpResponseMessage reply, byte[] body)
    {
        switch (fault)
        {
            case Fault.CutAfter:
                http.Abort();
                return;
            case Fault.SilenceAfter:
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                http.Abort();
                return;
            case Fault.Unavailable:
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                http.Response.Headers.RetryAfter = "3";
                return;
        }
        http.Response.StatusCode = (int)reply.StatusCode;
        http.Response.ContentType = reply.Content.Headers.ContentType?.ToString();
        http.Response.ContentLength = body.Length;
        if (reply.Headers.TryGetValues("Set-Cookie", out var cookies)) http.Response.Headers.SetCookie = cookies.ToArray();
        if (fault == Fault.HalfBody)
        {
            await http.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            http.Abort();
            return;
        }
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static async Task<HttpRequestMessage> CopyAsync(HttpContext http, Uri server)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(server, http.Request.Path + http.Request.QueryString));
        if (body.Length > 0) request.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, values) in http.Request.Headers)
        {
            if (name is "Host" or "Connection" or "Content-Length" || name.StartsWith(':')) continue;
            if (!request.Headers.TryAddWithoutValidation(name, [.. values])) request.Content?.Headers.TryAddWithoutValidation(name, [.. values]);
        }
        return request;
    }
}
