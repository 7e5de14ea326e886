using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Juke.Desk.StandIns;

/// <summary>
/// Kestrel on a loopback port, for one outside service: it writes down each call of an endpoint, answers with a fault where one is
/// set, and else lets the endpoint answer.
/// </summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Faults faults;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly List<Call> calls = [];

    /// <summary>Makes one that does not listen yet.</summary>
    /// <param name="port">On 127.0.0.1; 0 = any free one.</param>
    /// <param name="faults">What goes wrong.</param>
    /// <param name="time">The clock that stamps calls.</param>
    public Listener(int port, Faults faults, TimeProvider time)
    {
        (this.faults, this.time) = (faults, time);
        // Empty: no settings are read from the environment, nothing is logged, Ctrl-C stays with the desk.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        app = builder.Build();
        app.UseRouting();
        app.UseEndpoints(_ => { });
    }

    /// <summary>Where it listens; known once it has started.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>The calls of its endpoints, the first one first.</summary>
    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (gate) return [.. calls];
        }
    }

    /// <summary>Adds an endpoint that is counted and can fail.</summary>
    public void Endpoint(string name, string method, string path, Func<HttpContext, Task> answerAsync) => Plain(method, path, async context =>
    {
        var grant = HttpMethods.IsPost(context.Request.Method) && context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(context.RequestAborted))["grant_type"].FirstOrDefault() : null;
        lock (gate) calls.Add(new(name, grant, time.GetUtcNow()));
        await (faults.Take(name)?.AnswerAsync(context) ?? answerAsync(context));
    });

    /// <summary>Adds a path of the control page, which is neither counted nor fails.</summary>
    public void Plain(string method, string path, Func<HttpContext, Task> answerAsync) => app.MapMethods(path, [method], new RequestDelegate(answerAsync));

    /// <summary>Starts to listen.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public async Task StartAsync()
    {
        await app.StartAsync();
        Address = new(app.Urls.First());
    }

    /// <summary>Forgets the calls.</summary>
    public void Forget()
    {
        lock (gate) calls.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
