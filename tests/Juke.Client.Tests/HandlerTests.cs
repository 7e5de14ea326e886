using System.Net;
using System.Net.Http.Json;
using System.Text;
using Juke.Contract.Wire;

namespace Juke.Client.Tests;

/// <summary>What an app's own HttpClient gets, against a real server whose clock the test moves.</summary>
public sealed class HandlerTests : IAsyncLifetime
{
    private JukeServer server = null!;
    private Session session = null!;
    private Recorder recorder = null!;
    private HttpClient app = null!;

    public async ValueTask InitializeAsync()
    {
        server = await JukeServer.StartAsync();
        session = new Session(new SessionOptions { Server = server.Url, Timeout = Patience.Long });
        recorder = new Recorder();
        app = new HttpClient(new SessionHandler(session, recorder)) { BaseAddress = server.Url };
    }

    [Fact]
    public async Task A_guests_request_goes_out_as_it_is()
    {
        await session.StartAsync();
        (await app.GetAsync(new Uri("/auth/sessions", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        recorder.Tokens.ShouldBe([null]);
    }

    [Fact]
    public async Task No_token_goes_to_another_server_or_over_one_that_the_app_brought()
    {
        await SignInAsync();
        await using var other = await JukeServer.StartAsync();
        await app.GetAsync(new Uri(other.Url, "/auth/sessions"));
        using var own = new HttpRequestMessage(HttpMethod.Get, "/auth/sessions") { Headers = { Authorization = new("Bearer", "mine") } };
        (await app.SendAsync(own)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        recorder.Tokens.ShouldBe([null, "mine"]);
        session.State.Status.ShouldBe(SessionStatus.Authed);
    }

    [Fact]
    public async Task A_body_that_can_be_read_again_is_sent_again_and_a_stream_is_not()
    {
        await SignInAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(16)); // The session's own clock stands: only the server knows that the token ended.
        using var text = new StringContent("""{"step":"artist"}""", Encoding.UTF8, "application/json");
        (await app.PostAsync(new Uri("/api/onboarding/skip", UriKind.Relative), text)).StatusCode.ShouldBe(HttpStatusCode.OK);
        recorder.Tokens.Count.ShouldBe(2);

        server.Clock.Advance(TimeSpan.FromMinutes(16));
        using var stream = new StreamContent(new MemoryStream("""{"step":"city"}"""u8.ToArray())) { Headers = { ContentType = new("application/json") } };
        (await app.PostAsync(new Uri("/api/onboarding/skip", UriKind.Relative), stream)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        recorder.Tokens.Count.ShouldBe(3);
        (await app.GetAsync(new Uri("/auth/sessions", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        recorder.Tokens.Count.ShouldBe(4, "the refresh was made all the same: the next request is good at once");
        session.State.Status.ShouldBe(SessionStatus.Authed);
    }

    [Fact]
    public async Task JSON_is_sent_again_as_it_was_the_first_time()
    {
        await SignInAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(16));
        var step = new OneStep();
        (await app.PostAsJsonAsync(new Uri("/api/onboarding/skip", UriKind.Relative), step)).StatusCode.ShouldBe(HttpStatusCode.OK);
        recorder.Tokens.Count.ShouldBe(2);
        step.Reads.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_that_the_app_keeps_holds_no_token()
    {
        await SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/auth/sessions");
        (await app.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        request.Headers.Authorization.ShouldBeNull();
    }

    [Fact]
    public async Task The_gate_and_completion_show_in_the_state_and_the_refusal_stays_readable()
    {
        await SignInAsync();
        var refused = await app.GetAsync(new Uri("/fixtures/upcoming", UriKind.Relative));
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("ONBOARDING_REQUIRED");
        RouteDecision.Decide(session.State, RouteKind.Protected).ShouldBe(RouteAction.ToOnboarding);
        await session.Juke.CompleteOnboardingAsync(TestClient.NewName());
        RouteDecision.Decide(session.State, RouteKind.Protected).ShouldBe(RouteAction.Show);
        (await session.Juke.UpcomingFixturesAsync()).Status.ShouldBe("success");
    }

    [Fact]
    public async Task Everybody_who_watches_is_told_every_state_in_order()
    {
        var events = new List<SessionStatus>();
        session.Changed += (_, e) => events.Add(e.State.Status);
        var seen = WatchAsync();
        await session.StartAsync();
        await SignInAsync();
        await session.SignOutAsync();
        await session.DisposeAsync();
        (await seen).ShouldBe([SessionStatus.Loading, SessionStatus.Guest, SessionStatus.Authed, SessionStatus.Guest]);
        events.ShouldBe([SessionStatus.Guest, SessionStatus.Authed, SessionStatus.Guest]);

        async Task<List<SessionStatus>> WatchAsync()
        {
            var states = new List<SessionStatus>();
            await foreach (var state in session.WatchAsync()) states.Add(state.Status);
            return states;
        }
    }

    [Fact]
    public async Task A_refusal_names_its_fields_and_a_taken_name_brings_a_free_one()
    {
        await SignInAsync();
        var name = TestClient.NewName();
        await session.Juke.CompleteOnboardingAsync(name);
        (await Should.ThrowAsync<ProblemException>(() => session.Juke.CompleteOnboardingAsync("x"))).Problem!.Errors!.Keys.ShouldBe(["username"]);
        await session.SignOutAsync();
        await SignInAsync();
        var taken = await Should.ThrowAsync<ProblemException>(() => session.Juke.CompleteOnboardingAsync(name));
        (taken.Code, taken.Status).ShouldBe(("USERNAME_TAKEN", HttpStatusCode.Conflict));
        await session.Juke.CompleteOnboardingAsync(taken.Problem!.Suggestion!);
    }

    [Fact]
    public async Task A_profile_is_read_and_saved_with_its_tag()
    {
        await SignInAsync();
        var read = (await session.Juke.GetMyMusicProfileAsync())!;
        (await session.Juke.GetMyMusicProfileAsync(read.ETag)).ShouldBeNull("nothing changed");
        var saved = await session.Juke.SaveMyMusicProfileAsync(new() { ["tagline"] = "quiet", ["favorite_genres"] = new System.Text.Json.Nodes.JsonArray("Jazz") }, read.ETag);
        (saved.Value.Tagline, saved.Value.FavoriteGenres).ShouldBe(("quiet", saved.Value.FavoriteGenres));
        saved.Value.FavoriteGenres.ShouldBe(["jazz"]);
        (await Should.ThrowAsync<ProblemException>(() => session.Juke.SaveMyMusicProfileAsync(new() { ["bio"] = "late" }, read.ETag))).Code.ShouldBe("PRECONDITION_FAILED");
        (await session.Juke.SearchCitiesAsync("zür", 1)).Results[0].CountryCode.ShouldBe("CH");
        (await session.Juke.FeaturedGenresAsync()).Count.ShouldBe(20);
        (await session.Juke.GetOnboardingAsync()).Values.FavoriteGenres.ShouldBe(["jazz"]);
    }

    public async ValueTask DisposeAsync()
    {
        app.Dispose();
        await session.DisposeAsync();
        await server.DisposeAsync();
    }

    private Task<User> SignInAsync() => session.SignInAsync((juke, stop) => juke.RegisterAsync(new RegisterRequest(TestClient.NewEmail(), TestClient.Password), stop));

    /// <summary>Says another thing each time that it is asked.</summary>
    private sealed class OneStep
    {
        public string Step => ++Reads == 1 ? "artist" : "no such step";

        [System.Text.Json.Serialization.JsonIgnore]
        public int Reads { get; private set; }
    }

    /// <summary>The tokens that went out, in order.</summary>
    private sealed class Recorder() : DelegatingHandler(new SocketsHttpHandler())
    {
        public List<string?> Tokens { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var token = request.Headers.Authorization?.Parameter;
            Tokens.Add(token);
            if (token != "mine") SecretWatch.Remember(token);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
