using Juke.Client;

namespace Juke.Cli;

/// <summary>
/// The store of this machine, watched: the session takes a store that fails for a network that fails, and a sign-out takes no notice of
/// it at all. A person can do something about a folder, and has to be told which.
/// </summary>
internal sealed class WatchedStore(ITokenStore store) : ITokenStore
{
    private volatile Exception? failure;

    /// <summary>The first thing that went wrong here; null while all went well.</summary>
    public Exception? Failure => failure;

    public ValueTask<StoredTokens?> ReadAsync(CancellationToken cancellation) => WatchAsync(() => store.ReadAsync(cancellation));

    public async ValueTask WriteAsync(StoredTokens tokens, CancellationToken cancellation) => await WatchAsync(async () =>
    {
        await store.WriteAsync(tokens, cancellation);
        return true;
    });

    public async ValueTask ClearAsync(CancellationToken cancellation) => await WatchAsync(async () =>
    {
        await store.ClearAsync(cancellation);
        return true;
    });

    public ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellation) => WatchAsync(() => store.LockAsync(cancellation));

    private async ValueTask<T> WatchAsync<T>(Func<ValueTask<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failure ??= e;
            throw;
        }
    }
}
