using System.Net;
using System.Net.Http.Headers;

namespace Juke.Client.Tests;

/// <summary>What a session does at moments that the golden scenarios cannot name: stores that fail, apps that close, threads that meet.</summary>
public sealed class SessionTests : IAsyncDisposable
{
    private const string SignedIn =
        """{"user":{"id":1,"email":null,"username":null,"name":null,"image":null,"role":"user","onboardingRequired":true,"hasPassword":true},"accessToken":"access-9","refreshToken":"refresh-9","expiresIn":900,"isNewUser":false}""";

    private static readonly Uri Anywhere = new("https://juke.example");

    private readonly ManualClock clock = new();
    private readonly FailingStore store = new("refresh-0");
    private Session? session;

    /// <summary>Replies by path; anything else is 404.</summary>
    private readonly Dictionary<string, Func<HttpRequestMessage, Task<HttpResponseMessage>>> replies = new(StringComparer.Ordinal);
    private readonly Scripted network;

    public SessionTests()
    {
        network = new Scripted(r => replies.TryGetValue(r.RequestUri!.AbsolutePath, out var reply) ? reply(r) : Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound)));
        On("/auth/refresh", () => network.Pair());
        On("/auth/me", () => Scripted.Me(Scripted.Ada));
    }

    public static TheoryData<RetryConditionHeaderValue> FarAway { get; } =
        new(new RetryConditionHeaderValue(TimeSpan.FromSeconds(5_000_000)), new RetryConditionHeaderValue(new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    [Theory]
    [MemberData(nameof(FarAway), DisableDiscoveryEnumeration = true)]
    public async Task However_far_away_Retry_After_is_an_hour_later_it_is_tried_again(RetryConditionHeaderValue far)
    {
        On("/auth/refresh", () => Scripted.Later(far));
        Open();
        var started = session!.StartAsync();
        await UntilAsync(() => session.State.IsUnreachable && clock.Waiting > 0);
        var end = clock.GetUtcNow().AddHours(1);
        On("/auth/refresh", () => network.Pair());
        clock.Advance(TimeSpan.FromMinutes(59));
        clock.NextDue.ShouldBe(end, "it still rests on its one timer: whoever woke earlier has another by now");
        network.Calls.Count.ShouldBe(1, "not before Retry-After");
        clock.Advance(TimeSpan.FromMinutes(1));
        await started.WaitAsync(Patience);
        session.State.Status.ShouldBe(SessionStatus.Authed);
    }

    [Fact]
    public async Task A_button_may_come_before_Retry_After_and_a_screens_call_may_not()
    {
        On("/auth/refresh", () => Scripted.Later(new(TimeSpan.FromMinutes(10))));
        Open();
        var started = session!.StartAsync();
        await UntilAsync(() => session.State.IsUnreachable);
        (await Should.ThrowAsync<HttpRequestException>(() => session.Juke.ListSessionsAsync())).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        network.Calls.ShouldBe(["POST /auth/refresh"]);
        On("/auth/refresh", () => network.Pair());
        session.RetryNow();
        await started.WaitAsync(Patience);
        session.State.ShouldBe(new SessionState(SessionStatus.Authed, Scripted.Ada));
    }

    [Fact]
    public async Task A_screen_that_got_through_ends_being_unreachable()
    {
        On("/auth/refresh", () => new HttpResponseMessage(HttpStatusCode.BadGateway));
        Open();
        var started = session!.StartAsync();
        await UntilAsync(() => session.State.IsUnreachable);
        On("/auth/refresh", () => network.Pair());
        On("/api/users/profile", () => Scripted.Json("{}"));
        await Should.ThrowAsync<HttpRequestException>(() => session.Juke.GetUserProfileAsync()); // A 200 that is no profile is no answer.
        await started.WaitAsync(Patience); // The clock stood: nothing but that call woke it.
        session.State.ShouldBe(new SessionState(SessionStatus.Authed, Scripted.Ada));
    }

    [Fact]
    public async Task A_dead_session_ends_also_where_the_store_fails()
    {
        await AuthedAsync();
        On("/auth/refresh", () =>
        {
            store.IsBroken = true;
            return Scripted.Problem(HttpStatusCode.Unauthorized, "INVALID_REFRESH_TOKEN");
        });
        On("/auth/sessions", () => Scripted.Problem(HttpStatusCode.Unauthorized, "UNAUTHORIZED"));
        (await Should.ThrowAsync<ProblemException>(() => session!.Juke.ListSessionsAsync())).Code.ShouldBe("UNAUTHORIZED");
        session!.State.Status.ShouldBe(SessionStatus.Guest);
    }

    [Fact]
    public async Task A_second_401_ends_it_also_where_the_store_fails()
    {
        await AuthedAsync();
        On("/auth/sessions", () =>
        {
            store.IsBroken = session!.State.Status == SessionStatus.Authed && network.Calls.Count(c => c == "POST /auth/refresh") == 2;
            return Scripted.Problem(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        });
        (await Should.ThrowAsync<ProblemException>(() => session!.Juke.ListSessionsAsync())).Code.ShouldBe("UNAUTHORIZED");
        store.IsBroken.ShouldBeTrue();
        session!.State.Status.ShouldBe(SessionStatus.Guest);
    }

    [Fact]
    public async Task A_401_of_a_proxy_in_HTML_is_handed_on_and_the_session_stays()
    {
        await AuthedAsync();
        On("/auth/sessions", () => new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = new StringContent("<h1>Who are you?</h1>", MediaTypeHeaderValue.Parse("text/html")) });
        var refused = await Should.ThrowAsync<ProblemException>(() => session!.Juke.ListSessionsAsync());
        (refused.Status, refused.Code).ShouldBe((HttpStatusCode.Unauthorized, ""));
        session!.State.Status.ShouldBe(SessionStatus.Authed);
    }

    [Fact]
    public async Task Closed_while_it_starts_it_says_nothing_of_a_guest()
    {
        store.Hangs = true;
        Open();
        var told = new List<SessionStatus>();
        session!.Changed += (_, e) => told.Add(e.State.Status);
        var started = Record.ExceptionAsync(() => session.StartAsync());
        await session.DisposeAsync();
        (await started).ShouldBeAssignableTo<OperationCanceledException>();
        await Task.Delay(50); // What it would say, it would say now.
        told.ShouldBeEmpty();
        session.State.Status.ShouldBe(SessionStatus.Loading);
    }

    [Fact]
    public async Task Who_watches_a_session_that_is_closed_sees_its_last_state_and_no_more()
    {
        await AuthedAsync();
        await session!.DisposeAsync();
        using var patience = new CancellationTokenSource(Patience);
        var seen = new List<SessionStatus>();
        await foreach (var state in session.WatchAsync(patience.Token)) seen.Add(state.Status);
        seen.ShouldBe([SessionStatus.Authed]);
    }

    [Fact]
    public async Task Who_subscribes_while_another_is_told_is_told_what_comes_next()
    {
        await AuthedAsync();
        using var entered = new ManualResetEventSlim();
        using var subscribed = new ManualResetEventSlim();
        var told = new List<SessionStatus>();
        session!.Changed += (_, _) =>
        {
            entered.Set();
            subscribed.Wait(Patience);
        };
        var slow = Task.Run(() => session.SignOutAsync());
        await UntilAsync(() => entered.IsSet);
        session.Changed += (_, e) => told.Add(e.State.Status);
        On("/auth/logout", () => Scripted.Json("""{"status":"success"}"""));
        On("/auth/login", () => Scripted.Json(SignedIn));
        var signedIn = session.SignInAsync((juke, stop) => juke.LoginAsync(new("ada", "x"), stop));
        await UntilAsync(() => session.State.Status == SessionStatus.Authed);
        subscribed.Set();
        await Task.WhenAll(slow, signedIn).WaitAsync(Patience);
        await UntilAsync(() => told.Contains(SessionStatus.Authed));
    }

    [Fact]
    public async Task An_answer_from_before_the_gate_shut_does_not_open_it_again()
    {
        await AuthedAsync();
        var early = new TaskCompletionSource<HttpResponseMessage>();
        replies["/auth/me"] = _ => early.Task;
        var asked = session!.ReloadUserAsync();
        await UntilAsync(() => network.Calls.Count(c => c == "GET /auth/me") == 2);
        On("/auth/me", () => Scripted.Me(Scripted.Ada with { OnboardingRequired = true }));
        On("/fixtures/upcoming", () => Scripted.Problem(HttpStatusCode.Forbidden, "ONBOARDING_REQUIRED"));
        (await Should.ThrowAsync<ProblemException>(() => session.Juke.UpcomingFixturesAsync().WaitAsync(Patience))).Code.ShouldBe("ONBOARDING_REQUIRED");
        session.State.OnboardingRequired.ShouldBeTrue();
        early.SetResult(Scripted.Me(Scripted.Ada));
        await asked;
        session.State.OnboardingRequired.ShouldBeTrue("asked before the gate shut");
    }

    [Fact]
    public async Task A_handler_that_gives_up_connecting_is_a_network_that_fails()
    {
        var tries = 0;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(50), // .NET tells of it as of a cancellation.
            ConnectCallback = async (_, stop) =>
            {
                if (Interlocked.Increment(ref tries) == 1) await Task.Delay(Timeout.Infinite, stop);
                throw new IOException("no way");
            },
        };
        session = new Session(new SessionOptions { Server = Anywhere, Store = store, Handler = handler, Time = clock });
        _ = session.StartAsync();
        await UntilAsync(() => session.State.IsUnreachable);
        session.RetryNow();
        await UntilAsync(() => tries == 2);
    }

    [Fact]
    public async Task A_keychain_whose_prompt_was_closed_is_asked_again()
    {
        store.IsRefused = true;
        Open();
        var started = session!.StartAsync();
        await UntilAsync(() => session.State.IsUnreachable);
        session.RetryNow();
        await started.WaitAsync(Patience);
        session.State.Status.ShouldBe(SessionStatus.Authed);
    }

    [Fact]
    public async Task The_gate_shuts_while_auth_me_is_silent_and_the_screen_gets_its_403()
    {
        await AuthedAsync();
        replies["/auth/me"] = _ => new TaskCompletionSource<HttpResponseMessage>().Task;
        On("/fixtures/upcoming", () => Scripted.Problem(HttpStatusCode.Forbidden, "ONBOARDING_REQUIRED"));
        var call = Record.ExceptionAsync(() => session!.Juke.UpcomingFixturesAsync());
        await UntilAsync(() => MeCalls == 2);
        await PassAsync(TimeSpan.FromSeconds(14), () => call.IsCompleted);
        (await call).ShouldBeOfType<ProblemException>().Code.ShouldBe("ONBOARDING_REQUIRED");
        session!.State.OnboardingRequired.ShouldBeTrue();
    }

    [Fact]
    public async Task The_gate_shuts_though_the_screen_was_closed_and_auth_me_fails()
    {
        await AuthedAsync();
        var me = new TaskCompletionSource<HttpResponseMessage>();
        replies["/auth/me"] = _ => me.Task;
        On("/fixtures/upcoming", () => Scripted.Problem(HttpStatusCode.Forbidden, "ONBOARDING_REQUIRED"));
        using var screen = new CancellationTokenSource();
        var call = Record.ExceptionAsync(() => session!.Juke.UpcomingFixturesAsync(null, screen.Token));
        await UntilAsync(() => MeCalls == 2);
        await screen.CancelAsync();
        (await call).ShouldBeAssignableTo<OperationCanceledException>();
        me.SetResult(new HttpResponseMessage(HttpStatusCode.BadGateway));
        await UntilAsync(() => session!.State.OnboardingRequired);
    }

    [Fact]
    public async Task A_completion_is_done_though_auth_me_is_silent_and_is_seen_once_it_answers()
    {
        On("/auth/me", () => Scripted.Me(Scripted.Ada with { OnboardingRequired = true }));
        await AuthedAsync();
        replies["/auth/me"] = _ => new TaskCompletionSource<HttpResponseMessage>().Task;
        On("/auth/onboarding/complete", () => Scripted.Json("""{"success":true,"user":{"id":1000000000,"email":"ada@example.com","username":"ada","name":null,"image":null,"role":"user","onboardingRequired":false,"hasPassword":true}}"""));
        var call = session!.Juke.CompleteOnboardingAsync("ada");
        await UntilAsync(() => MeCalls == 2);
        await PassAsync(TimeSpan.FromSeconds(14), () => call.IsCompleted);
        (await call).Success.ShouldBeTrue();
        On("/auth/me", () => Scripted.Me(Scripted.Ada));
        await PassAsync(TimeSpan.FromMinutes(2), () => !session.State.OnboardingRequired);
        session.State.OnboardingRequired.ShouldBeFalse();
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.Unauthorized)]
    public async Task Half_a_refusal_is_a_network_that_fails(HttpStatusCode status)
    {
        await AuthedAsync();
        On("/fixtures/upcoming", () => new HttpResponseMessage(status) { Content = new StreamContent(new OnceReadable(10, isCut: true)) });
        await Should.ThrowAsync<HttpRequestException>(() => session!.Juke.UpcomingFixturesAsync());
    }

    [Fact]
    public async Task The_long_403_of_a_firewall_is_a_refusal()
    {
        await AuthedAsync();
        On("/fixtures/upcoming", () => new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StreamContent(new OnceReadable(100_000, isCut: false)) });
        (await Should.ThrowAsync<ProblemException>(() => session!.Juke.UpcomingFixturesAsync())).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_make_Retry_After_longer()
    {
        On("/auth/refresh", () => Scripted.Later(new(TimeSpan.FromMinutes(1))));
        Open();
        _ = session!.StartAsync();
        await UntilAsync(() => session.State.IsUnreachable && clock.Waiting > 0);
        clock.Advance(TimeSpan.FromDays(-1));
        On("/auth/refresh", () => network.Pair());
        (await Should.ThrowAsync<ProblemException>(() => session.Juke.ListSessionsAsync())).Status.ShouldBe(HttpStatusCode.NotFound, "nobody serves it here, but it was sent");
    }

    [Fact]
    public async Task Closed_while_a_sign_in_is_stored_it_is_kept_for_the_next_start_and_nothing_goes_on()
    {
        Open();
        var told = new List<SessionStatus>();
        session!.Changed += (_, e) => told.Add(e.State.Status);
        On("/auth/login", () => Scripted.Json(SignedIn));
        var stored = new TaskCompletionSource();
        store.Writes = stored.Task;
        var signedIn = session.SignInAsync((juke, stop) => juke.LoginAsync(new("ada", "x"), stop));
        await UntilAsync(() => store.IsWriting);
        await session.DisposeAsync();
        stored.SetResult();
        (await signedIn).Id.ShouldBe(1);
        (await store.ReadAsync(default)).ShouldBe(new StoredTokens("refresh-9"));
        (told.Count, clock.Waiting).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Signed_out_while_another_sign_in_is_stored_both_sessions_end()
    {
        await AuthedAsync();
        var left = new List<string>();
        replies["/auth/logout"] = async request =>
        {
            var body = await request.Content!.ReadAsStringAsync();
            lock (left) left.Add(body);
            return Scripted.Json("""{"status":"success"}""");
        };
        On("/auth/login", () => Scripted.Json(SignedIn));
        var stored = new TaskCompletionSource();
        store.Writes = stored.Task;
        var signedIn = Record.ExceptionAsync(() => session!.SignInAsync((juke, stop) => juke.LoginAsync(new("ada", "x"), stop)));
        await UntilAsync(() => store.IsWriting);
        var signedOut = session!.SignOutAsync();
        stored.SetResult();
        (await signedIn).ShouldBeOfType<OperationCanceledException>();
        await signedOut;
        left.Distinct().Order(StringComparer.Ordinal).ShouldBe(["""{"refreshToken":"refresh-1"}""", """{"refreshToken":"refresh-9"}"""]);
    }

    [Fact]
    public async Task Signing_out_does_not_throw_whatever_the_apps_handler_does()
    {
        await AuthedAsync();
        replies["/auth/logout"] = _ => throw new InvalidOperationException("the circuit is open");
        await session!.SignOutAsync();
        session.State.Status.ShouldBe(SessionStatus.Guest);
    }

    public async ValueTask DisposeAsync()
    {
        if (session is not null) await session.DisposeAsync();
        network.Dispose();
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(20);

    private int MeCalls
    {
        get
        {
            lock (network.Calls) return network.Calls.Count(c => c == "GET /auth/me");
        }
    }

    private void On(string path, Func<HttpResponseMessage> reply) => replies[path] = _ => Task.FromResult(reply());

    private void Open() => session = new Session(new SessionOptions { Server = Anywhere, Store = store, Handler = network, Time = clock });

    private async Task AuthedAsync()
    {
        Open();
        await session!.StartAsync().WaitAsync(Patience);
        session.State.Status.ShouldBe(SessionStatus.Authed);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds()) await Task.Delay(5, patience.Token);
    }

    /// <summary>Second by second, until it holds.</summary>
    private async Task PassAsync(TimeSpan most, Func<bool> holds)
    {
        for (var passed = TimeSpan.Zero; passed < most && !holds(); passed += TimeSpan.FromSeconds(1))
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20);
        }
    }

    /// <summary>A body as it comes from a network: read once, and perhaps not to its end.</summary>
    private sealed class OnceReadable(int length, bool isCut) : MemoryStream(new byte[length])
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            isCut && Position == Length ? throw new IOException("cut") : base.ReadAsync(buffer, cancellationToken);

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            isCut ? Task.FromException(new IOException("cut")) : base.CopyToAsync(destination, bufferSize, cancellationToken);
    }
}
