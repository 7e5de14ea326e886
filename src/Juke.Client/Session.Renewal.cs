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
            if (asked.Refreshing is null) ThrowIfTooSoon(asked);
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
            pair = await HeedAsync(asked, () => doors.RefreshAsync(new RefreshRequest(spent?.RefreshToken, spent?.Attempt), asked.Ended));
        }
        catch (ProblemException e) when (IsRefusal(e))
        {
            return new(await GiveUpAsync(asked, spent));
        }
        var grant = Grant.Of(pair.AccessToken, pair.ExpiresIn, sent, options.Jitter());
        if (spent is not null && !await KeepAsync(asked, spent, new StoredTokens(pair.RefreshToken))) return new(false);
        if (State.User is { } shown && (spent is null || (asked.Known is { } known && known != spent.RefreshToken)))
        {
            // Another window wrote this token, or may have, since nobody sees a cookie: perhaps after somebody else signed in there.
            var user = await HeedAsync(asked, () => doors.MeAsync(grant.Token, asked.Ended));
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
            if (asked.IsPausing) asked.Wake(); // The server can be reached again, whatever the pause was for.
        }
        return new(true, grant);
    }

    /// <summary>Juke's own word that the token is dead. A 401 without a code is of a proxy, which knows nothing of tokens.</summary>
    private bool IsRefusal(ProblemException answer) =>
        answer.Problem is not null && (answer.Status == HttpStatusCode.Unauthorized || (options.UseCookies && answer.Status == HttpStatusCode.BadRequest));

    /// <summary>Whatever the session asks: a Retry-After binds all of its next questions.</summary>
    private async Task<T> HeedAsync<T>(Era asked, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ProblemException e) when (e is { IsTransient: true, RetryAfter: { } wait })
        {
            lock (gate) asked.Respite = new Respite(time.GetUtcNow(), Backoff.Believed(wait), e);
            throw;
        }
    }

    /// <summary>Under the lock. Who needs an answer hears at once that there is none, instead of waiting for up to an hour.</summary>
    private void ThrowIfTooSoon(Era asked)
    {
        if (asked.Respite is not { } respite) return;
        var left = respite.LeftAt(time.GetUtcNow());
        if (left > TimeSpan.Zero) throw new ProblemException(respite.Why.Status, respite.Why.Problem, left);
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
            try
            {
                if (asked != era) return true;
                if (await options.Store.ReadAsync(CancellationToken.None) is { } kept && kept != refused) return false;
                await options.Store.ClearAsync(CancellationToken.None);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A dead token that stays: the next start hears the same of it.
            }
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
                try
                {
                    if (asked == era && (await options.Store.ReadAsync(CancellationToken.None))?.RefreshToken == known) await options.Store.ClearAsync(CancellationToken.None);
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    // As above.
                }
                return true;
            });
        }
        BecomeGuest(asked);
    }

    /// <summary>Not kept when somebody signed out since: then the sign-out forgets what was stored here, and knows nothing of the former.</summary>
    private readonly record struct Adoption(bool IsKept, StoredTokens? Former = null, Grant? FormerGrant = null);

    private Task<Adoption> AdoptAsync(User user, Grant grant, StoredTokens tokens, int signOutsBefore) => StoringAsync(async () =>
    {
        Grant? former;
        lock (gate)
        {
            if (signOuts != signOutsBefore) return default;
            former = era.Grant;
        }
        var kept = options.UseCookies ? null : await TryReadAsync();
        if (!options.UseCookies) await options.Store.WriteAsync(tokens, CancellationToken.None);
        return new Adoption(Begin(() => signOuts == signOutsBefore, user, grant, tokens.RefreshToken), kept, former);
    });

    /// <summary>Forgets what is stored, and says what that was. A store that fails is no reason to stay signed in.</summary>
    private Task<StoredTokens?> ForgetAsync() => StoringAsync(async () =>
    {
        var kept = TakeCookie() ?? await TryReadAsync();
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

    /// <summary>Null as well when it cannot be read now.</summary>
    private async Task<StoredTokens?> TryReadAsync()
    {
        try
        {
            return await options.Store.ReadAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>What the session's own jar holds, which is forgotten here as a store is: the server may not be there to take it away.</summary>
    private StoredTokens? TakeCookie()
    {
        if (jar?.GetAllCookies().FirstOrDefault(c => c is { Name: Call.RefreshCookie, Expired: false }) is not { } cookie) return null;
        cookie.Expired = true;
        return new StoredTokens(cookie.Value);
    }

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
