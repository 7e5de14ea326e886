using Juke.Server.Sessions;
using Verdict = Juke.Server.Sessions.Rotation.Verdict;

namespace Juke.Server.Tests.Sessions;

/// <summary>The rotation table, or a mutant of it.</summary>
internal delegate Verdict Decide(Rotation.State row, int presented, byte[]? attempt, DateTimeOffset now);

/// <summary>What a verdict does to the row: the model of Refresh's SQL, or a mutant of it.</summary>
internal delegate Rotation.State Apply(Rotation.State row, Verdict verdict, byte[]? attempt, DateTimeOffset now);

/// <summary>One thing that happens. An interleaving is a word of these.</summary>
internal enum Letter
{
    /// <summary>The owner refreshes (or asks again) and gets the reply.</summary>
    Refresh,

    /// <summary>The owner refreshes (or asks again), the server acts, the reply is lost.</summary>
    RefreshLost,

    /// <summary>The owner uses the access token.</summary>
    Use,

    /// <summary>A second tab takes token and attempt out of the shared store.</summary>
    TabReads,

    /// <summary>… and sends them.</summary>
    TabSends,

    /// <summary>A thief copies the refresh token that the owner holds now.</summary>
    ThiefCopies,

    ThiefRefreshes,

    /// <summary>A thief who never does this is a silent one.</summary>
    ThiefUses,

    Revoke,
    Backup,
    Restore,

    /// <summary>Twice this is the grace's last moment.</summary>
    FiveSeconds,

    /// <summary>Past the grace.</summary>
    ElevenSeconds,

    /// <summary>Past the idle end.</summary>
    ThirtyOneDays,
}

/// <summary>Which players, and which rules.</summary>
/// <param name="OwnerSendsAttempts">The owner is our SDK; else a shipped app.</param>
/// <param name="ThiefSendsAttempt">The thief sends one of his own; else none.</param>
/// <param name="Careless">The owner refreshes a token younger than the grace, and sends from a second tab however late, or a late retry from both.</param>
internal sealed record Play(bool OwnerSendsAttempts, bool ThiefSendsAttempt, bool Careless = false)
{
    public Decide Decide { get; init; } = Rotation.Decide;

    public Apply Apply { get; init; } = RotationWorld.ApplyVerdict;
}

