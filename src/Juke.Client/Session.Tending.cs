using Juke.Contract.Wire;

namespace Juke.Client;

/// <content>What goes on by itself: the start, the refresh ahead of time, and who the user is.</content>
public sealed partial class Session
{
    /// <summary>What a request is sent with.</summary>
    internal readonly record struct Ticket(Era Era, Grant? Grant);

    /// <summary>Whether tokens may go there.</summary>
    internal bool IsOurs(Uri? address) =>
        address is null || !address.IsAbsoluteUri || Uri.Compare(address, options.Server, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>The token to send with now; none for a guest. Throws when one is needed and cannot be had now.</summary>
    internal async Task<Ticket> TicketAsync(CancellationToken cancellation)
    {
        Era now;
        Grant? grant;
        lock (gate)
        {
            (now, grant) = (era, era.Grant);
            if (State.Status == SessionStatus.Guest || grant?.IsGoodAt(time.GetUtcNow()) == true) return new(now, grant);
        }
        return new(now, await RenewAsync(now, grant?.Token, cancellation));
    }

    /// <summary>The gate is shut for this user: the server says so, and <c>/auth/me</c> says what is true now. Tokens stay.</summary>
    internal async Task GateShutAsync(Era asked, CancellationToken cancellation)
    {
        lock (gate)
            if (asked != era || State.User is null or { OnboardingRequired: true }) return;
        try
        {
            await AskAtTheGateAsync(asked).WaitAsync(Courtesy, time, cancellation);
        }
        catch (TimeoutException)
        {
            TakeRefusal(asked, isAnswered: false);
        }
    }

    /// <summary>Onboarding was completed: <c>/auth/me</c> says that the gate is open.</summary>
    internal async Task CompletedAsync(Era asked, CancellationToken cancellation)
    {
        lock (gate) asked.Respite = null; // The server answers.
        try
        {
            await AskOnCompletionAsync(asked).WaitAsync(Courtesy, time, cancellation);
        }
        catch (TimeoutException)
        {
            // It is asked all the same, and the answer that brought us here is the app's.
        }
    }

    /// <summary>How long an answer that is here already waits for what <c>/auth/me</c> says: its caller's patience has been running for a while.</summary>
    private TimeSpan Courtesy => options.Timeout / 3;

    /// <summary>Nobody's but the session's: who called may leave, and the gate is shut all the same.</summary>
    private async Task AskAtTheGateAsync(Era asked)
    {
        try
        {
            await AskAsync(asked, Join.AskedAtTheGate, asked.Ended);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            TakeRefusal(asked, isAnswered: true);
        }
    }

    private async Task AskOnCompletionAsync(Era asked)
    {
        try
        {
            await AskAsync(asked, Join.None, asked.Ended);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            lock (gate) AskLater(asked);
        }
    }

    /// <summary>The refusal itself counts where <c>/auth/me</c> cannot be asked, or is not answered yet.</summary>
    private void TakeRefusal(Era asked, bool isAnswered)
    {
        lock (gate)
        {
            if (asked != era || asked.Ended.IsCancellationRequested || State.User is not { } user) return; // Signed out meanwhile.
            announcer.Set(State with { User = user with { OnboardingRequired = true } });
            if (isAnswered)
            {
                asked.Answered = asked.Asked; // What was asked before the gate shut, and is still to be answered, knows less.
                AskLater(asked);
            }
        }
        announcer.Tell();
    }

    private async Task BeginAsync(Era begun)
    {
        if (!options.UseCookies && !await HasTokenAsync(begun)) BecomeGuest(begun);
        else await TendAsync(begun);
    }

    private async Task<bool> HasTokenAsync(Era begun)
    {
        try
        {
            return await options.Store.ReadAsync(begun.Ended) is not null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false; // No readable token is no token (contract §10). It stays where it is.
        }
    }

    /// <summary>Until the era ends: a token ahead of time, and a user that is known. What fails is tried again, later and later.</summary>
    private async Task TendAsync(Era tended)
    {
        await Task.Yield();
        var failures = 0;
        while (!tended.Ended.IsCancellationRequested)
        {
            TimeSpan wait;
            try
            {
                var grant = tended.Grant;
                if (grant is null || grant.RenewAt <= time.GetUtcNow()) grant = await RenewAsync(tended, grant?.Token, tended.Ended);
                if (grant is null) return;
                if (tended.NeedsUser) await AskAsync(tended, Join.Any, tended.Ended);
                failures = 0;
                wait = (tended.Grant ?? grant).RenewAt - time.GetUtcNow();
                if (wait < Backoff.First) wait = Backoff.First; // A token that is born old must not make a storm.
            }
            catch (OperationCanceledException) when (tended.Ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Also what was cancelled by others: a handler that connects no longer, a keychain whose prompt was closed.
                wait = Backoff.Wait(++failures, (e as ProblemException)?.RetryAfter, options.Jitter());
            }
            lock (gate)
            {
                if (tended == era) announcer.Set(State with { IsUnreachable = failures > 0 });
                tended.IsPausing = true;
            }
            announcer.Tell();
            await tended.PauseAsync(wait, time);
            lock (gate) tended.IsPausing = false;
        }
    }

    /// <summary>Which question that is in flight is as good as a new one.</summary>
    private enum Join
    {
        /// <summary>Any: who the user is.</summary>
        Any,

        /// <summary>One that was asked because the gate shut. An older answer may have been given before.</summary>
        AskedAtTheGate,

        /// <summary>None: something changed just now.</summary>
        None,
    }

    /// <summary><c>/auth/me</c>, once for all who join; the newest question has the last word.</summary>
    private async Task<User> AskAsync(Era asked, Join join, CancellationToken cancellation)
    {
        Task<User> asking;
        lock (gate)
        {
            if (asked.Asking is null || join == Join.None || (join == Join.AskedAtTheGate && !asked.IsAskingAtTheGate))
            {
                ThrowIfTooSoon(asked);
                asked.IsAskingAtTheGate = join == Join.AskedAtTheGate;
                var number = ++asked.Asked;
                asked.Asking = Task.Run(() => AskOnceAsync(asked, number), CancellationToken.None);
            }
            asking = asked.Asking;
        }
        return await asking.WaitAsync(cancellation);
    }

    private async Task<User> AskOnceAsync(Era asked, int number)
    {
        try
        {
            var user = await HeedAsync(asked, () => Juke.MeAsync(asked.Ended));
            lock (gate)
            {
                if (asked == era && number > asked.Answered)
                {
                    (asked.Answered, asked.NeedsUser) = (number, false);
                    announcer.Set(new SessionState(SessionStatus.Authed, user));
                }
            }
            announcer.Tell();
            return user;
        }
        finally
        {
            lock (gate)
                if (number == asked.Asked) asked.Asking = null;
        }
    }

    /// <summary>Under the lock: the tending asks, again and again until it is answered.</summary>
    private static void AskLater(Era asked)
    {
        asked.NeedsUser = true;
        asked.Wake();
    }

    /// <summary>Somebody is signed in from now on, unless it no longer holds what was so when the server was asked.</summary>
    private bool Begin(Func<bool> stillHolds, User user, Grant grant, string refreshToken)
    {
        var begun = new Era { Grant = grant, Known = refreshToken, NeedsUser = false };
        lock (gate)
        {
            if (!stillHolds()) return false;
            Replace(begun);
            if (isClosed) begun.Dispose(); // Stored, for the next start to find; here nothing goes on.
            else announcer.Set(new SessionState(SessionStatus.Authed, user));
        }
        announcer.Tell();
        _ = TendAsync(begun);
        return true;
    }

    private void BecomeGuest(Era ended)
    {
        lock (gate)
        {
            // Who closes the app signs nobody out.
            if (ended != era || ended.Ended.IsCancellationRequested) return;
            Replace(new Era());
            announcer.Set(new SessionState(SessionStatus.Guest));
        }
        announcer.Tell();
    }
}
