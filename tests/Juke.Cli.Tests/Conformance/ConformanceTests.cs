using System.Text.Json.Nodes;
using Juke.Client;
using Juke.Client.Tests;
using Juke.Conformance;

namespace Juke.Cli.Tests.Conformance;

/// <summary><c>juke conformance</c> against the SDK, a small client by hand, and that client with one flaw at a time.</summary>
public sealed class ConformanceTests
{
    /// <summary>Each flaw, the rule that it breaks, and a scenario that shows it.</summary>
    public static TheoryData<Flaw, string, string> Flaws { get; } = new()
    {
        { Flaw.LogsOutOn403, "R5", "403 of the gate leads to onboarding and signs nobody out" },
        { Flaw.RefreshesTwice, "R3", "Five 401 at once are one refresh" },
        { Flaw.DropsTokensOnNetworkError, "R6", "503 keeps the token, and nobody comes back before Retry-After" },
        { Flaw.RedirectsWhileLoading, "R1", "A stored token is refreshed, then the user is asked for; until then the state is loading" },
        { Flaw.StoresTheAccessToken, "R7", "Signing in stores the token and needs no /auth/me; a restart finds the session" },
        { Flaw.KeepsAnOnboardingFlag, "R8", "Whom the server sends to onboarding is authed, and nothing of it is stored" },
        { Flaw.CallsMeFromAScreen, "R8", "Screens ask for their data and never for /auth/me" },
        { Flaw.RetriesForEver, "R4", "A second 401 signs out, and nothing is tried again" },
        { Flaw.IgnoresRotation, "R9", "A stored token is refreshed, then the user is asked for; until then the state is loading" },
        { Flaw.LosesTheTokenBetweenAnswerAndStore, "R9", "Killed between the answer and its first use: the new token was stored already" },
        { Flaw.ReportsNoRoutes, "R1", "Nothing stored is a guest, and nothing is called" },
        { Flaw.KeepsAFlagOfAnotherName, "R8", "The gate shuts and opens again under one token, and what is kept stays as it is" },
        { Flaw.ReadsItsFlagAtStart, "R8", "Shut again on another device: the next start leads into onboarding" },
        { Flaw.RetriesAtOnce, "R6", "A connection that breaks keeps the token and the loading state, and the same attempt comes again" },
        { Flaw.RetriesEverySecond, "R6", "An outage of minutes is asked about less and less, and its end is found out" },
        { Flaw.ForgetsLast, "R10", "Signing out forgets first: the server is told when nothing is kept any more, and may take its time" },
        { Flaw.SendsALongAttempt, "R9", "A stored token is refreshed, then the user is asked for; until then the state is loading" },
        { Flaw.SendsANumberForAnAttempt, "R9", "A stored token is refreshed, then the user is asked for; until then the state is loading" },
        { Flaw.SendsAMemberOfItsOwn, "R2", "A stored token is refreshed, then the user is asked for; until then the state is loading" },
        { Flaw.SendsPlainText, "R2", "A stored token is refreshed, then the user is asked for; until then the state is loading" },
        { Flaw.RefreshesAgainForALate401, "R3", "A 401 that comes late, for a token that was replaced meanwhile, is tried again with the new one and refreshes nothing" },
        { Flaw.RefreshesAloneAtStart, "R3", "A screen that calls while the start is refreshing shares that refresh" },
        { Flaw.TakesEvery403ForTheGate, "R5", "A 403 that is not the gate's is the screen's affair" },
        { Flaw.AsksWithoutEndAtTheGate, "R6", "403 of the gate leads to onboarding even where /auth/me cannot be asked" },
        { Flaw.TakesALateAnswerForItsOwn, "R10", "Signed out and in again as somebody else while a refresh is on its way: its answer is dropped" },
        { Flaw.NamesAnotherContract, "R2", "A stored token is refreshed, then the user is asked for; until then the state is loading" },
        { Flaw.SaysItIsABrowser, "R7", "A stored token is refreshed, then the user is asked for; until then the state is loading" },
        { Flaw.HandsALateAnswerToTheNextUser, "R10", "Signed out and in again as somebody else while calls are on their way: their refusals say nothing of the new user" },
        { Flaw.SignsOutInABrowser, "R4", "In a browser: a 401 is refreshed, who it is is asked, and it is tried again once" },
        { Flaw.SendsAnAttemptBesideACookie, "R9", "In a browser: no cookie is found out by asking, and is a guest" },
        { Flaw.KnowsTwoRolesOnly, "R2", "What was added to answers since the client was built changes nothing" },
        { Flaw.KnowsOneCodeOnly, "R4", "A refresh that is refused with a code that the client does not know ends in guest too" },
        { Flaw.BelievesADay, "R6", "A Retry-After of a day is believed for an hour" },
        { Flaw.CountsFromADate, "R6", "A Retry-After that is a date, and long ago, is no reason to come at once" },
        { Flaw.OpensBeforeTheAnswer, "R8", "A completion opens nothing before it is answered, nor when it is refused or lost" },
        { Flaw.LeavesItsAttemptBehind, "R9", "Signed out and in again as somebody else: calls carry the new token, and its refresh an attempt of its own" },
        { Flaw.LooksForTheGateOnce, "R5", "The gate shuts for a call that was refreshed first" },
        { Flaw.ReadsEverythingAsJson, "R6", "A burst of 5xx is waited out" },
        { Flaw.ItsTimersOutliveTheSession, "R10", "Signed out, no timer of the former session calls any more" },
        { Flaw.ItsTimersOutliveTheSession, "R10", "Signed out while the start waits to be tried again: it is not" },
    };

