namespace Juke.Cli.Tests.Conformance;

/// <summary>What a client of somebody else gets wrong.</summary>
public enum Flaw
{
    None,
    LogsOutOn403,
    RefreshesTwice,
    DropsTokensOnNetworkError,
    RedirectsWhileLoading,
    StoresTheAccessToken,
    KeepsAnOnboardingFlag,
    CallsMeFromAScreen,
    RetriesForEver,
    IgnoresRotation,
    LosesTheTokenBetweenAnswerAndStore,
    ReportsNoRoutes,
    KeepsAFlagOfAnotherName,
    ReadsItsFlagAtStart,
    RetriesAtOnce,
    RetriesEverySecond,
    ForgetsLast,
    SendsALongAttempt,
    SendsANumberForAnAttempt,
    SendsAMemberOfItsOwn,
    SendsPlainText,
    RefreshesAgainForALate401,
    RefreshesAloneAtStart,
    TakesEvery403ForTheGate,
    AsksWithoutEndAtTheGate,
    TakesALateAnswerForItsOwn,
}
