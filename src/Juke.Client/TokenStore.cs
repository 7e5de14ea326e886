using System.Threading.Channels;

namespace Juke.Client;

/// <summary>Everything of a session that outlives the app (contract §10). No access token, and nothing about onboarding.</summary>
/// <param name="RefreshToken">The token of the next refresh.</param>
/// <param name="Attempt">Made and stored before that refresh is sent, and sent again with it after a lost reply (contract §5); null until then.</param>
public sealed record StoredTokens(string RefreshToken, string? Attempt = null)
{
    /// <summary>Not the tokens: this text may end in a log.</summary>
    public override string ToString() => nameof(StoredTokens);
}

/// <summary>Where a session's refresh token is kept. On a phone: the keychain.</summary>
public interface ITokenStore
{
    /// <summary>What was written last; null when nothing was, or it cannot be understood. Throws <see cref="IOException"/> when it cannot be asked now.</summary>
    ValueTask<StoredTokens?> ReadAsync(CancellationToken cancellation);

    /// <summary>Replaces what is kept, whole or not at all, and lasts once it returns.</summary>
    ValueTask WriteAsync(StoredTokens tokens, CancellationToken cancellation);

    /// <summary>Forgets. Nothing to forget is fine.</summary>
    ValueTask ClearAsync(CancellationToken cancellation);

    /// <summary>
    /// Waits until nobody else who shares this store is refreshing, and keeps everybody out until it is disposed. Reading,
    /// writing and clearing need no lock.
    /// </summary>
    ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellation);
}

/// <summary>Keeps the token while the app runs. Sessions that share one instance are windows of one app.</summary>
public sealed class MemoryTokenStore : ITokenStore
{
    /// <summary>A lock with one place; unlike a semaphore it leaves nothing to dispose of.</summary>
    private readonly Channel<bool> turn = Channel.CreateBounded<bool>(1);
    private volatile StoredTokens? kept;

    /// <inheritdoc/>
    public ValueTask<StoredTokens?> ReadAsync(CancellationToken cancellation) => ValueTask.FromResult(kept);

    /// <inheritdoc/>
    public ValueTask WriteAsync(StoredTokens tokens, CancellationToken cancellation)
    {
        kept = tokens;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ClearAsync(CancellationToken cancellation)
    {
        kept = null;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellation)
    {
        await turn.Writer.WriteAsync(true, cancellation);
        return new Turn(turn);
    }

    private sealed class Turn(Channel<bool> turn) : IAsyncDisposable
    {
        private Channel<bool>? held = turn;

        public ValueTask DisposeAsync()
        {
            Interlocked.Exchange(ref held, null)?.Reader.TryRead(out _);
            return ValueTask.CompletedTask;
        }
    }
}