    /// <summary>The first of them at every change, all in the soak.</summary>
    public static TheoryData<Flaw, string, string> SomeFlaws { get; } = new(Flaws.Select(f => f.Data).Take(Soak.Count(1, Flaws.Count)));

    [Fact]
    public async Task The_SDK_keeps_every_rule()
    {
        await using var app = new KitApp(() => new MemoryTokenStore());
        var report = (await PlayAsync(app.HandleAsync, 10)).ShouldSucceed().Json;
        report["conforms"]!.GetValue<bool>().ShouldBeTrue();
        report["rules"]!.AsArray().ShouldAllBe(r => r!["state"]!.GetValue<string>() == "kept");
        report["scenarios"]!.AsArray().Select(s => s!["state"]!.GetValue<string>()).Distinct().ShouldBe(["kept"]);
    }

    [Fact]
    public async Task A_small_client_without_flaw_conforms_and_what_it_does_not_offer_is_said()
    {
        using var app = new SmallApp(Flaw.None);
        var report = (await PlayAsync(app.HandleAsync, 5)).Json;
        States(report, "broken").ShouldBeEmpty();
        report["conforms"]!.GetValue<bool>().ShouldBeTrue("advice that is not followed breaks nothing");
        States(report, "advice not followed").Count().ShouldBe(2);
        report["scenarios"]!.AsArray().Where(s => s!["state"]!.GetValue<string>() == "not played").Select(s => s!["missing"]!.GetValue<string>()).Distinct().Order()
            .ShouldBe(["windows"]);
    }

    [Theory]
    [InlineData("The refresh works and /auth/me does not")]
    [InlineData("A 200 that is not the answer is no answer")]
    public async Task A_start_that_begins_anew_breaks_nothing(string scenario)
    {
        using var app = new SmallApp(Flaw.BeginsItsStartAnew);
        (await PlayAsync(app.HandleAsync, 5, "--only", scenario)).ShouldSucceed();
    }

