using System.Text.Json.Nodes;
using Juke.Contract;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Juke.Conformance;

/// <summary>A call of the app, waiting for its reply.</summary>
internal sealed class Arrival(string call, string target, string? token, string? cookie, bool isWeb, JsonObject body, string? refusal)
{
    private readonly TaskCompletionSource<ScriptedReply> reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Method and path.</summary>
    public string Call => call;

    /// <summary>Path with its query.</summary>
    public string Target => target;

    public string? Token => token;

    public string? Cookie => cookie;

    public bool IsWeb => isWeb;

    public JsonObject Body => body;

    /// <summary>Why the server would not take it, whatever it asks; null when it would.</summary>
    public string? Refusal => refusal;

    public Task<ScriptedReply> Replied => reply.Task;

    public void Reply(ScriptedReply with) => reply.TrySetResult(with);
}

/// <summary>The server of one scenario, on a port of its own, so that a call which comes after its end disturbs no other.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Func<ScriptedReply, JsonNode?> bodyOf;
    private readonly Lock gate = new();
    private readonly List<Arrival> arrivals = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Stage(WebApplication app, Func<ScriptedReply, JsonNode?> bodyOf) => (this.app, this.bodyOf) = (app, bodyOf);

    public Uri Url { get; private set; } = new("http://127.0.0.1/");

    public static async Task<Stage> OpenAsync(Func<ScriptedReply, JsonNode?> bodyOf)
    {
        var web = NewApplication(0);
        var stage = new Stage(web, bodyOf);
        web.Run(stage.PlayAsync);
        await web.StartAsync();
        stage.Url = AddressOf(web);
        return stage;
    }

    /// <summary>Calls that nobody has taken yet, in the order in which they came.</summary>
    public IReadOnlyList<Arrival> Waiting
    {
        get
        {
            lock (gate) return [.. arrivals];
        }
    }

    public void Take(Arrival arrival)
    {
        lock (gate) arrivals.Remove(arrival);
    }

    /// <summary>Until another call comes, or the time is over.</summary>
    public async Task ChangeAsync(TimeSpan patience)
    {
        Task change;
        lock (gate) change = changed.Task;
        await change.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var arrival in Waiting) arrival.Reply(new ScriptedReply(Fault: "cut"));
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }

    internal static WebApplication NewApplication(int port)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        // A client in a browser comes from a page of its own: methods and headers as the server has them (contract §5), any origin.
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .SetIsOriginAllowed(_ => true).AllowCredentials()
            .WithMethods("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
            .WithHeaders("Content-Type", "Authorization", "X-Requested-With", "X-Client", "X-CSRFToken", ContractVersion.Header, "If-Match")
            .WithExposedHeaders("ETag", ContractVersion.Header, "Retry-After", "Trace-Id")));
        var built = builder.Build();
        built.UseCors();
        return built;
    }

    /// <summary>The cookie of the refresh token; empty = taken away.</summary>
    internal static string CookieOf(string token) => $"user_refresh_token={token}; Path=/auth; HttpOnly; SameSite=Lax" + (token.Length == 0 ? "; Max-Age=0" : "");

    internal static Uri AddressOf(WebApplication web) => new(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private async Task PlayAsync(HttpContext http)
    {
        var arrival = await ReadAsync(http);
        lock (gate)
        {
            arrivals.Add(arrival);
            changed.TrySetResult();
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        ScriptedReply reply;
        try
        {
            reply = await arrival.Replied.WaitAsync(http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            Take(arrival); // Who hangs up takes the call away.
            return;
        }
        if (reply.Fault == "silence") await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (reply.Fault is "cut" or "silence")
        {
            http.Abort();
            return;
        }
        await WriteAsync(http, reply);
    }

    private async Task WriteAsync(HttpContext http, ScriptedReply reply)
    {
        http.Response.StatusCode = reply.Status;
        if (reply.RetryAfter is { } wait) http.Response.Headers.RetryAfter = wait.ToString();
        if (reply.Cookie is { } cookie) http.Response.Headers.SetCookie = CookieOf(cookie);
        if (bodyOf(reply) is not { } body) return;
        var page = StrictJson.Text(body); // What a gateway or a hotel answers is no JSON.
        var bytes = System.Text.Encoding.UTF8.GetBytes(page ?? body.ToJsonString());
        http.Response.ContentType = page is null ? "application/json" : "text/html";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(reply.Fault == "half" ? bytes.AsMemory(0, bytes.Length / 2) : bytes);
        await http.Response.Body.FlushAsync();
        if (reply.Fault == "half") http.Abort();
    }

    private static async Task<Arrival> ReadAsync(HttpContext http)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        var body = bytes.Length == 0 ? [] : StrictJson.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        var version = http.Request.Headers[ContractVersion.Header];
        var refusal = version.Count > 0 && !ContractVersion.All.Contains(version.ToString(), StringComparer.Ordinal)
            ? $"it names {ContractVersion.Header} {version}, and the server knows {string.Join(", ", ContractVersion.All)}"
            : bytes.Length > 0 && !http.Request.HasJsonContentType() ? $"its body came as {http.Request.ContentType ?? "nothing"} instead of application/json"
            : body is null ? "its body is no JSON object"
            : null;
        var authorization = http.Request.Headers.Authorization.ToString();
        return new Arrival(
            $"{http.Request.Method} {http.Request.Path}", http.Request.Path + http.Request.QueryString,
            authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization["Bearer ".Length..] : null,
            http.Request.Cookies["user_refresh_token"], http.Request.Headers["X-Client"] == "web",
            body ?? [], refusal);
    }
}
