using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Juke.Desk.StandIns;
using Juke.Server.Plumbing;

namespace Juke.Server.Tests.Spotify;

/// <summary>Every way for Spotify to fail, at every call: a documented answer, in bounded time, with nothing of Spotify's in it.</summary>
public sealed class SpotifyFaultTests
{
    private const string Body = "the-provider-said-this";

    private static readonly Dictionary<string, Fault> Faults = new()
    {
        ["400 invalid_grant"] = Fault.Status(400, $$"""{"error":"invalid_grant","error_description":"{{Body}}"}"""),
        ["401 invalid_grant"] = Fault.Status(401, """{"error":"invalid_grant"}"""),
        ["400 invalid_request"] = Fault.Status(400, """{"error":"invalid_request"}"""),
        ["400 invalid_client"] = Fault.Status(400, """{"error":"invalid_client"}"""),
        ["401 invalid_client"] = Fault.Status(401, """{"error":"invalid_client"}"""),
        ["400 in plain text"] = Fault.Status(400, Body, "text/plain"),
        ["400 with half a character for a name"] = Fault.Status(400, """{"\ud800":1}"""),
        ["401 in JSON"] = Fault.Status(401, $$$"""{"error":{"status":401,"message":"{{{Body}}}"}}"""),
        ["401 in plain text"] = Fault.Status(401, Body, "text/plain"),
        ["403 in JSON"] = Fault.Status(403, """{"error":{"status":403,"message":"User not registered in the Developer Dashboard"}}"""),
        ["403 in plain text"] = Fault.Status(403, "User not registered in the Developer Dashboard", "text/plain"),
        ["404"] = Fault.Status(404, "{}"),
        ["429 with Retry-After"] = Fault.TooManyRequests("7"),
        ["429 without Retry-After"] = Fault.TooManyRequests(null),
        ["429 with 0"] = Fault.TooManyRequests("0"),
        ["429 for a day"] = Fault.TooManyRequests("86400"),
        ["429 for ever"] = Fault.TooManyRequests("99999999999999999999"),
        ["429 with a negative wait"] = Fault.TooManyRequests("-5"),
        ["429 with a word"] = Fault.TooManyRequests("soon"),
        ["429 until a date"] = Fault.TooManyRequests("Sat, 21 Nov 2026 12:00:09 GMT"),
        ["429 of the quota"] = Fault.QuotaExceeded,
        ["500"] = Fault.Status(500, $$"""{"error":"{{Body}}"}"""),
        ["503 as a page"] = Fault.ServerErrorHtml,
        ["200 with half a body"] = Fault.BrokenJson,
        ["200 with nothing"] = Fault.EmptyBody,
        ["200 with a list"] = Fault.Status(200, "[]"),
        ["200 with null"] = Fault.Status(200, "null"),
        ["200 with other things"] = Fault.Status(200, """{"access_token":7,"id":{},"artists":[]}"""),
        ["200 with a token that fits no header"] = Fault.Status(200, """{"access_token":"a\r\nX-Evil: 1"}"""),
        ["200 nested too deep"] = Fault.Status(200, new string('[', 5000)),
        ["200 with 64 MB"] = Fault.HugeBody,
        ["200 with half a character for a name"] = Fault.Status(200, """{"\ud800":1}"""),
        ["200 with half a character inside"] = Fault.Status(200, """{"artists":{"\ud800":1},"access_token":{"\udc00":1},"images":[{"\ud800":1}]}"""),
        ["200 zipped"] = Fault.Status(200, "{}", null, ("Content-Encoding", "gzip")),
        ["a redirect"] = Fault.Redirect("https://elsewhere.example/"),
        ["a cut connection"] = Fault.Drop,
    };

    private const string Invalid = "INVALID_PROVIDER_TOKEN";
    private const string Refused = "PROVIDER_REFUSED";
    private const string Dead = "SPOTIFY_REFRESH_FAILED";

