namespace Juke.Client.Tests;

internal static class Patience
{
    /// <summary>The time-out of sessions where none is under test: on a busy machine the usual one ends calls that nothing is wrong with.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
}
