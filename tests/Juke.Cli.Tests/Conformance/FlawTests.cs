using Juke.Conformance;

namespace Juke.Cli.Tests.Conformance;

/// <summary><c>juke conformance</c> against the small client with one flaw at a time. Runs beside the other whole runs of the kit.</summary>
public sealed class FlawTests
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

    [Theory]
    [MemberData(nameof(Flaws))]
    public async Task A_flaw_is_caught_by_the_name_of_its_rule(Flaw flaw, string rule, string scenario)
    {
        using var app = new SmallApp(flaw);
        var said = (await KitAtDesk.PlayAsync(app.HandleAsync, 2, "--only", scenario)).ShouldEndWith(ExitCode.Failed);
        said.Json["rules"]!.AsArray().Single(r => r!["rule"]!.GetValue<string>() == rule)!["state"]!.GetValue<string>().ShouldBe("broken");
        KitAtDesk.States(said.Json, "broken").ShouldBe([$"{rule} {scenario}"]);
    }

    [Theory]
    [MemberData(nameof(SomeFlaws))]
    public async Task A_flaw_is_caught_whatever_is_played_before_and_after(Flaw flaw, string rule, string scenario)
    {
        using var app = new SmallApp(flaw);
        var said = (await KitAtDesk.PlayAsync(app.HandleAsync, 1)).ShouldEndWith(ExitCode.Failed);
        said.Json["error"].ShouldBeNull("no flaw ends the run");
        said.Json["rules"]!.AsArray().Single(r => r!["rule"]!.GetValue<string>() == rule)!["state"]!.GetValue<string>().ShouldBe("broken");
        KitAtDesk.States(said.Json, "broken").ShouldContain($"{rule} {scenario}");
        said.Json["scenarios"]!.AsArray().Count.ShouldBe(SessionVectors.BuiltIn.Scenarios.Count, "no flaw ends the run");
    }
}
