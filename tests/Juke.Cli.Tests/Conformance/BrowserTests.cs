using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Juke.Conformance;

namespace Juke.Cli.Tests.Conformance;

/// <summary>A client in a browser, whose page is of another origin than kit and server: what the browser asks beforehand is answered, and disturbs no scenario.</summary>
public sealed class BrowserTests
{
    private const string Page = "http://127.0.0.1:5173";

    [Fact]
    public async Task A_scenario_is_played_from_a_page_of_another_origin()
    {
        await using var channel = await AppChannel.OpenAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        var playing = new Kit(channel).PlayAsync(SessionVectors.BuiltIn.Scenarios.Single(s => s.Name == "In a browser: a refused cookie is a guest"));

        await PreflightAsync(http, new Uri(channel.Url, "/kit/next"), "GET", "content-type");
        var (reset, cleared) = await NextAsync(http, channel.Url);
        cleared.ShouldContain("user_refresh_token=; Path=/auth", Case.Sensitive, "a browser still has the one of the scenario before");
        var server = new Uri(reset["server"]!.GetValue<string>());
        (await PreflightAsync(http, new Uri(channel.Url, "/kit/done"), "POST", "content-type")).ShouldContain("Content-Type");
        await DoneAsync(http, channel.Url, reset, new JsonObject { ["offers"] = new JsonArray("cookies", "clock") });

        var (start, kept) = await NextAsync(http, channel.Url);
        kept.ShouldBeEmpty("only a new app begins without cookies");
        await DoneAsync(http, channel.Url, start, []);
        var taken = await PreflightAsync(http, new Uri(server, "/auth/refresh"), "POST", "authorization,content-type,x-client,x-of-its-own");
        foreach (var header in new[] { "Authorization", "Content-Type", "X-Client" }) taken.ShouldContain(header);
        taken.ShouldNotContain("x-of-its-own", Case.Insensitive, "the server takes no such header from a page either");
        using (var refresh = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "/auth/refresh")) { Headers = { { "Origin", Page }, { "X-Client", "web" } } })
        using (var reply = await http.SendAsync(refresh, TestContext.Current.CancellationToken))
        {
            ((int)reply.StatusCode).ShouldBe(401, "the preflight was taken for no call");
            Header(reply, "Access-Control-Allow-Origin").ShouldBe(Page);
            Header(reply, "Access-Control-Allow-Credentials").ShouldBe("true");
            Header(reply, "Access-Control-Expose-Headers").ShouldContain("Retry-After");
        }

        var guest = new JsonObject { ["public"] = "show", ["auth"] = "show", ["onboarding"] = "login", ["signedIn"] = "login", ["protected"] = "login" };
        for (var next = NextAsync(http, channel.Url); await Task.WhenAny(playing, next) == next; next = NextAsync(http, channel.Url))
        {
            var (command, _) = await next;
            var isReport = command["do"]!.GetValue<string>() == AppCommand.Report;
            await DoneAsync(http, channel.Url, command, isReport
                ? new JsonObject { ["windows"] = new JsonObject { ["a"] = new JsonObject { ["status"] = "guest", ["routes"] = guest.DeepClone() } } }
                : []);
        }
        var verdict = await playing;
        verdict.IsKept.ShouldBeTrue($"{verdict.BrokenRule}: {verdict.What}{verdict.Missing}");
    }

    /// <returns>The headers that the page may send.</returns>
    private static async Task<string> PreflightAsync(HttpClient http, Uri url, string method, string headers)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Options, url)
        {
            Headers = { { "Origin", Page }, { "Access-Control-Request-Method", method }, { "Access-Control-Request-Headers", headers } },
        };
        using var reply = await http.SendAsync(ask, TestContext.Current.CancellationToken);
        reply.IsSuccessStatusCode.ShouldBeTrue();
        Header(reply, "Access-Control-Allow-Origin").ShouldBe(Page);
        Header(reply, "Access-Control-Allow-Credentials").ShouldBe("true");
        return Header(reply, "Access-Control-Allow-Headers");
    }

    private static async Task<(JsonObject Command, string SetCookie)> NextAsync(HttpClient http, Uri kit)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Get, new Uri(kit, "/kit/next")) { Headers = { { "Origin", Page } } };
        using var reply = await http.SendAsync(ask, TestContext.Current.CancellationToken);
        Header(reply, "Access-Control-Allow-Origin").ShouldBe(Page);
        return ((await reply.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!, Header(reply, "Set-Cookie"));
    }

    private static async Task DoneAsync(HttpClient http, Uri kit, JsonObject command, JsonObject answer)
    {
        answer["id"] = command["id"]!.DeepClone();
        using var body = JsonContent.Create(answer);
        using var reply = await http.PostAsync(new Uri(kit, "/kit/done"), body, TestContext.Current.CancellationToken);
        reply.IsSuccessStatusCode.ShouldBeTrue();
    }

    private static string Header(HttpResponseMessage reply, string name) => reply.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
