using System.Text.Json.Nodes;

namespace Juke.Conformance;

/// <summary>One scenario, played against the app at the other end of the channel.</summary>
internal sealed class ScenarioRun(SessionVectors vectors, Scenario scenario, AppChannel channel, Stage stage, KitPatience patience)
{
    /// <summary>Parts of a day in which a passing of time is cut, so that one call can end it.</summary>
    private const int Slices = 60;

    private readonly Dictionary<string, List<Arrival>> held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScriptedReply> allowed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> answered = new(StringComparer.Ordinal);
    private readonly Bindings bindings = new();
    private AppReports reports = null!;
    private bool hasClock;
    private Step step = new();
    private int at;

    /// <summary>What the app must offer and does not; null when the scenario was played.</summary>
    public async Task<string?> PlayAsync()
    {
        reports = new AppReports(channel, patience, BreakOverCall, () => AnswerAllowed(except: null));
        var offers = await reports.SendAsync(new JsonObject
        {
            ["do"] = AppCommand.Reset,
            ["server"] = stage.Url.ToString().TrimEnd('/'),
            ["mode"] = scenario.Mode,
            ["store"] = scenario.Store,
            ["scenario"] = scenario.Name,
        });
        var offered = offers["offers"] switch
        {
            null => [],
            JsonArray words => words.Select(StrictJson.Text).ToHashSet(StringComparer.Ordinal),
            var other => throw AppFaultException.Unreadable($"the app answered reset with offers {StrictJson.Show(other)}, and a list is meant"),
        };
        hasClock = offered.Contains("clock");
        var needs = (scenario.Needs ?? []).Concat(scenario.Mode == "cookie" ? ["cookies"] : []);
        if (needs.FirstOrDefault(n => !offered.Contains(n)) is { } missing) return missing;
        for (at = 0; at < scenario.Steps.Count; at++)
        {
            step = scenario.Steps[at];
            await PlayAsync(step);
        }
        step = new Step();
        await QuietAsync(TimeSpan.Zero);
        return null;
    }

    /// <summary>Lets go of calls that are still held, or the app would wait for them.</summary>
    public void LetGo()
    {
        foreach (var arrival in held.Values.SelectMany(a => a)) arrival.Reply(new ScriptedReply(Fault: "cut"));
    }

    private Task PlayAsync(Step next) => next switch
    {
        { Do: AppCommand.Pass } => PassAsync(next.Seconds!.Value),
        { Do: { } command } => reports.SendAsync(CommandOf(next, command)),
        { Expect: not null } => ExpectAsync(next),
        { To: { } name } => Done(() => Release(name, next.Reply!)),
        { Allow: { } call } => Done(() => (allowed[call], answered[call]) = (next.Reply!, 0)),
        { State: not null } => reports.StateAsync(next),
        { Result: not null } => reports.ResultAsync(next),
        { Store: { } tokens } => reports.StoreAsync(tokens, wait: true),
        { Calls: { } call } => Done(() => Count(call, next.AtMost)),
        { Quiet: 0 } when !hasClock => Task.CompletedTask, // Who waits half a second may be right, and real time has passed meanwhile.
        { Quiet: { } seconds } => QuietAsync(TimeSpan.FromSeconds(seconds)),
        _ => throw new InvalidOperationException($"A step of \"{scenario.Name}\" says nothing."),
    };

    private static Task Done(Action work)
    {
        work();
        return Task.CompletedTask;
    }

    private static JsonObject CommandOf(Step next, string command)
    {
        var json = new JsonObject { ["do"] = command, ["window"] = next.Window };
        if (next.As is { } name) json["as"] = name;
        if (next.Path is { } path) json["path"] = path;
        if (next.Username is { } username) json["username"] = username;
        if (next.Body is { } body) json["body"] = body.DeepClone();
        return json;
    }

