using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Juke.Conformance;

namespace Juke.Cli.Tests.Conformance;

/// <summary>Calls of two windows overtake each other on their way: whose call it is says its token, not its turn.</summary>
public sealed class TwoWindowsTests
{
    [Fact]
    public async Task The_second_window_may_ask_who_it_is_before_the_first()
    {
        await using var channel = await AppChannel.OpenAsync();
        using var app = new Windows();
        var loop = KitLoop.RunAsync(channel.Url, app.HandleAsync, TestContext.Current.CancellationToken);
        var kit = new Kit(channel);
        var verdict = await kit.PlayAsync(SessionVectors.BuiltIn.Scenarios.Single(s => s.Name == "Two windows that start at once refresh one after the other"));
        await kit.EndAsync();
        await loop;
        verdict.IsKept.ShouldBeTrue($"{verdict.BrokenRule}: {verdict.What}");
    }

    /// <summary>Two windows that take turns, of which the first is slow to ask.</summary>
    private sealed class Windows : IDisposable
    {
        /// <summary>Longer than the kit bears with a call that nobody expects.</summary>
        private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(800);

        private readonly HttpClient http = new();
        private readonly SemaphoreSlim turn = new(1, 1);
        private readonly Dictionary<string, string> status = new(StringComparer.Ordinal);
        private JsonObject store = [];
        private string server = "";

        public Task<JsonObject> HandleAsync(JsonObject command)
        {
            switch (command["do"]!.GetValue<string>())
            {
                case AppCommand.Reset:
                    (server, store) = (command["server"]!.GetValue<string>(), new JsonObject { ["refreshToken"] = command["store"]!.GetValue<string>() });
                    return Task.FromResult(new JsonObject { ["offers"] = new JsonArray("windows", "clock") });
                case AppCommand.Start:
                    var window = command["window"]!.GetValue<string>();
                    lock (status) status[window] = "loading";
                    _ = StartAsync(window);
                    return Task.FromResult<JsonObject>([]);
                case AppCommand.Report:
                    return Task.FromResult(Report());
                default:
                    return Task.FromResult<JsonObject>([]);
            }
        }

        public void Dispose()
        {
            http.Dispose();
            turn.Dispose();
        }

        private async Task StartAsync(string window)
        {
            await turn.WaitAsync();
            lock (store) store["attempt"] = Guid.NewGuid().ToString("N");
            using var reply = await http.PostAsJsonAsync(server + "/auth/refresh", store);
            var pair = (await reply.Content.ReadFromJsonAsync<JsonObject>())!;
            lock (store)
            {
                store["refreshToken"] = pair["refreshToken"]!.GetValue<string>();
                store.Remove("attempt");
            }
            turn.Release();
            if (window == "a") await Task.Delay(Slow);
            using var me = new HttpRequestMessage(HttpMethod.Get, server + "/auth/me") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", pair["accessToken"]!.GetValue<string>()) } };
            using var who = await http.SendAsync(me);
            if (who.IsSuccessStatusCode)
                lock (status) status[window] = "authed";
        }

        private JsonObject Report()
        {
            var windows = new JsonObject();
            lock (status)
            {
                foreach (var (name, state) in status)
                {
                    var routes = new JsonObject();
                    foreach (var row in SessionVectors.Routes.Where(r => r.Status == state && !r.OnboardingRequired)) routes[row.Route] = row.Then;
                    windows[name] = new JsonObject { ["status"] = state, ["onboardingRequired"] = state == "authed" ? false : null, ["routes"] = routes };
                }
            }
            lock (store) return new JsonObject { ["windows"] = windows, ["store"] = store.DeepClone() };
        }
    }
}
