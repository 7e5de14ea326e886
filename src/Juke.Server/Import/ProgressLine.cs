namespace Juke.Server.Import;

/// <summary>
/// How far a run is: one line that rewrites itself on a terminal, a line every ten seconds elsewhere. Always on standard
/// error, so that the certificate may go to standard output.
/// </summary>
internal sealed class ProgressLine(string what, long total, TimeProvider time, TextWriter to, bool isTerminal)
{
    private readonly long started = time.GetTimestamp();
    private long shown;

    /// <summary>So many are done.</summary>
    public void Show(long done)
    {
        var wait = TimeSpan.FromSeconds(isTerminal ? 0.2 : 10);
        if (done < total && shown != 0 && time.GetElapsedTime(shown) < wait) return;
        shown = time.GetTimestamp();
        to.Write((isTerminal ? "\r" : "") + Text(done, time.GetElapsedTime(started)) + (isTerminal ? "\u001b[K" : "\n"));
    }

    /// <summary>Ends the line.</summary>
    public void End()
    {
        if (isTerminal && shown != 0) to.WriteLine();
    }

    /// <summary>The line's text.</summary>
    internal string Text(long done, TimeSpan elapsed)
    {
        var rate = elapsed.TotalSeconds > 0 ? done / elapsed.TotalSeconds : 0;
        var rest = rate > 0 ? TimeSpan.FromSeconds(Math.Max(0, total - done) / rate) : TimeSpan.Zero;
        var width = total == 0 ? 20 : (int)(20 * Math.Min(done, total) / total);
        return FormattableString.Invariant(
            $"{what} [{new string('#', width)}{new string('.', 20 - width)}] {done:N0} of {total:N0}, {rate:N0}/s, {(int)rest.TotalMinutes}:{rest.Seconds:00} left");
    }
}