    private async Task ExpectAsync(Step expected)
    {
        var taken = new List<Arrival>();
        var deadline = patience.Deadline();
        var stranger = (Arrival: (Arrival?)null, Deadline: deadline);
        // Calls of two windows overtake each other: one that the very next steps ask for is early, not wrong.
        var soon = scenario.Steps.Skip(at + 1).TakeWhile(s => s.Expect is not null).ToList();
        while (taken.Count < expected.Times)
        {
            AnswerAllowed(except: expected.Expect);
            foreach (var arrival in stage.Waiting.Where(a => a.IsFor(expected)).Take(expected.Times - taken.Count))
            {
                stage.Take(arrival);
                taken.Add(arrival);
            }
            if (taken.Count == expected.Times) break;
            // A call that nobody expects: perhaps the expected one is a moment behind it.
            var first = stage.Waiting.FirstOrDefault(a => !soon.Exists(a.IsFor));
            if (first != stranger.Arrival) stranger = (first, KitPatience.Grace());
            if (first is not null && KitPatience.IsOver(stranger.Deadline))
                throw first.IsNamed(expected.Expect!) ? Break($"{first.Call} came with {Say(first.Token)} instead of {Say(expected.Token)}") : Unexpected(first);
            if (KitPatience.IsOver(deadline)) throw Break($"expected {expected.Expect}{(expected.Times > 1 ? $" {expected.Times} times" : "")}, and it did not come");
            await stage.ChangeAsync(KitPatience.Blink);
        }
        foreach (var arrival in taken) await CheckAsync(arrival, expected);
        if (expected.Reply is { } reply) taken.ForEach(a => a.Reply(reply));
        else held[expected.As ?? expected.Expect!] = taken;
    }

    private async Task CheckAsync(Arrival arrival, Step expected)
    {
        CheckForm(arrival);
        if (expected.Cookie is { } cookie && (arrival.Cookie ?? "") != cookie) throw Break($"{arrival.Call} came with the cookie {Say(arrival.Cookie)} instead of {Say(cookie)}");
        if (scenario.Mode == "cookie" && expected.Cookie is not null && !arrival.IsWeb) throw Break($"{arrival.Call} came without X-Client: web");
        foreach (var (name, value) in expected.Body ?? [])
        {
            if (bindings.Differ(value, arrival.Body[name]) is not { } difference) continue;
            throw name == "attempt" ? new BrokenException("R9", $"{arrival.Call}: attempt {difference}") : Break($"{arrival.Call}: {name} {difference}");
        }
        if (scenario.Mode == "token" && arrival.IsWeb) throw new BrokenException("R7", $"{arrival.Call} came with X-Client: web, for which the server hands the refresh token out as a cookie too");
        if (arrival.Call == "POST /auth/refresh" && scenario.Mode == "token") await CheckStoredAsync(arrival);
        // Nothing can be stored beside a cookie: one made anew for each try loses the session with the first lost reply.
        if (scenario.Mode == "cookie" && arrival.Call == "POST /auth/refresh" && arrival.Body["attempt"] is not null) throw new BrokenException("R9", $"{arrival.Call} came with an attempt beside a cookie");
        if (expected.Store is { } tokens) await reports.StoreAsync(tokens, wait: false);
    }

    /// <summary>What the server would answer with 400 or 415, whatever the call is about.</summary>
    private void CheckForm(Arrival arrival)
    {
        if (arrival.Refusal is { } refusal) throw Break($"{arrival.Call}: {refusal}");
        if (vectors.Members.TryGetValue(arrival.Call, out var members) && arrival.Body.Select(m => m.Key).FirstOrDefault(m => !members.Contains(m, StringComparer.Ordinal)) is { } unknown)
            throw Break($"{arrival.Call}: the server knows no member {unknown}, and answers 400");
    }

