using System.Net;
using Juke.Desk.Spotify;
using Juke.Desk.StandIns;
using Juke.Desk.Tests.Spotify;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests.StandIns;

/// <summary>What a client sees of each fault. One endpoint stands for all: the listener puts them before each alike.</summary>
public sealed class FaultTests : SpotifyTest
{
    public static TheoryData<string, int, string?, string> Answers => new()
    {
        { "server-error-html", 503, "text/html", "<h1>Service Unavailable</h1>" },
        { "quota-exceeded", 429, "application/json", "QUOTA_EXCEEDED" },
        { "too-many-requests", 429, "application/json", "API rate limit exceeded" },
        { "broken-json", 200, "application/json", "half of an" },
        { "empty-body", 200, "application/json", "" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_in_place_of_the_endpoints(string name, int status, string? type, string words)
    {
        Spotify.Faults.Next("me", Fault.Named(name, _ => null).ShouldNotBeNull());
        var answer = await AskAsync();
        ((int)answer.Status).ShouldBe(status);
        answer.Type.ShouldBe(type);
        answer.Body.ShouldContain(words);
        if (words.Length == 0) answer.Body.ShouldBeEmpty();
        (await AskAsync()).Status.ShouldBe(HttpStatusCode.OK, "once was asked for");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("86400")]
    [InlineData("soon")]
    public async Task Retry_after_says_whatever_it_is_told(string? retryAfter)
    {
        Spotify.Faults.Next("me", Fault.TooManyRequests(retryAfter));
        var answer = await AskAsync();
        answer.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (answer.Headers.TryGetValues("Retry-After", out var values) ? values.Single() : null).ShouldBe(retryAfter);
    }

    [Fact]
    public async Task Any_status_body_type_and_headers()
    {
        Spotify.Faults.Next("me", Fault.Status(418, "short and stout", "text/plain", ("X-Pot", "tea")));
        var answer = await AskAsync();
        ((int)answer.Status).ShouldBe(418);
        answer.Type.ShouldBe("text/plain");
        answer.Body.ShouldBe("short and stout");
        answer.Headers.GetValues("X-Pot").ShouldBe(["tea"]);
    }

    [Fact]
    public async Task A_redirect_where_none_belongs()
    {
        Spotify.Faults.Next("me", Fault.Redirect("http://169.254.169.254/secrets"));
        var answer = await AskAsync();
        answer.Status.ShouldBe(HttpStatusCode.Found);
        answer.Location.ShouldBe("http://169.254.169.254/secrets");
    }

    [Fact]
    public async Task A_cut_connection()
    {
        Spotify.Faults.Next("me", Fault.Drop);
        await Should.ThrowAsync<HttpRequestException>(AskAsync);
        (await AskAsync()).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nothing_until_the_client_leaves_and_others_are_not_held_up()
    {
        Spotify.Faults.Next("me", Fault.Hang);
        using var http = new HttpClient();
        using var patience = new CancellationTokenSource();
        var hanging = http.GetAsync(new Uri(Spotify.Address, "/v1/me"), patience.Token);
        while (Spotify.Calls.Count == 0) await Task.Yield();
        (await AskAsync()).Status.ShouldBe(HttpStatusCode.OK);
        hanging.IsCompleted.ShouldBeFalse();
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(hanging);
    }

    [Fact]
    public async Task A_stand_in_can_stop_while_somebody_waits_for_ever()
    {
        await using var other = await SpotifyStandIn.StartAsync();
        other.Faults.Always("me", Fault.Hang);
        using var http = new HttpClient();
        var hanging = http.GetAsync(new Uri(other.Address, "/v1/me"));
        while (other.Calls.Count == 0) await Task.Yield();
        await other.DisposeAsync();
        await Should.ThrowAsync<HttpRequestException>(hanging);
    }

    [Fact]
    public async Task Bytes_that_drip_and_never_end()
    {
        Spotify.Faults.Next("me", Fault.SlowBody);
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(Spotify.Address, "/v1/me"), HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var drop = new byte[16];
        for (var drops = 0; drops < 3; drops++) (await body.ReadAsync(drop)).ShouldBePositive(); // Several, where the machine was busy meanwhile.
    }

    [Fact]
    public async Task More_than_anybody_should_read()
    {
        Spotify.Faults.Next("me", Fault.HugeBody);
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(Spotify.Address, "/v1/me"), HttpCompletionOption.ResponseHeadersRead);
        answer.Content.Headers.ContentLength.ShouldBeNull("no length that would warn");
        await using var body = await answer.Content.ReadAsStreamAsync();
        var (chunk, read, last) = (new byte[1 << 16], 0L, (byte)0);
        while (await body.ReadAsync(chunk) is > 0 and var length) (read, last) = (read + length, chunk[length - 1]);
        read.ShouldBeGreaterThan(Fault.HugeBodyBytes);
        last.ShouldBe((byte)'}', "it ends as JSON does");
    }

    [Fact]
    public async Task What_is_queued_comes_before_what_always_happens()
    {
        Spotify.Faults.Always("me", Fault.Status(500));
        Spotify.Faults.Next("me", Fault.Status(502), times: 2);
        Spotify.Faults.Next("me", Fault.Status(504));
        var seen = new List<int>();
        for (var call = 0; call < 5; call++) seen.Add((int)(await AskAsync()).Status);
        seen.ShouldBe([502, 502, 504, 500, 500]);
        Spotify.Faults.Set.ShouldBe(["me: always status"]);
        (await App.GetAsync("/v1/search?q=velvet&type=artist", Bearer())).Status.ShouldBe(HttpStatusCode.OK, "another endpoint works");
        Spotify.Faults.Next("me", Fault.Status(502));
        Spotify.Faults.Clear();
        (await AskAsync()).Status.ShouldBe(HttpStatusCode.OK, "neither what was queued nor what was for ever");
    }

    [Fact]
    public void A_fault_at_no_endpoint_is_a_mistake()
    {
        Should.Throw<ArgumentException>(() => Spotify.Faults.Next("tokens", Fault.Drop)).Message.ShouldContain("authorize, token, me, search");
        Should.Throw<ArgumentException>(() => Spotify.Faults.Always("certs", Fault.Drop));
    }

    [Fact]
    public void Every_name_is_a_fault()
    {
        foreach (var name in Fault.Names) Fault.Named(name, word => word == "status" ? "500" : null).ShouldNotBeNull().Name.ShouldBe(name);
        Fault.Named("gremlins", _ => null).ShouldBeNull();
        Fault.Named("status", _ => "9000").ShouldBeNull();
    }

    [Fact]
    public async Task Each_endpoint_can_fail()
    {
        foreach (var endpoint in Spotify.Faults.Endpoints) Spotify.Faults.Next(endpoint, Fault.Status(599));
        ((int)(await App.GetAsync("/authorize")).Status).ShouldBe(599);
        ((int)(await App.FormAsync("/api/token", [])).Status).ShouldBe(599);
        ((int)(await AskAsync()).Status).ShouldBe(599);
        ((int)(await App.GetAsync("/v1/search")).Status).ShouldBe(599);
        ((int)(await App.GetAsync("/v1/artists/0123456789abcdefghijkl")).Status).ShouldBe(599);
        Spotify.Calls.Select(call => call.Endpoint).ShouldBe(Spotify.Faults.Endpoints, "failing calls are counted too");
    }

    private string Bearer() => "Bearer " + Spotify.IssueAccessToken(Somebody);

    private Task<Answer> AskAsync() => App.GetAsync("/v1/me", Bearer());
}
