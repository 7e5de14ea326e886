using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Juke.Cli.Doors;

/// <summary>
/// The address on this machine to which the browser comes back (RFC 8252 §7.3): the loopback IP, a port of the moment, one answer. What
/// comes without our state is turned away and ends nothing.
/// </summary>
internal sealed class Loopback : IAsyncDisposable
{
    public const string Path = "/callback";

    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(3);

    private readonly WebApplication app;
    private readonly string state;
    private readonly TaskCompletionSource<string> code = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Loopback(WebApplication app, string state) => (this.app, this.state) = (app, state);

    public Uri Address { get; private set; } = new("http://127.0.0.1" + Path);

    /// <summary>The code; <see cref="Refusal"/> when the person or the provider said no.</summary>
    public Task<string> Code => code.Task;

    public static async Task<Loopback> OpenAsync(string state)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders(); // Its lines would hold the code.
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var loopback = new Loopback(server, state);
        server.Run(loopback.TakeAsync);
        await server.StartAsync();
        loopback.Address = new Uri(new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), Path);
        return loopback;
    }

    /// <summary>Nobody listens any more; the page of the answer is sent to its end.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Goodbye);
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    private Task TakeAsync(HttpContext http)
    {
        var query = http.Request.Query;
        if (!HttpMethods.IsGet(http.Request.Method) || http.Request.Path != Path || query["state"] != state)
            return SayAsync(http, StatusCodes.Status404NotFound, "This is not an answer that anybody waits for.");
        var isCode = query["code"] is [{ Length: > 0 }];
        // The provider's word for the reason is not shown: whoever builds the link writes it.
        var isFirst = isCode
            ? code.TrySetResult(query["code"]!)
            : code.TrySetException(new Refusal(ExitCode.Failed, Contract.ProblemCode.ProviderRefused, "The sign-in was refused in the browser. Nothing has changed."));
        return SayAsync(
            http, StatusCodes.Status200OK,
            !isFirst ? "This was answered already. You can close this window." : isCode ? "You can close this window and go back to the terminal." : "Refused. You can close this window.");
    }

    private static Task SayAsync(HttpContext http, int status, string sentence)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Connection = "close";
        http.Response.Headers["Referrer-Policy"] = "no-referrer"; // The address of this page holds the code.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return http.Response.WriteAsync($"<!doctype html><html lang=\"en\"><meta name=\"viewport\" content=\"width=device-width\"><title>Juke</title><style>body{{font:1.2rem system-ui;margin:20vh auto;max-width:30em;padding:1em}}</style><p>{sentence}</p></html>");
    }
}