/// <summary>
/// Everything that exists around one session: the row, its clients, a thief, and (never seen by the table) who made the
/// current generation. A value: a copy is another future.
/// </summary>
internal struct RotationWorld
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Idle = TimeSpan.FromDays(30);
    private static readonly byte[][] Attempts = [.. Enumerable.Range(0, 40).Select(n => new byte[] { (byte)n, 7 })];
    private const int ThiefsAttempt = 39;
    private const int None = 0;

    private Rotation.State row;
    private bool madeByThief;
    private DateTimeOffset now;

    private Rotation.State backup;
    private bool hasBackup, backupMadeByThief;

    // The owner's store, shared by two tabs; and what the second tab took out of it.
    private int token, attempt, access, attemptsMade;
    private bool pending;
    private DateTimeOffset receivedAt, firstSentAt;
    private int tabToken, tabAttempt;
    private DateTimeOffset tabSince;

    private int thiefToken, thiefAccess;
    private bool theft, disturbed, slept;

    public static RotationWorld Begin() => new()
    {
        // Signed in a while ago, first generation in use.
        row = new Rotation.State(1, Start.AddHours(-1), Confirmed: true, AttemptHash: null, Start + Idle, Start.AddDays(90), IsEnded: false),
        now = Start,
        token = 1,
        access = 1,
        receivedAt = Start.AddHours(-1),
    };

    /// <summary>The row after a verdict: what Refresh writes.</summary>
    public static Rotation.State ApplyVerdict(Rotation.State row, Verdict verdict, byte[]? attempt, DateTimeOffset now) => verdict switch
    {
        Verdict.Advance => row with
        {
            Gen = row.Gen + 1,
            IssuedAt = now,
            Confirmed = false,
            AttemptHash = attempt,
            IdleEndsAt = now + Idle < row.AbsoluteEndsAt ? now + Idle : row.AbsoluteEndsAt,
        },
        Verdict.Unknown or Verdict.Reuse => row with { IsEnded = true },
        _ => row,
    };

    /// <summary>Whether the letter can happen here.</summary>
    public readonly bool Can(Letter letter, Play play) => letter switch
    {
        // An access token lasts fifteen minutes: nobody asks for the next one seconds after the last, except to ask again.
        Letter.Refresh or Letter.RefreshLost => play.Careless || pending || now - receivedAt > Rotation.Grace,
        Letter.TabReads => (tabToken == None || !TabIsFresh) && (play.Careless || !pending || now - firstSentAt <= Rotation.Grace),
        Letter.TabSends => tabToken != None && (play.Careless || TabIsFresh),
        Letter.ThiefCopies => !theft,
        Letter.ThiefRefreshes => thiefToken != None,
        Letter.ThiefUses => thiefAccess != None,
        Letter.Revoke => !row.IsEnded,
        Letter.Backup => !hasBackup,
        Letter.Restore => hasBackup,
        Letter.ThirtyOneDays => !slept,
        _ => true,
    };

    /// <summary>Lets it happen.</summary>
    /// <returns>Null, or the invariant that broke, in words.</returns>
    public string? Do(Letter letter, Play play)
    {
        switch (letter)
        {
            case Letter.Refresh or Letter.RefreshLost:
                TakeAttempt(play);
                if (!pending) firstSentAt = now;
                pending = true;
                return Present(play, token, attempt, byThief: false, isLost: letter == Letter.RefreshLost);
            case Letter.Use:
                return Use(access, byThief: false);
            case Letter.TabReads:
                TakeAttempt(play);
                (tabToken, tabAttempt, tabSince) = (token, attempt, pending ? firstSentAt : now);
                return null;
            case Letter.TabSends:
                var sent = tabToken;
                tabToken = None;
                return Present(play, sent, tabAttempt, byThief: false, isLost: false);
            case Letter.ThiefCopies:
                (theft, thiefToken) = (true, token);
                return null;
            case Letter.ThiefRefreshes:
                return Present(play, thiefToken, play.ThiefSendsAttempt ? ThiefsAttempt : None, byThief: true, isLost: false);
            case Letter.ThiefUses:
                return Use(thiefAccess, byThief: true);
            case Letter.Revoke:
                disturbed = true;
                row = row with { IsEnded = true };
                return null;
            case Letter.Backup:
                (hasBackup, backup, backupMadeByThief) = (true, row, madeByThief);
                return null;
            case Letter.Restore:
                disturbed = true;
                (row, madeByThief) = (backup, backupMadeByThief);
                return null;
            default:
                if (letter == Letter.ThirtyOneDays) disturbed = slept = true;
                now += letter switch
                {
                    Letter.FiveSeconds => TimeSpan.FromSeconds(5),
                    Letter.ElevenSeconds => TimeSpan.FromSeconds(11),
                    _ => TimeSpan.FromDays(31),
                };
                return null;
        }
    }

    /// <summary>Two tabs overlap within the grace only: what was read, or first sent by the other tab, longer ago is left to that one.</summary>
    private readonly bool TabIsFresh => now - tabSince <= Rotation.Grace;

    private readonly bool IsOver => row.IsEnded || now >= row.IdleEndsAt || now >= row.AbsoluteEndsAt;

    /// <summary>Whoever is about to send a token stores an attempt beside it first; the one that is there is used again.</summary>
    private void TakeAttempt(Play play)
    {
        if (play.OwnerSendsAttempts && attempt == None) attempt = ++attemptsMade;
    }

    private string? Present(Play play, int presented, int attemptSent, bool byThief, bool isLost)
    {
        var before = row;
        var wasOver = IsOver;
        var hash = attemptSent == None ? null : Attempts[attemptSent];
        var verdict = play.Decide(before, presented, hash, now);
        row = play.Apply(before, verdict, hash, now);
        var served = verdict is Verdict.Advance or Verdict.Repeat;
        var broken = Judge(before, wasOver, presented, verdict, byThief);
        if (verdict == Verdict.Advance) madeByThief = byThief;
        if (served && !isLost) Receive(byThief);
        return broken;
    }

    private void Receive(bool byThief)
    {
        if (byThief)
        {
            thiefToken = thiefAccess = row.Gen;
            return;
        }
        access = row.Gen;
        if (token == row.Gen) return;
        (token, attempt, pending, receivedAt) = (row.Gen, None, false, now);
    }

    private string? Use(int gen, bool byThief)
    {
        var served = !IsOver && gen <= row.Gen;
        if (served && gen == row.Gen) row = row with { Confirmed = true };
        return !served && !byThief && !theft && !disturbed ? Invariants.OwnerIsNeverLockedOut : null;
    }

    private readonly string? Judge(Rotation.State before, bool wasOver, int presented, Verdict verdict, bool byThief)
    {
        var served = verdict is Verdict.Advance or Verdict.Repeat;
        var late = now - before.IssuedAt > TimeSpan.FromSeconds(10);
        if (wasOver) return served ? Invariants.OverIsOver : null;
        if (!served && !byThief && !theft && !disturbed) return Invariants.OwnerIsNeverLockedOut;
        if (verdict == Verdict.Advance && (presented != before.Gen || row.Gen != before.Gen + 1)) return Invariants.OnlyTheCurrentAdvances;
        if (verdict == Verdict.Advance && (row.Confirmed || row.IssuedAt != now)) return Invariants.ANewGenerationIsNew;
        if (verdict != Verdict.Advance && row.Gen != before.Gen) return Invariants.OnlyTheCurrentAdvances;
        if (row.AbsoluteEndsAt != before.AbsoluteEndsAt || row.IdleEndsAt > row.AbsoluteEndsAt) return Invariants.TheAbsoluteEndIsAbsolute;
        if (verdict == Verdict.Repeat && row != before) return Invariants.ARepeatMovesNothing;
        if (presented > before.Gen) return row.IsEnded ? null : Invariants.AboveTheRowEndsIt;
        if (presented == before.Gen) return verdict == Verdict.Advance ? null : Invariants.TheCurrentMakesTheNext;
        if (presented < before.Gen - 1) return row.IsEnded ? null : Invariants.OlderThanTheParentEndsIt;
        if (!late) return served ? null : Invariants.TheGraceServesTwoTabs;
        if (before.Confirmed) return row.IsEnded ? null : Invariants.ReuseAfterUseEndsIt;
        return byThief != madeByThief && !row.IsEnded ? Invariants.LateOnlyToItsMaker : null;
    }
}

