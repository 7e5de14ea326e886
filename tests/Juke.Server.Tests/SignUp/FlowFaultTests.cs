using System.Net;
using Juke.Desk.StandIns;
using Juke.Server.Plumbing;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

/// <summary>Each fault of a provider in each flow, as the person meets it: a documented answer, nothing half-made, and the same way works afterwards.</summary>
public sealed class FlowFaultTests(Doors doors) : IClassFixture<Doors>
{
    private const string Waits = "9";

    private static readonly Dictionary<string, Fault> Faults = new()
    {
        ["401"] = Fault.Status(401, """{"error":{"status":401,"message":"Invalid access token"}}"""),
        ["403"] = Fault.Status(403, "User not registered in the Developer Dashboard", "text/plain"),
        ["429"] = Fault.TooManyRequests(Waits),
        ["503"] = Fault.ServerErrorHtml,
        ["no answer in time"] = Fault.Hang,
        ["a body that never ends in time"] = Fault.SlowBody,
        ["a huge body"] = Fault.HugeBody,
        ["half a character"] = Fault.Status(400, """{"\ud800":1}"""),
    };

    private static readonly string[] SpotifyFlows = ["browser", "settings", "link with a token", "social-login", "core"];

    private readonly JukeServer server = doors.Server;

    public static TheoryData<string, string, string> All() => new(
        from fault in Faults.Keys
        from way in SpotifyFlows.SelectMany(flow => (string[])[flow + " token", flow + " me"]).Append("google token")
        let at = way.LastIndexOf(' ')
        select (way[..at], way[(at + 1)..], fault));

    [Theory]
    [MemberData(nameof(All))]
    public async Task Each_fault_has_its_answer_leaves_nothing_and_does_not_stay(string flow, string endpoint, string fault)
    {
        var faults = flow == "google" ? doors.Google.Faults : doors.Spotify.Faults;
        var person = flow == "google" ? doors.Gmail().Key : doors.Listener().Key;
        var run = await PrepareAsync(flow, person);
        var before = await RowsAsync();
        var asked = Asked();
        (string Word, string? RetryAfter) answer;
        faults.Always(endpoint, Faults[fault]);
        try
        {
            var running = run();
            if (Faults[fault].Name is "hang" or "slow-body")
            {
                await Until.TrueAsync(() => Asked() > asked);
                doors.Clock.Advance(ProviderHttp.Patience);
            }
            answer = await running;
        }
        finally
        {
            faults.Clear();
        }
        var verdict = (endpoint, fault) switch
        {
            (_, "401") or ("me", "half a character") => "bad",
            (_, "403") => "refused",
            _ => "unavailable",
        };
        answer.Word.ShouldBe(Expected(flow, verdict));
        answer.RetryAfter.ShouldBe(flow is not ("core" or "social-login") || verdict != "unavailable" ? null : fault == "429" ? Waits : "2");
        (await RowsAsync()).ShouldBe(before);

        (await run()).Word.ShouldBe(Expected(flow, "good"));

        int Asked() => (flow == "google" ? doors.Google.Calls : doors.Spotify.Calls).Count(c => c.Endpoint == endpoint);
    }

    private static string Expected(string flow, string verdict) => (flow, verdict) switch
    {
        ("core" or "social-login", "good") => "200",
        ("core" or "social-login", "bad") => "401 INVALID_PROVIDER_TOKEN",
        ("core" or "social-login", "refused") => "403 PROVIDER_REFUSED",
        ("core" or "social-login", _) => "503 PROVIDER_UNAVAILABLE",
        ("browser" or "google", "good") => "303 /onboarding",
        ("settings", "good") => "303 /settings?notice=SpotifyConnected",
        (_, "good") => "302 /connect/spotify?state=…",
        ("link with a token", "bad") => "302 /login?error=spotify_auth_failed",
        ("link with a token", _) => "302 /login?error=spotify_" + verdict,
        ("settings", "bad") => "303 /settings?error=spotify_auth_failed",
        ("settings", _) => "303 /settings?error=spotify_" + verdict,
        ("google", "bad") => "303 /login?error=google_auth_failed",
        ("google", _) => "303 /login?error=google_" + verdict,
        (_, "bad") => "303 /login?error=spotify_auth_failed",
        _ => "303 /login?error=spotify_" + verdict,
    };

    /// <summary>Everything up to where the flow begins; then the flow, from a browser that keeps its cookies, or an app.</summary>
    private async Task<Func<Task<(string Word, string? RetryAfter)>>> PrepareAsync(string flow, string person)
    {
        if (flow is "core" or "social-login")
        {
            var client = server.NewClient();
            var listener = doors.Spotify.Find(person)!;
            return async () =>
            {
                var reply = flow == "core" ? await doors.WithSpotifyAsync(client, listener) : await doors.WithSocialLoginAsync(client, listener);
                return ($"{(int)reply.Status} {reply.Code}".TrimEnd(), reply.Headers.RetryAfter?.ToString());
            };
        }
        var browser = new Browser(server);
        var start = flow switch
        {
            "browser" => "/auth/spotify/start",
            "google" => "/auth/google/start",
            "settings" => "/settings/connect/spotify",
            _ => "/api/v1/auth/connect/spotify/?token=" + await TokenAsync(),
        };
        if (flow == "settings") await browser.RegisterAsync();
        return async () =>
        {
            var reply = await browser.TravelAsync(start, person);
            var state = reply.Location!.IndexOf("state=", StringComparison.Ordinal);
            return ($"{(int)reply.Status} {(state < 0 ? reply.Location : reply.Location[..(state + 6)] + "…")}", null);
        };
    }

    private async Task<string> TokenAsync()
    {
        var reply = await doors.WithSocialLoginAsync(server.NewClient(), doors.Listener());
        return reply.EnsureOk().Json.Text("token")!;
    }

    private Task<long> RowsAsync() => server.AskAsync<long>(
        "select (select count(*) from users) + (select count(*) from identities) + (select count(*) from sessions) + (select count(*) from credentials) + (select count(*) from provider_trips)");
}
