namespace Juke.Desk.Tests.StandIns;

/// <summary>A clock that a test sets. This suite starts no server, so it does without Juke.Testing, which has the large one.</summary>
internal sealed class StoppedClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
