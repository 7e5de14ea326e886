using Juke.Contract.Wire;

namespace Juke.Client;

/// <summary>What a client knows of itself; with <c>user.onboardingRequired</c> all that it may route by (contract §10).</summary>
public enum SessionStatus
{
    /// <summary>Not known yet whether somebody is signed in. Show a loading state; never redirect.</summary>
    Loading,

    /// <summary>Nobody is signed in.</summary>
    Guest,

    /// <summary>Somebody is signed in, and the server said who.</summary>
    Authed,
}

/// <summary>Who is signed in, as far as it is known.</summary>
/// <param name="Status">Loading, guest or authed.</param>
/// <param name="User">What <c>/auth/me</c> said last; there exactly when <paramref name="Status"/> is authed.</param>
/// <param name="IsUnreachable">The last try of the session failed and the next one is waited for. <see cref="Session.RetryNow"/> waits no longer.</param>
public sealed record SessionState(SessionStatus Status, User? User = null, bool IsUnreachable = false)
{
    /// <summary>Whether onboarding comes first. False while nobody is known.</summary>
    public bool OnboardingRequired => User?.OnboardingRequired ?? false;
}

/// <summary>A new state.</summary>
public sealed class SessionChangedEventArgs : EventArgs
{
    internal SessionChangedEventArgs(SessionState state) => State = state;

    /// <summary>The state that was told; by now there may be a newer one.</summary>
    public SessionState State { get; }
}