/// <summary>What must hold after every step, in words.</summary>
internal static class Invariants
{
    public const string OwnerIsNeverLockedOut = "Without thief, revocation, expiry or restore the owner is never locked out, whatever is lost.";
    public const string OverIsOver = "Nothing succeeds in a session that was ended or has expired.";
    public const string OnlyTheCurrentAdvances = "One generation is current, and only it advances, by one.";
    public const string ANewGenerationIsNew = "A new generation starts unconfirmed, and its grace now.";
    public const string TheAbsoluteEndIsAbsolute = "The absolute end never moves, and the idle end never passes it.";
    public const string ARepeatMovesNothing = "A repeated answer changes nothing: no expiry, no grace.";
    public const string AboveTheRowEndsIt = "A generation above the row ends the session.";
    public const string TheCurrentMakesTheNext = "The current token always makes the next generation.";
    public const string OlderThanTheParentEndsIt = "A token older than the parent ends the session, also within the grace.";
    public const string TheGraceServesTwoTabs = "The parent is served for ten seconds.";
    public const string ReuseAfterUseEndsIt = "A spent token that comes back late, after its successor was used, ends the session.";
    public const string LateOnlyToItsMaker =
        "A spent token that comes back late is served only to who made its successor: thief and owner do not go on side by side.";
}