    [Fact]
    public async Task The_sample_in_JavaScript_conforms_when_the_kit_starts_it()
    {
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        var said = await desk.RunAsync("conformance", "--port", "0", "--json", "--", NodeProgram.Find(), Path.Combine(Repository.Root, "docs", "samples", "client.mjs"));
        States(said.Json, "broken").Concat(States(said.Json, "advice not followed")).ShouldBeEmpty();
        said.ShouldSucceed().Json["rules"]!.AsArray().ShouldAllBe(r => r!["state"]!.GetValue<string>() == "kept");
        Repository.Read("docs/how-to/build-a-client.md").ShouldContain(
            $"\n{States(said.Json, "kept").Count()} kept, 0 broken, {States(said.Json, "not played").Count()} not played\n", customMessage: "the how-to shows this very run: write these numbers there");
    }

    [Fact]
    public void What_the_how_to_shows_of_a_run_can_be_said()
    {
        var page = Repository.Read("docs/how-to/build-a-client.md");
        var shown = page[page.IndexOf("$ juke conformance -- node docs/samples/client.mjs\n", StringComparison.Ordinal)..];
        var lines = shown[..shown.IndexOf("```", StringComparison.Ordinal)].Split('\n');
        var names = lines.Where(l => l.StartsWith('✓') || l.StartsWith('–')).Select(l => l[7..]).ToList();
        names.ShouldNotBeEmpty();
        names.ShouldBeSubsetOf(SessionVectors.BuiltIn.Scenarios.Select(s => s.Name));
        var rules = lines.Where(l => l.StartsWith("kept ", StringComparison.Ordinal)).ToList();
        rules.ShouldNotBeEmpty();
        rules.ShouldBeSubsetOf(SessionVectors.BuiltIn.Rules.Select(r => $"kept    {r.Key,-4} {r.Value}"));
    }

    [Theory]
    [MemberData(nameof(Flaws))]
    public async Task A_flaw_is_caught_by_the_name_of_its_rule(Flaw flaw, string rule, string scenario)
    {
        using var app = new SmallApp(flaw);
        var said = (await PlayAsync(app.HandleAsync, 2, "--only", scenario)).ShouldEndWith(ExitCode.Failed);
        said.Json["rules"]!.AsArray().Single(r => r!["rule"]!.GetValue<string>() == rule)!["state"]!.GetValue<string>().ShouldBe("broken");
        States(said.Json, "broken").ShouldBe([$"{rule} {scenario}"]);
    }

    [Theory]
    [MemberData(nameof(SomeFlaws))]
    public async Task A_flaw_is_caught_whatever_is_played_before_and_after(Flaw flaw, string rule, string scenario)
    {
        using var app = new SmallApp(flaw);
        var said = (await PlayAsync(app.HandleAsync, 1)).ShouldEndWith(ExitCode.Failed);
        said.Json["error"].ShouldBeNull("no flaw ends the run");
        said.Json["rules"]!.AsArray().Single(r => r!["rule"]!.GetValue<string>() == rule)!["state"]!.GetValue<string>().ShouldBe("broken");
        States(said.Json, "broken").ShouldContain($"{rule} {scenario}");
        said.Json["scenarios"]!.AsArray().Count.ShouldBe(SessionVectors.BuiltIn.Scenarios.Count, "no flaw ends the run");
    }

    [Fact]
    public async Task Where_nothing_was_played_nothing_is_proved()
    {
        using var app = new SmallApp(Flaw.None);
        var said = (await PlayAsync(app.HandleAsync, 5, "--only", "Two windows")).ShouldEndWith(ExitCode.Failed);
        said.Json["conforms"]!.GetValue<bool>().ShouldBeFalse();
        said.Json["rules"]!.AsArray().ShouldAllBe(r => r!["state"]!.GetValue<string>() == "not tried");
    }

    [Fact]
    public async Task For_people_it_says_what_was_done_instead()
    {
        using var app = new SmallApp(Flaw.RefreshesTwice);
        var said = await PlayAsync(app.HandleAsync, 2, isJson: false, "--only", "Five 401 at once");
        said.ExitCode.ShouldBe(ExitCode.Failed);
        said.Out.ShouldContain("✗  R3  Five 401 at once are one refresh");
        said.Out.ShouldContain("POST /auth/refresh came, and nothing asks for it");
        said.Out.ShouldContain("broken  R3");
        said.Out.ShouldEndWith("0 kept, 1 broken, 0 not played\n");
    }

