using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Juke.Conformance;

/// <summary>Words of the channel between kit and app (docs/how-to/build-a-client.md).</summary>
public static class AppCommand
{
    /// <summary>A new app: <c>server</c>, <c>mode</c>, <c>store</c>. Answered with <c>offers</c>: <c>clock</c>, <c>windows</c>, <c>cookies</c>.</summary>
    public const string Reset = "reset";

    /// <summary>App start (of a window).</summary>
    public const string Start = "start";

    /// <summary>The app is killed and started again: only what is stored is left.</summary>
    public const string Restart = "restart";

    /// <summary>Tell everything: <c>windows</c> (status, onboardingRequired, routes), <c>store</c>, <c>results</c>.</summary>
    public const string Report = "report";

    /// <summary>For apps with a clock: so many <c>seconds</c> pass.</summary>
    public const string Pass = "pass";

    /// <summary>The kit is done.</summary>
    public const string End = "end";
}

/// <summary>
/// The kit's side of the channel: the app asks <c>GET /kit/next</c> for its next command and answers <c>POST /kit/done</c>. Plain HTTP, so that any
/// language can.
/// </summary>
public sealed class AppChannel : IAsyncDisposable
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);

    private readonly WebApplication app;
    private readonly Channel<JsonObject> commands = Channel.CreateUnbounded<JsonObject>();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> waiting = new();
    private readonly TaskCompletionSource present = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int last;

    private AppChannel(WebApplication app) => this.app = app;

    /// <summary>Where the app asks.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Done once the app asked for the first time.</summary>
    public Task Present => present.Task;

    /// <summary>Listens on this port; 0 = any that is free.</summary>
    public static async Task<AppChannel> OpenAsync(int port = 0)
    {
        var web = Stage.NewApplication(port);
        var channel = new AppChannel(web);
        web.MapGet("/kit/next", channel.NextAsync);
        web.MapPost("/kit/done", channel.DoneAsync);
        await web.StartAsync();
        channel.Url = Stage.AddressOf(web);
        return channel;
    }

    /// <summary>Gives a command and waits for its answer.</summary>
    /// <exception cref="TimeoutException">The app does not answer.</exception>
    /// <exception cref="AppFaultException">What it answers cannot be read.</exception>
    internal async Task<JsonObject> SendAsync(JsonObject command, TimeSpan patience)
    {
        var id = Interlocked.Increment(ref last);
        command["id"] = id;
        var answer = waiting[id] = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        await commands.Writer.WriteAsync(command);
        try
        {
            return await answer.Task.WaitAsync(patience);
        }
        finally
        {
            waiting.TryRemove(id, out _);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task NextAsync(HttpContext http)
    {
        present.TrySetResult();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        patience.CancelAfter(LongPoll);
        try
        {
            var command = await commands.Reader.ReadAsync(patience.Token);
            // A browser keeps cookies by host, whatever the port, and no script can take away the one of the scenario before.
            if (StrictJson.Text(command["do"]) == AppCommand.Reset) http.Response.Headers.SetCookie = Stage.CookieOf("");
            await http.Response.WriteAsJsonAsync(command, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent; // Ask again.
        }
    }

    private async Task DoneAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var answer = StrictJson.Read(body.GetBuffer().AsSpan(0, (int)body.Length));
        if (answer?["id"] is not JsonValue number || !number.TryGetValue<int>(out var id))
        {
            // Commands come one at a time: it can only be meant for the one that waits.
            foreach (var asked in waiting.Values)
                asked.TrySetException(AppFaultException.Unreadable("the app's answer is no JSON object with the number of the command as its id"));
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        if (waiting.TryGetValue(id, out var waits)) waits.TrySetResult(answer);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
