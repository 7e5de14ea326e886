using System.Net;
using System.Security.Cryptography;
using Juke.Contract.Wire;

namespace Juke.Client;

/// <content>The refresh: one at a time in this app and among all that share the store, stored before used.</content>
public sealed partial class Session
{
    /// <summary>
    /// A token other than the spent one: the one that is there, or that of the one refresh which everybody waits for. Null when the era
    /// is over. Throws when it cannot be had now.
    /// </summary>
    internal async Task<Grant?> RenewAsync(Era asked, string? spent, CancellationToken cancellation)
    {
        Task<Grant?> refresh;
        lock (gate)
        {
            if (asked != era) return null;
            if (asked.Grant is { } grant && grant.Token != spent && grant.IsGoodAt(time.GetUtcNow())) return grant;
            refresh = asked.Refreshing ??= Task.Run(() => RefreshAsync(asked), CancellationToken.None);
        }
        return await refresh.WaitAsync(cancellation); // Who no longer waits leaves alone.
    }

    private async Task<Grant?> RefreshAsync(Era asked)
    {
        try
        {
            await using var turn = await TakeTurnAsync(asked);
            while (!asked.Ended.IsCancellationRequested)
                if (await ExchangeAsync(asked) is { IsDone: true } exchange) return exchange.Grant;
            return null;
        }
        catch (Exception e) when (asked.Ended.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
        finally
        {
            lock (gate) asked.Refreshing = null;
        }
    }

    /// <summary>Not done: the store changed meanwhile, look again.</summary>
    private readonly record struct Exchange(bool IsDone, Grant? Grant = null);

    private async Task<Exchange> ExchangeAsync(Era asked)
    {
        var spent = options.UseCookies ? null : await ReadyAsync(asked);
        if (spent is null && !options.UseCookies)
        {
            BecomeGuest(asked); // Signed out in another window.
            return new(true);
        }
        var sent = time.GetUtcNow();
        TokenPair pair;
        try
        {
            pair = await doors.RefreshAsync(new RefreshRequest(spent?.RefreshToken, spent?.Attempt), asked.Ended);
        }
        catch (ProblemException e) when (e.Status == HttpStatusCode.Unauthorized || (options.UseCookies && e.Status == HttpStatusCode.BadRequest))
        {
            return new(await GiveUpAsync(asked, spent));
        }
        var grant = Grant.Of(pair.AccessToken, pair.ExpiresIn, sent, options.Jitter());
        if (spent is not null && !await KeepAsync(asked, spent, new StoredTokens(pair.RefreshToken))) return new(false);
        if (spent is not null && State.User is { } shown && asked.Known is { } known && known != spent.RefreshToken)
        {
            // Another window wrote this token: perhaps after somebody else signed in there.
            var user = await doors.MeAsync(grant.Token, asked.Ended);
            if (user.Id != shown.Id)
            {
                Begin(() => asked == era, user, grant, pair.RefreshToken);
                return new(true);
            }
        }
        lock (gate)
        {
            if (asked != era) return new(true);
            (asked.Grant, asked.Known) = (grant, pair.RefreshToken);
        }
        return new(true, grant);
    }

    /// <summary>The lock of the store. Waiting has an end, or an app that hangs would keep all others in their loading state.</summary>
    private async Task<IAsyncDisposable> TakeTurnAsync(Era asked)
    {
        using var patience = new CancellationTokenSource(options.Timeout * 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(asked.Ended, patience.Token);
        try
        {
            return await options.Store.LockAsync(either.Token);
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested && !asked.Ended.IsCancellationRequested)
        {
            throw new IOException("Another app holds the lock of the token store.", e);
        }
    }

    /// <summary>What is to be presented, its attempt stored before it is sent (contract §5).</summary>
    private Task<StoredTokens?> ReadyAsync(Era asked) => StoringAsync(async () =>
    {
        if (asked != era || await options.Store.ReadAsync(asked.Ended) is not { } kept) return null;
        if (kept.Attempt is null)
        {
            kept = kept with { Attempt = NewAttempt() };
            await options.Store.WriteAsync(kept, CancellationToken.None);
        }
        return kept;
    });

    /// <summary>False when the era is over, or another app wrote or forgot meanwhile: then the answer is dropped.</summary>
    private Task<bool> KeepAsync(Era asked, StoredTokens spent, StoredTokens next) => StoringAsync(async () =>
    {
        if (asked != era || await options.Store.ReadAsync(CancellationToken.None) != spent) return false;
        await options.Store.WriteAsync(next, CancellationToken.None);
        return true;
    });

    /// <summary>The server refused the token: it is forgotten, unless another app has put a newer one there. True when this was the end.</summary>
    private async Task<bool> GiveUpAsync(Era asked, StoredTokens? refused)
    {
        var isOver = options.UseCookies || await StoringAsync(async () =>
        {
            if (asked != era) return true;
            if (await options.Store.ReadAsync(CancellationToken.None) is { } kept && kept != refused) return false;
            await options.Store.ClearAsync(CancellationToken.None);
            return true;
        });
        if (isOver) BecomeGuest(asked);
        return isOver;
    }

    /// <summary>A second 401: the server does not want this session, whatever the refresh said (contract §10).</summary>
    internal async Task EndAsync(Era asked)
    {
        string? known;
        lock (gate) known = asked == era ? asked.Known : null;
        if (known is not null)
        {
            await StoringAsync(async () =>
            {
                if (asked == era && (await options.Store.ReadAsync(CancellationToken.None))?.RefreshToken == known) await options.Store.ClearAsync(CancellationToken.None);
                return true;
            });
        }
        BecomeGuest(asked);
    }

    /// <summary>False when somebody signed out since: then the sign-out forgets what was stored here.</summary>
    private Task<bool> AdoptAsync(User user, Grant grant, StoredTokens tokens, int signOutsBefore) => StoringAsync(async () =>
    {
        lock (gate)
            if (signOuts != signOutsBefore) return false;
        if (!options.UseCookies) await options.Store.WriteAsync(tokens, CancellationToken.None);
        return Begin(() => signOuts == signOutsBefore, user, grant, tokens.RefreshToken);
    });

    /// <summary>Forgets what is stored, and says what that was. A store that fails is no reason to stay signed in.</summary>
    private Task<StoredTokens?> ForgetAsync() => StoringAsync(async () =>
    {
        StoredTokens? kept = null;
        try
        {
            kept = await options.Store.ReadAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Unreadable: cleared unread.
        }
        try
        {
            await options.Store.ClearAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What is left in it is dead once the server hears of the sign-out.
        }
        return kept;
    });

    private async Task<T> StoringAsync<T>(Func<Task<T>> work)
    {
        await storing.WaitAsync();
        try
        {
            return await work();
        }
        finally
        {
            storing.Release();
        }
    }

    /// <summary>192 random bits: what only this app knows of its next refresh.</summary>
    private static string NewAttempt() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}
