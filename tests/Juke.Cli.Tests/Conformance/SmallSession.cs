using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juke.Cli.Tests.Conformance;

/// <summary>The ten rules by hand, as short as they go; each flaw is one place where it does something else.</summary>
internal sealed class SmallSession(Uri server, JsonObject store, ManualClock clock, Flaw flaw) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
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
        if (Token is null)
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
        if (status == 200 && Has(user, "onboardingRequired")) Know(asked, user);
        else if (asked == era && status != 401) throw new Busy(null);
    }

    public async Task<int> CallAsync(HttpMethod method, string path, JsonNode? body, CancellationToken stop)
    {
        var asked = era;
        var (status, answer) = await SendAsync(method, path, body, stop);
        if (status != 403 || (Code(answer) != "ONBOARDING_REQUIRED" && flaw != Flaw.TakesEvery403ForTheGate) || asked != era) return status;
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
        if (!IsPair(answer) || !Has(answer!["user"], "onboardingRequired")) throw new HttpRequestException("No sign-in.");
        if (asked != era) throw new OperationCanceledException();
        Keep(answer!);
        Know(asked, answer!["user"]);
        return status;
    }

    public async Task SignOutAsync()
    {
        var token = Token;
        if (flaw != Flaw.ForgetsLast) Forget();
        if (token is null) return;
        try
        {
            await ExchangeAsync(HttpMethod.Post, "/auth/logout", new JsonObject { ["refreshToken"] = token }, null, closed.Token);
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
        for (var tries = 0; status == 401 && Code(answer) == "UNAUTHORIZED" && asked == era; tries++)
        {
            if (tries == 1 && flaw != Flaw.RetriesForEver)
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
            string? token, attempt;
            lock (gate)
            {
                if ((token = (string?)store["refreshToken"]) is null) return null;
                store["attempt"] ??= Convert.ToBase64String(RandomNumberGenerator.GetBytes(flaw == Flaw.SendsALongAttempt ? 99 : 24));
                attempt = (string?)store["attempt"];
            }
            var refresh = new JsonObject { ["refreshToken"] = token, ["attempt"] = attempt };
            if (flaw == Flaw.SendsANumberForAnAttempt) refresh["attempt"] = 1;
            if (flaw == Flaw.SendsAMemberOfItsOwn) refresh["device"] = "phone";
            var (status, pair, wait) = await ExchangeAsync(HttpMethod.Post, "/auth/refresh", refresh, null, closed.Token);
            if (asked != era && (flaw != Flaw.TakesALateAnswerForItsOwn || Status == "guest")) return null;
            if (status == 401 && Code(pair) is not null)
            {
                Forget();
                return null;
            }
            notBefore = clock.GetUtcNow() + (wait ?? TimeSpan.Zero);
            if (status != 200 || !IsPair(pair)) throw new Busy(wait);
            if (flaw == Flaw.LosesTheTokenBetweenAnswerAndStore) _ = LaterAsync(pair!);
            else Keep(pair!);
            return access = (string)pair!["accessToken"]!;
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
            if (flaw != Flaw.IgnoresRotation || !store.ContainsKey("refreshToken")) store["refreshToken"] = (string)pair["refreshToken"]!;
            store.Remove("attempt");
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
            if (flaw == Flaw.KeepsAnOnboardingFlag) store["onboardingRequired"] = OnboardingRequired;
            if (flaw is Flaw.KeepsAFlagOfAnotherName or Flaw.ReadsItsFlagAtStart) store["next"] = OnboardingRequired is true ? "questions" : "home";
        }
    }

    private void Forget()
    {
        lock (gate)
        {
            era++;
            store.Clear();
            (access, Status, isKnown, OnboardingRequired) = (null, "guest", true, null);
        }
    }

    private async Task<(int Status, JsonNode? Answer, TimeSpan? RetryAfter)> ExchangeAsync(HttpMethod method, string path, JsonNode? body, string? token, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (flaw == Flaw.SendsPlainText && body is not null) request.Content!.Headers.ContentType = new("text/plain");
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15), clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token, closed.Token);
        try
        {
            using var reply = await http.SendAsync(request, any.Token);
            var text = await reply.Content.ReadAsStringAsync(any.Token);
            return ((int)reply.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), reply.Headers.RetryAfter?.Delta);
        }
        catch (Exception e) when (e is IOException or JsonException or ObjectDisposedException || (e is OperationCanceledException && patience.IsCancellationRequested))
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

    private static bool Has(JsonNode? answer, string member) => answer is JsonObject o && o[member] is not null;

    private static bool IsPair(JsonNode? answer) => Has(answer, "accessToken") && Has(answer, "refreshToken");

    private static string? Code(JsonNode? answer) => answer is JsonObject o ? (string?)o["code"] : null;

    private sealed class Busy(TimeSpan? retryAfter) : HttpRequestException("Try later.")
    {
        public TimeSpan? RetryAfter => retryAfter;
    }
}
