using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Juke.Client;

/// <summary>Tells everybody every state, in order and one at a time, outside the session's lock.</summary>
/// <param name="tell">Whoever has subscribed by the time that a state is told.</param>
internal sealed class Announcer(Action<SessionState> tell)
{
    private readonly Lock gate = new();
    private readonly Queue<SessionState> told = new();
    private readonly List<Channel<SessionState>> watchers = [];
    private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isTelling;
    private bool isClosed;
    private volatile SessionState current = new(SessionStatus.Loading);

    public SessionState Current => current;

    /// <summary>Done once it is known whether somebody is signed in.</summary>
    public Task Settled => settled.Task;

    /// <summary>Takes the state on; <see cref="Tell"/> follows once no lock is held.</summary>
    public void Set(SessionState state)
    {
        lock (gate)
        {
            if (state == current) return;
            current = state;
            told.Enqueue(state);
            foreach (var watcher in watchers) watcher.Writer.TryWrite(state);
        }
    }

    public void Tell()
    {
        lock (gate)
        {
            if (isTelling) return; // Whoever tells now goes on until nothing is left.
            isTelling = true;
        }
        while (true)
        {
            SessionState? next;
            lock (gate)
            {
                if (!told.TryDequeue(out next))
                {
                    isTelling = false;
                    return;
                }
            }
            if (next.Status != SessionStatus.Loading) settled.TrySetResult();
            try
            {
                tell(next);
            }
            catch (Exception e) when (Rethrow(e))
            {
                // A handler's fault is the app's: it must not stop the session.
            }
        }
    }

    public async IAsyncEnumerable<SessionState> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateUnbounded<SessionState>(new UnboundedChannelOptions { SingleReader = true });
        lock (gate)
        {
            channel.Writer.TryWrite(current);
            watchers.Add(channel);
            if (isClosed) channel.Writer.TryComplete();
        }
        try
        {
            await foreach (var state in channel.Reader.ReadAllAsync(cancellation)) yield return state;
        }
        finally
        {
            lock (gate) watchers.Remove(channel);
        }
    }

    /// <summary>Nothing more will be told.</summary>
    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            foreach (var watcher in watchers) watcher.Writer.TryComplete();
        }
        settled.TrySetCanceled();
    }

    private static bool Rethrow(Exception exception) =>
        ThreadPool.UnsafeQueueUserWorkItem(static e => ExceptionDispatchInfo.Throw(e), exception, preferLocal: false);
}