    [Fact]
    public async Task An_app_that_is_stuck_in_a_call_that_nobody_expects_is_told_which()
    {
        using var app = new SmallApp(Flaw.TakesEvery403ForTheGate);
        var said = await PlayAsync(app.HandleAsync, 1, "--only", "A 403 that is not the gate's");
        said.Json["scenarios"]![0]!["what"]!.GetValue<string>().ShouldBe("the app's call a has not ended; GET /auth/me came meanwhile, and nothing asks for it");
    }

    [Fact]
    public async Task An_app_that_stops_answering_is_said_once_and_not_waited_for_again()
    {
        var left = 3;
        var silent = new TaskCompletionSource<JsonObject>();
        using var app = new SmallApp(Flaw.None);
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        var (kit, playing) = await KitAtDesk.OpenAsync(desk, "--patience", "0.5", "--json");
        _ = FollowAsync(kit, command => left-- > 0 ? app.HandleAsync(command) : silent.Task, playing);
        (await playing).ShouldEndWith(ExitCode.Failed, "APP_SILENT").Json["error"]!["message"]!.GetValue<string>().ShouldContain("did not answer the command");
        silent.SetResult([]);
    }

    [Fact]
    public async Task The_scenarios_can_be_listed_without_an_app()
    {
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        var list = (await desk.RunAsync("conformance", "--list", "--json")).ShouldSucceed().Json;
        list["rules"]!.AsObject().Count.ShouldBe(10);
        list["scenarios"]!.AsArray().Count.ShouldBe(SessionVectors.BuiltIn.Scenarios.Count);
        (await desk.RunAsync("conformance", "--port", "0", "--wait", "0.2", "--json")).ShouldEndWith(ExitCode.Failed, "NO_APP");
    }

    [Theory]
    [InlineData("--only", "no such thing")]
    [InlineData("--patience", "-1")]
    [InlineData("--patience", "NaN")]
    [InlineData("--patience", "1e300")]
    [InlineData("--wait", "-5")]
    [InlineData("--wait", "0")]
    [InlineData("--port", "70000")]
    [InlineData("--port", "-1")]
    public async Task Words_that_cannot_be_are_exit_code_2_and_not_a_broken_rule(string option, string value)
    {
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        (await desk.RunAsync("conformance", "--json", option, value)).ShouldEndWith(ExitCode.WrongWords, "WRONG_WORDS").Json["error"]!["message"]!.GetValue<string>().ShouldStartWith(option);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_exit_code_2()
    {
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        await using var other = await AppChannel.OpenAsync();
        (await desk.RunAsync("conformance", "--json", "--port", $"{other.Url.Port}")).ShouldEndWith(ExitCode.WrongWords, "WRONG_WORDS");
    }

    private static IEnumerable<string> States(JsonNode report, string state) =>
        report["scenarios"]!.AsArray().Where(s => s!["state"]!.GetValue<string>() == state).Select(s => $"{s!["brokenRule"]?.GetValue<string>()} {s["name"]!.GetValue<string>()}");

    private static Task<Said> PlayAsync(Func<JsonObject, Task<JsonObject>> app, double patience, params string[] words) => PlayAsync(app, patience, isJson: true, words);

    private static async Task<Said> PlayAsync(Func<JsonObject, Task<JsonObject>> app, double patience, bool isJson, params string[] words)
    {
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        var (kit, playing) = await KitAtDesk.OpenAsync(desk, ["--patience", FormattableString.Invariant($"{patience}"), .. isJson ? new[] { "--json" } : [], .. words]);
        await FollowAsync(kit, app, playing);
        return await playing;
    }

    private static async Task FollowAsync(Uri kit, Func<JsonObject, Task<JsonObject>> app, Task playing)
    {
        while (!playing.IsCompleted)
        {
            try
            {
                await KitLoop.RunAsync(kit, app, TestContext.Current.CancellationToken);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken); // The kit is not there any more.
            }
        }
    }
}
