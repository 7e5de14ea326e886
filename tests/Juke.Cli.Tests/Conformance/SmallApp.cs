using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Juke.Conformance;

namespace Juke.Cli.Tests.Conformance;

/// <summary>A client that somebody wrote by hand in an afternoon, as the kit's commands want it; with one flaw, or none.</summary>
internal sealed class SmallApp(Flaw flaw) : IDisposable
{
    private readonly ConcurrentDictionary<string, JsonNode> results = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> calls = new(StringComparer.Ordinal);
    private SmallSession session = new(new Uri("http://127.0.0.1/"), [], null, new ManualClock(), Flaw.None);
    private JsonObject store = [];
    private CookieContainer? cookies;
    private ManualClock clock = new();
    private Uri server = new("http://127.0.0.1/");

    public Task<JsonObject> HandleAsync(JsonObject command)
    {
        var name = (string?)command["as"] ?? "";
        switch ((string?)command["do"])
        {
            case AppCommand.Reset:
                (clock, server, store) = (new ManualClock(), new Uri((string)command["server"]!), []);
                cookies = (string?)command["mode"] == "cookie" ? new CookieContainer() : null;
                results.Clear();
                if ((string?)command["store"] is { } token) store["refreshToken"] = token;
                Open();
                return Task.FromResult(new JsonObject { ["offers"] = new JsonArray("clock", "cookies") });
            case AppCommand.Start:
                _ = session.StartAsync();
                break;
            case AppCommand.Restart:
                Open();
                break;
            case "sign-in":
                Run(name, session.SignInAsync);
                break;
            case "sign-out":
                _ = session.SignOutAsync();
                break;
            case "complete":
                Run(name, async stop =>
                {
                    var status = await session.CallAsync(HttpMethod.Post, "/auth/onboarding/complete", new JsonObject { ["username"] = (string)command["username"]! }, stop);
                    if (status == 200) await session.AskWhoAsync();
                    return status;
                });
                break;
            case "get" or "post":
                Run(name, async stop =>
                {
                    if (flaw == Flaw.CallsMeFromAScreen) await session.AskWhoAsync();
                    var method = (string?)command["do"] == "get" ? HttpMethod.Get : HttpMethod.Post;
                    return await session.CallAsync(method, (string)command["path"]!, command["body"]?.DeepClone(), stop);
                });
                break;
            case "cancel":
                calls[name].Cancel();
                break;
            case AppCommand.Pass:
                clock.Advance(TimeSpan.FromSeconds((int)command["seconds"]!));
                break;
            case AppCommand.Report:
                return Task.FromResult(Report());
        }
        return Task.FromResult(new JsonObject());
    }

    public void Dispose()
    {
        session.Dispose();
        foreach (var call in calls.Values) call.Dispose();
    }

    private void Open()
    {
        session.Dispose();
        session = new SmallSession(server, store, cookies, clock, flaw);
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

    private JsonObject Report()
    {
        var (status, required) = (session.Status, session.OnboardingRequired);
        var routes = new JsonObject();
        foreach (var kind in flaw == Flaw.ReportsNoRoutes ? [] : new[] { "public", "auth", "onboarding", "signedIn", "protected" })
            routes[kind] = flaw == Flaw.RedirectsWhileLoading && (status, kind) == ("loading", "protected") ? "login" : Then(status, required ?? false, kind);
        var ended = new JsonObject();
        foreach (var (name, result) in results) ended[name] = result.DeepClone();
        return new JsonObject
        {
            ["windows"] = new JsonObject { ["a"] = new JsonObject { ["status"] = status, ["onboardingRequired"] = required, ["routes"] = routes } },
            // A file as it lies there: JSON that writes '+' and '/' of an attempt in its own way, and a bundle of an unlucky name.
            ["store"] = $"keychain access-group TEAM.com.example.onboarding: {session.Kept().ToJsonString()}",
            ["results"] = ended,
        };
    }

    /// <summary>R1 by hand.</summary>
    private static string Then(string status, bool required, string kind) => (kind, status) switch
    {
        ("public", _) or ("auth", "guest") or ("signedIn", "authed") => "show",
        (_, "loading") => "wait",
        (_, "guest") => "login",
        ("onboarding", _) => required ? "show" : "home",
        ("auth", _) => required ? "onboarding" : "home",
        _ => required ? "onboarding" : "show",
    };
}
