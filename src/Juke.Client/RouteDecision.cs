namespace Juke.Client;

/// <summary>For whom a screen is.</summary>
public enum RouteKind
{
    /// <summary>Whoever comes. It calls nothing protected.</summary>
    Public,

    /// <summary>Who is not signed in: sign-in and registration.</summary>
    Auth,

    /// <summary>Who is signed in and still has questions to answer.</summary>
    Onboarding,

    /// <summary>Who is signed in, onboarded or not: settings, devices.</summary>
    SignedIn,

    /// <summary>Who is signed in and done with onboarding: the app.</summary>
    Protected,
}

/// <summary>What to do with who came.</summary>
public enum RouteAction
{
    /// <summary>Show the screen.</summary>
    Show,

    /// <summary>Show a loading state in its place, and decide again when the state changes.</summary>
    Wait,

    /// <summary>Go to sign-in, and remember where from.</summary>
    ToLogin,

    /// <summary>Go to onboarding.</summary>
    ToOnboarding,

    /// <summary>Go to the app.</summary>
    ToHome,
}

/// <summary>The routing table of the contract (seed "Onboarding Contract" §3; rows: <c>contract/vectors/routes.json</c>).</summary>
public static class RouteDecision
{
    /// <summary>Pure: the same question has the same answer.</summary>
    public static RouteAction Decide(SessionStatus status, bool onboardingRequired, RouteKind route) => (status, route) switch
    {
        (_, RouteKind.Public) => RouteAction.Show,
        (SessionStatus.Loading, _) => RouteAction.Wait,
        (SessionStatus.Guest, RouteKind.Auth) => RouteAction.Show,
        (SessionStatus.Guest, _) => RouteAction.ToLogin,
        (_, RouteKind.SignedIn) => RouteAction.Show,
        (_, RouteKind.Onboarding) => onboardingRequired ? RouteAction.Show : RouteAction.ToHome,
        (_, RouteKind.Auth) => onboardingRequired ? RouteAction.ToOnboarding : RouteAction.ToHome,
        _ => onboardingRequired ? RouteAction.ToOnboarding : RouteAction.Show,
    };

    /// <summary>The decision for a session as it stands.</summary>
    public static RouteAction Decide(SessionState state, RouteKind route)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Decide(state.Status, state.OnboardingRequired, route);
    }
}