    /// <summary>What is not listed is PROVIDER_UNAVAILABLE.</summary>
    private static readonly Dictionary<(string Call, string Fault), string> Verdicts = new()
    {
        [("exchange", "400 invalid_grant")] = Invalid,
        [("exchange", "401 invalid_grant")] = Invalid,
        [("exchange", "400 invalid_request")] = Invalid,
        [("exchange", "401 in JSON")] = Invalid,
        [("exchange", "401 in plain text")] = Invalid,
        [("exchange", "403 in JSON")] = Refused,
        [("exchange", "403 in plain text")] = Refused,
        [("me", "400 invalid_grant")] = Invalid,
        [("me", "401 invalid_grant")] = Invalid,
        [("me", "400 invalid_request")] = Invalid,
        [("me", "400 invalid_client")] = Invalid,
        [("me", "401 invalid_client")] = Invalid,
        [("me", "400 in plain text")] = Invalid,
        [("me", "400 with half a character for a name")] = Invalid,
        [("me", "401 in JSON")] = Invalid,
        [("me", "401 in plain text")] = Invalid,
        [("me", "403 in JSON")] = Refused,
        [("me", "403 in plain text")] = Refused,
        [("refresh", "400 invalid_grant")] = Dead,
        [("refresh", "401 invalid_grant")] = Dead,
    };

    private static readonly Dictionary<string, TimeSpan> Waits = new()
    {
        ["429 with Retry-After"] = TimeSpan.FromSeconds(7),
        ["429 until a date"] = TimeSpan.FromSeconds(9),
        ["429 for a day"] = TimeSpan.FromHours(1),
    };

    private static readonly string[] Calls = ["exchange", "me", "refresh", "client token", "search"];

    public static TheoryData<string, string> All() => new(from call in Calls from fault in Faults.Keys select (call, fault));

    [Theory]
    [MemberData(nameof(All))]
    public async Task Each_fault_at_each_call_has_its_answer(string call, string fault)
    {
        await using var world = await SpotifyWorld.StartAsync();
        var prepared = await PrepareAsync(world, call);
        var before = world.StandIn.Calls.Count;
        world.StandIn.Faults.Always(Endpoint(call), Faults[fault]);
        var problem = (await prepared()).ShouldNotBeNull();

        problem.Code.ShouldBe(Verdicts.GetValueOrDefault((call, fault), "PROVIDER_UNAVAILABLE"));
        problem.Detail.ShouldNotContain(Body);
        // For the client's own token the clock was moved beyond the date; a date that has passed says nothing.
        var wait = (call, fault) == ("client token", "429 until a date") ? TimeSpan.FromSeconds(2) : Waits.GetValueOrDefault(fault, TimeSpan.FromSeconds(2));
        if (problem.Code == "PROVIDER_UNAVAILABLE") problem.RetryAfter.ShouldBe(wait);
        // A code is never sent twice, and a search not at once again: somebody is typing.
        var again = call is "me" or "refresh" or "client token" && fault is "500" or "503 as a page" or "200 with 64 MB" or "200 zipped" or "a cut connection";
        (world.StandIn.Calls.Count - before).ShouldBe(again ? 2 : 1);
    }

    [Theory]
    [InlineData("exchange", "hang")]
    [InlineData("exchange", "slow-body")]
    [InlineData("me", "hang")]
    [InlineData("me", "slow-body")]
    [InlineData("refresh", "hang")]
    [InlineData("client token", "hang")]
    [InlineData("search", "slow-body")]
    public async Task Who_does_not_answer_in_five_seconds_is_unavailable(string call, string fault)
    {
        await using var world = await SpotifyWorld.StartAsync();
        var prepared = await PrepareAsync(world, call);
        var before = world.StandIn.Calls.Count;
        world.StandIn.Faults.Always(Endpoint(call), fault == "hang" ? Fault.Hang : Fault.SlowBody);
        var running = prepared();
        await Until.TrueAsync(() => world.StandIn.Calls.Count > before);

        world.Clock.Advance(ProviderHttp.Patience - TimeSpan.FromTicks(1));
        running.IsCompleted.ShouldBeFalse();
        world.Clock.Advance(TimeSpan.FromTicks(1));
        (await running)!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
        (world.StandIn.Calls.Count - before).ShouldBe(1);
    }

