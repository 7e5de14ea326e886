namespace Juke.Testing;

/// <summary>A clock that stands until a test moves it; timers and delays due by then fire in order, on the mover's thread.</summary>
public sealed class ManualClock(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private DateTimeOffset now = start ?? new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Stands at tomorrow's noon. For servers whose cookies a real jar keeps (.NET's, a browser's): it throws them away by the machine's clock, so
    /// that one which ends some time after a fixed day's noon would be gone on every later day.
    /// </summary>
    public static ManualClock Tomorrow() => new(new DateTimeOffset(System.GetUtcNow().UtcDateTime.Date.AddDays(1).AddHours(12), TimeSpan.Zero));

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>How many delays and timers wait: a test can see that somebody is waiting before it moves the clock.</summary>
    public int Waiting
    {
        get
        {
            lock (gate) return timers.Count(t => t.Due is not null);
        }
    }

    /// <summary>When the next of them is due; null while nobody waits.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (gate) return timers.Min(t => t.Due);
        }
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset target;
        lock (gate) target = now + by;
        while (true)
        {
            ManualTimer? next;
            lock (gate)
            {
                next = timers.Where(t => t.Due is { } due && due <= target).MinBy(t => t.Due);
                now = next?.Due is { } at && at > now ? at : next is null ? target : now;
                next?.Fired();
            }
            if (next is null) return;
            next.Callback(next.State);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (gate) timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;

        public DateTimeOffset? Due { get; private set; }

        public TimerCallback Callback => callback;

        public object? State => state;

        public void Fired() => Due = period > TimeSpan.Zero ? Due + period : null;

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (clock.gate)
            {
                period = newPeriod;
                Due = dueTime < TimeSpan.Zero ? null : clock.now + dueTime;
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock.gate) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
