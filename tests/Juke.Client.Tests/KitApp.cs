using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Juke.Contract.Wire;

namespace Juke.Client.Tests;

/// <summary>An app over the SDK, as the kit's commands want it: windows that share a store, screens that call, a clock.</summary>
internal sealed class KitApp(Func<ITokenStore> newStore) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, JsonNode> results = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CancellationTokenSource> calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Session Session, HttpClient Screens)> windows = new(StringComparer.Ordinal);
    private ManualClock clock = new();
    private ITokenStore store = newStore();
    private CookieContainer cookies = new();
    private Uri server = new("http://127.0.0.1/");
    private bool isWeb;

    public async Task<JsonObject> HandleAsync(JsonObject command)
    {
        var name = (string?)command["as"] ?? "";
        switch ((string?)command["do"])
        {
            case "reset":
                await CloseAsync();
                (clock, store, cookies, server) = (new ManualClock(), newStore(), new CookieContainer(), new Uri((string)command["server"]!));
                isWeb = (string?)command["mode"] == "cookie";
                results.Clear();
                if ((string?)command["store"] is { } token) await store.WriteAsync(new StoredTokens(token), default);
                return new JsonObject { ["offers"] = new JsonArray("clock", "windows", "cookies") };
            case "start":
                _ = Window(command).Session.StartAsync();
                break;
            case "restart":
                await CloseAsync();
                break;
            case "sign-in":
                Run(name, async stop =>
                {
                    await Window(command).Session.SignInAsync((juke, s) => juke.LoginAsync(new LoginRequest("ada@example.com", "a long and quiet evening"), s), stop);
                    return 200;
                });
                break;
            case "sign-out":
                _ = Window(command).Session.SignOutAsync();
                break;
            case "complete":
                Run(name, async stop => (await Window(command).Session.Juke.CompleteOnboardingAsync((string)command["username"]!, null, stop)).Success ? 200 : 0);
                break;
            case "get":
                Run(name, async stop =>
                {
                    using var reply = await Window(command).Screens.GetAsync(new Uri((string)command["path"]!, UriKind.Relative), stop);
                    return (int)reply.StatusCode;
                });
                break;
            case "post":
                Run(name, async stop =>
                {
                    using var body = new StringContent(command["body"]!.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
                    using var reply = await Window(command).Screens.PostAsync(new Uri((string)command["path"]!, UriKind.Relative), body, stop);
                    return (int)reply.StatusCode;
                });
                break;
            case "cancel":
                await calls[name].CancelAsync();
                break;
            case "pass":
                clock.Advance(TimeSpan.FromSeconds((int)command["seconds"]!));
                break;
            case "report":
                return await ReportAsync();
            default:
                throw new InvalidOperationException(command.ToJsonString());
        }
        return [];
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        foreach (var call in calls.Values) call.Dispose();
    }

    private (Session Session, HttpClient Screens) Window(JsonObject command)
    {
        var name = (string?)command["window"] ?? "a";
        if (windows.TryGetValue(name, out var window)) return window;
        HttpMessageHandler Handler() => new SocketsHttpHandler { CookieContainer = cookies, UseCookies = isWeb, AllowAutoRedirect = false };
        var session = new Session(new SessionOptions { Server = server, Store = store, UseCookies = isWeb, Handler = Handler(), Time = clock });
        return windows[name] = (session, new HttpClient(new SessionHandler(session, Handler())) { BaseAddress = server });
    }

    private void Run(string name, Func<CancellationToken, Task<int>> call)
    {
        var stop = calls[name] = new CancellationTokenSource();
        _ = RunAsync();

        async Task RunAsync()
        {
            try
            {
                results[name] = await call(stop.Token);
            }
            catch (ProblemException e)
            {
                results[name] = (int)e.Status;
            }
            catch (HttpRequestException)
            {
                results[name] = "failed";
            }
            catch (OperationCanceledException)
            {
                results[name] = "cancelled";
            }
        }
    }

    private async Task<JsonObject> ReportAsync()
    {
        var told = new JsonObject();
        foreach (var (name, (session, _)) in windows)
        {
            var state = session.State;
            var routes = new JsonObject();
            foreach (var kind in Enum.GetValues<RouteKind>()) routes[Camel(kind.ToString())] = Then(RouteDecision.Decide(state, kind));
            told[name] = new JsonObject { ["status"] = Camel(state.Status.ToString()), ["onboardingRequired"] = state.User?.OnboardingRequired, ["routes"] = routes };
        }
        var ended = new JsonObject();
        foreach (var (name, result) in results) ended[name] = result.DeepClone();
        return new JsonObject { ["windows"] = told, ["results"] = ended, ["store"] = await KeptAsync() };
    }

    /// <summary>Everything that the device holds: the file as it is, or the record in memory.</summary>
    private async Task<string> KeptAsync() => store switch
    {
        FileInFolder file => file.Text,
        _ => await store.ReadAsync(default) is { } kept ? $"{kept.RefreshToken} {kept.Attempt}" : "",
    };

    private async Task CloseAsync()
    {
        foreach (var (session, screens) in windows.Values)
        {
            screens.Dispose();
            await session.DisposeAsync();
        }
        windows.Clear();
    }

    internal static string Then(RouteAction action) => action switch
    {
        RouteAction.Show => "show",
        RouteAction.Wait => "wait",
        RouteAction.ToLogin => "login",
        RouteAction.ToOnboarding => "onboarding",
        _ => "home",
    };

    internal static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}

/// <summary>The file store in a folder of its own, and all that lies in that folder.</summary>
internal sealed class FileInFolder : ITokenStore, IDisposable
{
    private readonly FileTokenStore store;

    public FileInFolder()
    {
        Folder = Directory.CreateTempSubdirectory("juke-store-").FullName;
        store = new FileTokenStore(Path.Combine(Folder, "session"));
    }

    public string Folder { get; }

    public string Text
    {
        get
        {
            var texts = "";
            foreach (var file in Directory.GetFiles(Folder))
            {
                try
                {
                    if (!file.EndsWith(".lock", StringComparison.Ordinal)) texts += File.ReadAllText(file);
                }
                catch (IOException)
                {
                    // Being written, or renamed while we looked: its next name is looked at too, or next time.
                }
            }
            return texts;
        }
    }

    public ValueTask<StoredTokens?> ReadAsync(CancellationToken cancellation) => store.ReadAsync(cancellation);

    public ValueTask WriteAsync(StoredTokens tokens, CancellationToken cancellation) => store.WriteAsync(tokens, cancellation);

    public ValueTask ClearAsync(CancellationToken cancellation) => store.ClearAsync(cancellation);

    public ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellation) => store.LockAsync(cancellation);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