    [Theory]
    [InlineData("me")]
    [InlineData("refresh")]
    [InlineData("client token")]
    public async Task One_fault_that_passes_is_not_noticed(string call)
    {
        await using var world = await SpotifyWorld.StartAsync();
        var prepared = await PrepareAsync(world, call);
        world.StandIn.Faults.Next(Endpoint(call), Fault.ServerErrorHtml);
        (await prepared()).ShouldBeNull();
        world.StandIn.Faults.Next(Endpoint(call), Fault.Drop);
        (await prepared()).ShouldBeNull();
    }

    [Fact]
    public async Task Every_call_is_counted_with_its_outcome()
    {
        var seen = new ConcurrentQueue<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, me) => { if (instrument.Name == "juke.provider.calls") me.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => seen.Enqueue(string.Join(' ', tags.ToArray().Select(t => t.Value))));
        listener.Start();
        await using var world = await SpotifyWorld.StartAsync();
        var tokens = await world.TokensAsync();
        world.StandIn.Faults.Next("me", Fault.TooManyRequests("1"));
        await world.Service.WhoIsAsync(tokens.AccessToken, default);
        world.StandIn.RevokeRefreshTokens(world.Nia);
        await world.Service.RefreshAsync(tokens.RefreshToken!, default);
        seen.ShouldContain("spotify exchange ok");
        seen.ShouldContain("spotify me limited");
        seen.ShouldContain("spotify refresh refused");
    }

    [Fact]
    public async Task A_caller_who_leaves_gets_the_exception_and_no_answer()
    {
        await using var world = await SpotifyWorld.StartAsync();
        world.StandIn.Faults.Always("me", Fault.Hang);
        using var leaving = new CancellationTokenSource();
        var running = world.Service.WhoIsAsync("any-token", leaving.Token);
        await Until.TrueAsync(() => world.Calls("me") > 0);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    [Fact]
    public async Task Nobody_at_that_address_is_unavailable()
    {
        await using var world = await SpotifyWorld.StartAsync(s => s with { Accounts = new Uri("http://127.0.0.1:1"), Api = new Uri("http://127.0.0.1:1") });
        (await world.Service.WhoIsAsync("any-token", default)).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
        (await world.Service.ExchangeAsync("c", SpotifyWorld.Verifier, SpotifyWorld.Redirect, default)).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
    }

    private static string Endpoint(string call) => call switch { "me" => "me", "search" => "search", _ => "token" };

    private static async Task<Func<Task<Problem?>>> PrepareAsync(SpotifyWorld world, string call)
    {
        switch (call)
        {
            case "exchange":
                return async () => (await world.Service.ExchangeAsync(world.Code(), SpotifyWorld.Verifier, SpotifyWorld.Redirect, default)).Problem;
            case "me":
                var access = (await world.TokensAsync()).AccessToken;
                return async () => (await world.Service.WhoIsAsync(access, default)).Problem;
            case "refresh":
                var refresh = (await world.TokensAsync()).RefreshToken!;
                return async () => (await world.Service.RefreshAsync(refresh, default)).Problem;
            case "client token":
                return async () =>
                {
                    world.Clock.Advance(TimeSpan.FromHours(1)); // The one before has ended.
                    world.StandIn.Faults.Next("search", Fault.Status(200, """{"artists":{"items":[]}}"""));
                    return (await world.Service.SearchArtistsAsync("velvet", 10, default)).Problem;
                };
            default:
                (await world.Service.SearchArtistsAsync("velvet", 10, default)).Failed.ShouldBeFalse();
                return async () => (await world.Service.SearchArtistsAsync("velvet", 10, default)).Problem;
        }
    }
}
