using Juke.Contract.Wire;

namespace Juke.Client;

/// <summary>An access token, in memory only.</summary>
/// <param name="Token">The JWT; opaque here.</param>
/// <param name="ExpiresAt">By this client's clock, counted from before the request: never too late.</param>
/// <param name="RenewAt">When to ask for the next one; not the same moment for every client of a server that was restarted.</param>
internal sealed record Grant(string Token, DateTimeOffset ExpiresAt, DateTimeOffset RenewAt)
{
    /// <summary>So close to its end that it might not arrive in time.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    public static Grant Of(string token, int expiresIn, DateTimeOffset asked, double jitter)
    {
        var life = TimeSpan.FromSeconds(expiresIn);
        return new Grant(token, asked + life, asked + life * (0.75 + jitter / 10));
    }

    public bool IsGoodAt(DateTimeOffset now) => now < ExpiresAt - Margin;

    /// <summary>Not the token: this text may end in a log.</summary>
    public override string ToString() => nameof(Grant);
}

/// <summary>The server asked to be left alone.</summary>
/// <param name="Since">When it said so, by this client's clock.</param>
/// <param name="Length">For how long.</param>
/// <param name="Why">How it said so.</param>
internal sealed record Respite(DateTimeOffset Since, TimeSpan Length, ProblemException Why)
{
    /// <summary>Nothing where the clock was set back: a respite from the future would have no end.</summary>
    public TimeSpan LeftAt(DateTimeOffset now) => now < Since ? TimeSpan.Zero : Since + Length - now;
}

/// <summary>
/// One stretch of being signed in, or of not knowing: it ends with a sign-out or another sign-in, and whatever was asked in it and is
/// answered later means nothing (contract §10). Its fields are guarded by the session's lock.
/// </summary>
internal sealed class Era : IDisposable
{
    private readonly CancellationTokenSource end = new();
    /// <summary>Timers know no more than 49 days.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    private volatile TaskCompletionSource wake = NewWake();
    private bool isOver;

    public Era() => Ended = end.Token;

    public CancellationToken Ended { get; }

    public Grant? Grant { get; set; }

    /// <summary>The refresh token of the user that the app shows; null until one is shown.</summary>
    public string? Known { get; set; }

    /// <summary>The one refresh in flight; whoever needs a token waits for it.</summary>
    public Task<Grant?>? Refreshing { get; set; }

    /// <summary>The question after the user that is in flight.</summary>
    public Task<User>? Asking { get; set; }

    /// <summary>Whether that question was asked because the gate shut.</summary>
    public bool IsAskingAtTheGate { get; set; }

    /// <summary>What holds the session's own questions back; over once its time is.</summary>
    public Respite? Respite { get; set; }

    /// <summary>Number of the last question after the user.</summary>
    public int Asked { get; set; }

    /// <summary>Number of the question whose answer is shown: an older one that comes later is not.</summary>
    public int Answered { get; set; }

    /// <summary>Whether the user is not known, or may have changed.</summary>
    public bool NeedsUser { get; set; } = true;

    /// <summary>Whether the tending pauses, or is about to: a <see cref="Wake"/> in between counts.</summary>
    public bool IsPausing { get; set; }

    /// <summary>Lets <see cref="PauseAsync"/> return.</summary>
    public void Wake() => wake.TrySetResult();

    /// <summary>Until the time is over (a day at most), or somebody wakes it, or the era ends.</summary>
    public async Task PauseAsync(TimeSpan wait, TimeProvider time)
    {
        using var delay = new CancellationTokenSource(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestPause ? wait : LongestPause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(delay.Token, Ended);
        await wake.Task.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        wake = NewWake();
    }

    /// <summary>Ends it: who waits in it stops.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isOver, true)) return;
        end.Cancel();
        end.Dispose();
    }

    private static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
