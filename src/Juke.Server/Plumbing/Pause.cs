namespace Juke.Server.Plumbing;

/// <summary>How long somebody asked to be left alone. Of several who were told different times, the latest end counts.</summary>
internal sealed class Pause(TimeProvider time)
{
    private long end;

    /// <summary>What is left of it; zero or less when it is over.</summary>
    public TimeSpan Left => TimeSpan.FromTicks(Interlocked.Read(ref end) - time.GetUtcNow().Ticks);

    /// <summary>From now on for this long, if it does not last longer already.</summary>
    public void AtLeast(TimeSpan wait)
    {
        var wanted = (time.GetUtcNow() + wait).Ticks;
        for (var known = Interlocked.Read(ref end); known < wanted;)
        {
            var before = Interlocked.CompareExchange(ref end, wanted, known);
            if (before == known) return;
            known = before;
        }
    }
}
