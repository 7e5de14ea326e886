namespace Juke.Cli;

/// <summary>What the shell is told. A script may branch on these; texts may change.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The server refused, or a rule of the kit is broken.</summary>
    public const int Failed = 1;

    /// <summary>Words, settings or answers that cannot be; nothing was done.</summary>
    public const int WrongWords = 2;

    /// <summary>Nobody is signed in here: <c>juke login</c>.</summary>
    public const int NotSignedIn = 3;

    /// <summary>Onboarding comes first: <c>juke onboarding</c>. Nobody was signed out.</summary>
    public const int OnboardingRequired = 4;

    /// <summary>The server cannot be reached, or is not well. Nobody was signed out; the same words may work later.</summary>
    public const int Unreachable = 5;

    /// <summary>Ctrl-C, as shells have it.</summary>
    public const int Cancelled = 130;
}
