namespace Juke.Server.Plumbing;

/// <summary>Callers who want the same at the same time share one run of the work. A caller who leaves does not end it for the others.</summary>
internal sealed class Shared<TKey, T>
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Task<T>> running = [];

    /// <summary>The result of the run that is under way, or of a new one.</summary>
    /// <param name="key">What is wanted.</param>
    /// <param name="work">Bounded by itself: no caller's cancellation reaches it.</param>
    /// <param name="cancellation">Ends the wait of this caller only.</param>
    public Task<T> RunAsync(TKey key, Func<Task<T>> work, CancellationToken cancellation)
    {
        Task<T>? run;
        lock (gate)
        {
            // The run forgets itself under the same lock, so it cannot be forgotten before it is known.
            if (!running.TryGetValue(key, out run)) running[key] = run = Task.Run(() => RunThenForgetAsync(key, work), CancellationToken.None);
        }
        return run.WaitAsync(cancellation);
    }

    private async Task<T> RunThenForgetAsync(TKey key, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        finally
        {
            lock (gate) running.Remove(key);
        }
    }
}