    /// <summary>Contract §5: what is presented is stored, and so is its attempt, or a crash now would lose the session.</summary>
    private async Task CheckStoredAsync(Arrival refresh)
    {
        var kept = await reports.KeptAsync();
        foreach (var name in new[] { "refreshToken", "attempt" })
        {
            if (StrictJson.Text(refresh.Body[name]) is { } text && !kept.Contains(text, StringComparison.Ordinal))
                throw new BrokenException("R9", $"POST /auth/refresh came with {(name == "attempt" ? "an attempt" : text)} that is not stored");
        }
    }

    private void Release(string name, ScriptedReply reply)
    {
        if (!held.Remove(name, out var calls)) throw new InvalidOperationException($"\"{scenario.Name}\" holds no call {name}.");
        calls.ForEach(a => a.Reply(reply));
    }

    /// <summary>Time passes until somebody calls.</summary>
    private async Task PassAsync(int seconds)
    {
        var slice = Math.Max(1, seconds / Slices);
        for (var passed = 0; passed < seconds; passed += slice)
        {
            AnswerAllowed(except: null);
            if (stage.Waiting.Count > 0) return;
            await PassSliceAsync(slice);
        }
    }

    private async Task QuietAsync(TimeSpan time)
    {
        var slice = Math.Max(1, (int)time.TotalSeconds / Slices);
        for (var passed = 0; passed < (int)time.TotalSeconds; passed += slice)
        {
            ThrowIfCalled();
            await PassSliceAsync(slice);
        }
        await Task.Delay(KitPatience.Blink * 4); // Who calls at once is caught at once.
        ThrowIfCalled();
    }

    private async Task PassSliceAsync(int seconds)
    {
        if (hasClock) await reports.SendAsync(new JsonObject { ["do"] = AppCommand.Pass, ["seconds"] = seconds });
        // What fell due needs a moment to be sent, or the next slice would be its time-out.
        await stage.ChangeAsync(hasClock ? KitPatience.Blink : TimeSpan.FromSeconds(seconds));
    }

    private void ThrowIfCalled()
    {
        AnswerAllowed(except: null);
        if (stage.Waiting.Count > 0) throw Unexpected(stage.Waiting[0]);
    }

    private void AnswerAllowed(string? except)
    {
        foreach (var arrival in stage.Waiting)
        {
            if (arrival.Call == except || !allowed.TryGetValue(arrival.Call, out var reply)) continue;
            stage.Take(arrival);
            CheckForm(arrival);
            answered[arrival.Call]++;
            arrival.Reply(reply);
        }
    }

    private void Count(string call, int most)
    {
        AnswerAllowed(except: null);
        if (answered[call] > most) throw Break($"{call} came {answered[call]} times, and {most} are enough");
        answered[call] = 0;
    }

    /// <summary>An app that is waited for may itself be waiting for what nobody expects.</summary>
    private BrokenException BreakOverCall(string what) => Break(stage.Waiting.Count == 0 ? what : $"{what}; {stage.Waiting[0].Call} came meanwhile, and nothing asks for it");

    private BrokenException Break(string what) => new(step.Rule ?? scenario.Rules[0], what);

    /// <summary>Where nothing may be called, the step knows best what is broken.</summary>
    private BrokenException Unexpected(Arrival arrival) => new(
        (step.Quiet is null ? null : step.Rule) ?? vectors.Blame.GetValueOrDefault(arrival.Call) ?? step.Rule ?? scenario.Rules[0],
        $"{arrival.Call} came, and nothing asks for it");

    private static string Say(string? token) => string.IsNullOrEmpty(token) ? "no token" : token;
}

internal static class CallNames
{
    /// <summary>Whether it is this call; an expectation may name the query too.</summary>
    public static bool IsNamed(this Arrival arrival, string expected) =>
        arrival.Call == expected || (expected.Contains('?') && $"{arrival.Call.Split(' ')[0]} {arrival.Target}" == expected);

    /// <summary>Whether it is this call, with the token that is expected.</summary>
    public static bool IsFor(this Arrival arrival, Step expected) =>
        arrival.IsNamed(expected.Expect!) && (expected.Token is not { } token || (arrival.Token ?? "") == token);
}
