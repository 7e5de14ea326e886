using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Contract;

namespace Juke.Cli.Tests.Conformance;

/// <summary>The ten rules by hand, as short as they go; each flaw is one place where it does something else.</summary>
/// <param name="server">Where to.</param>
/// <param name="store">What outlives the app.</param>
/// <param name="cookies">The browser's, which outlive it too; null = not in a browser.</param>
/// <param name="clock">Its time.</param>
/// <param name="flaw">What it does wrong.</param>
internal sealed class SmallSession(Uri server, JsonObject store, CookieContainer? cookies, ManualClock clock, Flaw flaw) : IDisposable
{
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = cookies is not null, CookieContainer = cookies ?? new() })
    {
        BaseAddress = server,
        Timeout = Timeout.InfiniteTimeSpan,
    };
    private readonly CancellationTokenSource closed = new();
    private readonly Lock gate = new();
    private Task<string?>? refreshing;
    private string? access;
    private DateTimeOffset notBefore;
    private bool isKnown;

    /// <summary>Changes at every sign-out: what was asked before means nothing after.</summary>
    private int era;

    public string Status { get; private set; } = "loading";

    public bool? OnboardingRequired { get; private set; }

    /// <summary>Everything on the device.</summary>
    public JsonNode Kept()
    {
        lock (gate) return store.DeepClone();
    }

    public async Task StartAsync()
    {
        if (Token is null && cookies is null)
        {
            Status = "guest";
            return;
        }
        var started = era;
        if (flaw == Flaw.ReadsItsFlagAtStart && (string?)store["next"] == "home") (Status, OnboardingRequired) = ("authed", false);
        for (var failures = 1; started == era && !isKnown && !closed.IsCancellationRequested; failures++)
        {
            try
            {
                await AskWhoAsync();
            }
            catch (HttpRequestException e)
            {
                if (flaw == Flaw.DropsTokensOnNetworkError) Forget();
                if (flaw == Flaw.RetriesAtOnce) continue;
                if (flaw == Flaw.BeginsItsStartAnew) access = null;
                if (flaw == Flaw.ItsTimersOutliveTheSession) _ = RefreshInAsync(TimeSpan.FromSeconds(30), Token);
                await PauseAsync(flaw == Flaw.RetriesEverySecond ? TimeSpan.FromSeconds(1) : e is Busy { RetryAfter: { } wait } ? wait : TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, failures))));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>/auth/me: at start, after completion and when the gate shuts.</summary>
    public async Task AskWhoAsync()
    {
        var asked = era;
        var (status, user) = await SendAsync(HttpMethod.Get, "/auth/me", null, closed.Token);
        if (status == 200 && IsUser(user)) Know(asked, user);
        else if (asked == era && status != 401) throw new Busy(null);
    }

    public async Task<int> CallAsync(HttpMethod method, string path, JsonNode? body, CancellationToken stop)
    {
        var asked = era;
        if (flaw == Flaw.OpensBeforeTheAnswer && path == "/auth/onboarding/complete") OnboardingRequired = false;
        var first = access;
        var (status, answer) = await SendAsync(method, path, body, stop);
        if (flaw == Flaw.LooksForTheGateOnce && access != first) return status;
        if (status != 403 || (Code(answer) != "ONBOARDING_REQUIRED" && flaw != Flaw.TakesEvery403ForTheGate) || !IsMine(asked)) return status;
        if (flaw == Flaw.LogsOutOn403)
        {
            Forget();
            return status;
        }
        OnboardingRequired = true;
        if (flaw == Flaw.AsksWithoutEndAtTheGate) _ = AskWithoutEndAsync();
        try
        {
            await AskWhoAsync();
        }
        catch (HttpRequestException)
        {
            // The server said enough.
        }
        return status;
    }

    public async Task<int> SignInAsync(CancellationToken stop)
    {
        var asked = era;
        var (status, answer, _) = await ExchangeAsync(
            HttpMethod.Post, "/auth/login", new JsonObject { ["emailOrUsername"] = "ada@example.com", ["password"] = "a long and quiet evening" }, null, stop);
        if (status != 200) return status;
        if (!IsPair(answer) || !IsUser(answer!["user"])) throw new HttpRequestException("No sign-in.");
        if (asked != era) throw new OperationCanceledException();
        Keep(answer!);
        Know(asked, answer!["user"]);
        return status;
    }

    public async Task SignOutAsync()
    {
        var token = Token;
        if (flaw != Flaw.ForgetsLast) Forget();
        if (token is null && cookies is null) return;
        try
        {
            await ExchangeAsync(HttpMethod.Post, "/auth/logout", token is null ? [] : new JsonObject { ["refreshToken"] = token }, null, closed.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Signed out here all the same.
        }
        if (flaw == Flaw.ForgetsLast) Forget();
    }

    public void Dispose()
    {
        closed.Cancel();
        http.Dispose();
    }

    private string? Token
    {
        get
        {
            lock (gate) return (string?)store["refreshToken"];
        }
    }

    private async Task<(int Status, JsonNode? Answer)> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken stop)
    {
        var asked = era;
        if ((access ?? await RefreshedAsync(stop)) is not { } token) return (401, null);
        var (status, answer, _) = await ExchangeAsync(method, path, body, token, stop);
        for (var tries = 0; status == 401 && Code(answer) == "UNAUTHORIZED" && IsMine(asked); tries++)
        {
            if ((tries == 1 && flaw != Flaw.RetriesForEver) || (cookies is not null && flaw == Flaw.SignsOutInABrowser))
            {
                Forget();
                break;
            }
            // Somebody else may have got a new one meanwhile.
            if ((access != token && flaw != Flaw.RefreshesAgainForALate401 ? access : await RefreshedAsync(stop)) is not { } next) break;
            token = next;
            (status, answer, _) = await ExchangeAsync(method, path, body, token, stop);
        }
        if (status is 429 or >= 500 && path == "/auth/me") throw new Busy(null);
        return (status, answer);
    }

    private async Task<string?> RefreshedAsync(CancellationToken stop)
    {
        Task<string?> refresh;
        lock (gate)
        {
            if (flaw == Flaw.RefreshesTwice || (flaw == Flaw.RefreshesAloneAtStart && !isKnown)) refreshing = null;
            if (refreshing is null && clock.GetUtcNow() < notBefore) throw new Busy(notBefore - clock.GetUtcNow());
            refresh = refreshing ??= Task.Run(RefreshAsync, CancellationToken.None);
        }
        return await refresh.WaitAsync(stop);
    }

    private async Task<string?> RefreshAsync()
    {
        var asked = era;
        try
        {
            var refresh = new JsonObject();
            if (cookies is null)
            {
                lock (gate)
                {
                    if (!store.ContainsKey("refreshToken")) return null;
                    store["attempt"] ??= NewAttempt();
                    foreach (var member in new[] { "refreshToken", "attempt" }) refresh[member] = (string?)store[member];
                }
            }
            if (flaw == Flaw.SendsAnAttemptBesideACookie) refresh["attempt"] ??= NewAttempt();
            if (flaw == Flaw.SendsANumberForAnAttempt) refresh["attempt"] = 1;
            if (flaw == Flaw.SendsAMemberOfItsOwn) refresh["device"] = "phone";
            var (status, pair, wait) = await ExchangeAsync(HttpMethod.Post, "/auth/refresh", refresh, null, closed.Token);
            if (asked != era && (flaw != Flaw.TakesALateAnswerForItsOwn || Status == "guest")) return null;
            if ((status == 401 && IsRefusal(Code(pair))) || (status == 400 && cookies is not null))
            {
                Forget();
                return null;
            }
            notBefore = clock.GetUtcNow() + (wait ?? TimeSpan.Zero);
            if (status != 200 || !IsPair(pair)) throw new Busy(wait);
            if (flaw == Flaw.LosesTheTokenBetweenAnswerAndStore) _ = LaterAsync(pair!);
            else Keep(pair!);
            access = (string)pair!["accessToken"]!;
            if (cookies is null || !isKnown) return access;
            // Another tab may have signed somebody in.
            var (found, user, _) = await ExchangeAsync(HttpMethod.Get, "/auth/me", null, access, closed.Token);
            if (found != 200 || !IsUser(user)) throw new Busy(null);
            Know(asked, user);
            return access;
        }
        finally
        {
            lock (gate) refreshing = null;
        }
    }

    private void Keep(JsonNode pair)
    {
        lock (gate)
        {
            access = (string)pair["accessToken"]!;
            if (cookies is not null) return;
            if (flaw != Flaw.IgnoresRotation || !store.ContainsKey("refreshToken")) store["refreshToken"] = (string)pair["refreshToken"]!;
            if (flaw != Flaw.LeavesItsAttemptBehind || refreshing is not null) store.Remove("attempt");
            if (flaw == Flaw.StoresTheAccessToken) store["accessToken"] = access;
        }
    }

    private async Task AskWithoutEndAsync()
    {
        while (!closed.IsCancellationRequested)
        {
            try
            {
                await AskWhoAsync();
                return;
            }
            catch (HttpRequestException)
            {
                // At once again.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task RefreshInAsync(TimeSpan wait, string? token)
    {
        await PauseAsync(wait);
        await ExchangeAsync(HttpMethod.Post, "/auth/refresh", new JsonObject { ["refreshToken"] = token }, null, closed.Token);
    }

    private async Task LaterAsync(JsonNode pair)
    {
        while (Status == "loading") await Task.Delay(10, closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Keep(pair);
    }

    private void Know(int asked, JsonNode? user)
    {
        lock (gate)
        {
            if (asked != era) return;
            OnboardingRequired = (bool)user!["onboardingRequired"]!;
            (Status, isKnown) = ("authed", true);
            if (flaw == Flaw.ItsTimersOutliveTheSession) _ = RefreshInAsync(TimeSpan.FromSeconds(800), Token);
            if (flaw == Flaw.KeepsAnOnboardingFlag) store["onboardingRequired"] = OnboardingRequired;
            if (flaw is Flaw.KeepsAFlagOfAnotherName or Flaw.ReadsItsFlagAtStart) store["next"] = OnboardingRequired is true ? "questions" : "home";
        }
    }

    private void Forget()
    {
        lock (gate)
        {
            era++;
            var attempt = store["attempt"]?.DeepClone();
            store.Clear();
            if (flaw == Flaw.LeavesItsAttemptBehind && attempt is not null) store["attempt"] = attempt;
            (access, Status, isKnown, OnboardingRequired) = (null, "guest", true, null);
        }
    }

    private async Task<(int Status, JsonNode? Answer, TimeSpan? RetryAfter)> ExchangeAsync(HttpMethod method, string path, JsonNode? body, string? token, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (flaw == Flaw.NamesAnotherContract) request.Headers.Add(ContractVersion.Header, "2026-11-22");
        if (cookies is not null || flaw == Flaw.SaysItIsABrowser) request.Headers.Add("X-Client", "web");
        if (flaw == Flaw.SendsPlainText && body is not null) request.Content!.Headers.ContentType = new("text/plain");
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15), clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token, closed.Token);
        try
        {
            using var reply = await http.SendAsync(request, any.Token);
            var text = await reply.Content.ReadAsStringAsync(any.Token);
            return ((int)reply.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), Wait(reply.Headers.RetryAfter));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException || (e is JsonException && flaw != Flaw.ReadsEverythingAsJson) || (e is OperationCanceledException && patience.IsCancellationRequested))
        {
            throw new HttpRequestException("No answer.", e);
        }
    }

    private async Task PauseAsync(TimeSpan wait)
    {
        using var pause = new CancellationTokenSource(wait, clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, closed.Token);
        await Task.Delay(Timeout.Infinite, any.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private TimeSpan? Wait(RetryConditionHeaderValue? told) => told switch
    {
        { Date: { } date } when flaw == Flaw.CountsFromADate => date > clock.GetUtcNow() ? date - clock.GetUtcNow() : TimeSpan.Zero,
        { Delta: { } delta } => flaw == Flaw.BelievesADay || delta < AnHour ? delta : AnHour,
        _ => null,
    };

    private string NewAttempt() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(flaw == Flaw.SendsALongAttempt ? 99 : 24));

    private bool IsMine(int asked) => asked == era || flaw == Flaw.HandsALateAnswerToTheNextUser;

    private bool IsRefusal(string? code) => flaw == Flaw.KnowsOneCodeOnly ? code == "INVALID_REFRESH_TOKEN" : code is not null;

    private bool IsUser(JsonNode? answer) => Has(answer, "onboardingRequired") && (flaw != Flaw.KnowsTwoRolesOnly || (string?)answer!["role"] is "user" or "admin");

    private static bool Has(JsonNode? answer, string member) => answer is JsonObject o && o[member] is not null;

    private static bool IsPair(JsonNode? answer) => Has(answer, "accessToken") && Has(answer, "refreshToken");

    private static string? Code(JsonNode? answer) => answer is JsonObject o ? (string?)o["code"] : null;

    private sealed class Busy(TimeSpan? retryAfter) : HttpRequestException("Try later.")
    {
        public TimeSpan? RetryAfter => retryAfter;
    }
}
