namespace Juke.Client;

/// <summary>How long to wait before the next try: twice as long each time, with jitter so that a crowd does not come back at once.</summary>
internal static class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>The longest Retry-After that is believed. After more than an hour it does no harm to look whether it still holds.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <summary>How long a Retry-After binds.</summary>
    public static TimeSpan Believed(TimeSpan retryAfter) => retryAfter < LongestAsked ? retryAfter : LongestAsked;

    /// <param name="failures">How many tries failed in a row, from 1.</param>
    /// <param name="retryAfter">What the server asked for; never less than this, up to an hour.</param>
    /// <param name="jitter">0 to 1.</param>
    public static TimeSpan Wait(int failures, TimeSpan? retryAfter, double jitter)
    {
        var whole = First * Math.Pow(2, Math.Min(failures, 10) - 1);
        var wait = (whole < Longest ? whole : Longest) * (0.5 + jitter / 2);
        return retryAfter > wait ? Believed(retryAfter.Value) : wait;
    }
}
