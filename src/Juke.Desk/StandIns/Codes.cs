namespace Juke.Desk.StandIns;

/// <summary>Authorization codes: short, and good once.</summary>
internal sealed class Codes<T>(TimeProvider time) where T : class
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (T What, DateTimeOffset Ends)> open = new(StringComparer.Ordinal);

    /// <summary>How long one lives; neither service documents it, 10 minutes is what RFC 6749 allows at most.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(10);

    /// <summary>A code for this.</summary>
    public string Issue(T what)
    {
        var code = Secret.Make(120);
        lock (gate) open[code] = (what, time.GetUtcNow() + Lifetime);
        return code;
    }

    /// <summary>What the code stands for; null when it was never issued, is spent or has expired. It is spent by this.</summary>
    public T? Redeem(string code)
    {
        lock (gate) return open.Remove(code, out var found) && time.GetUtcNow() < found.Ends ? found.What : null;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (gate) open.Clear();
    }
}
