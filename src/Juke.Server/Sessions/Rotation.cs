using System.Security.Cryptography;

namespace Juke.Server.Sessions;

/// <summary>
/// The rotation table of contract §5: what a presented refresh token with a good MAC means. Pure, so that every
/// interleaving can be tried (tests: RotationTableTests); the database serialises its callers by the row's lock.
/// </summary>
internal static class Rotation
{
    /// <summary>How long the parent of the current generation is answered as if it were current: two tabs.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>What to do.</summary>
    public enum Verdict
    {
        /// <summary>Make generation n+1.</summary>
        Advance,

        /// <summary>Answer with generation n again: same refresh token, fresh access token, no end moves.</summary>
        Repeat,

        /// <summary>401: the session was ended.</summary>
        Ended,

        /// <summary>401: past its idle or absolute end.</summary>
        Expired,

        /// <summary>401, and the session ends: a generation that was never made here. A restored database, or a broken key.</summary>
        Unknown,

        /// <summary>401, and the session ends: a spent token came back.</summary>
        Reuse,
    }

    /// <summary>The session row as the table sees it.</summary>
    /// <param name="Gen">n, the current generation.</param>
    /// <param name="IssuedAt">When n was made.</param>
    /// <param name="Confirmed">Whether an access token of generation n was used.</param>
    /// <param name="AttemptHash">Hash of the attempt that n was made with, or null.</param>
    /// <param name="IdleEndsAt">End if unused.</param>
    /// <param name="AbsoluteEndsAt">End in any case.</param>
    /// <param name="IsEnded">Signed out, revoked, reset, disabled.</param>
    public readonly record struct State(
        int Gen, DateTimeOffset IssuedAt, bool Confirmed, byte[]? AttemptHash,
        DateTimeOffset IdleEndsAt, DateTimeOffset AbsoluteEndsAt, bool IsEnded);

    /// <param name="state">The row, under its lock.</param>
    /// <param name="presented">k, the generation of the presented token.</param>
    /// <param name="attemptHash">Hash of the attempt sent with it, or null.</param>
    /// <param name="now">The server's clock.</param>
    public static Verdict Decide(State state, int presented, byte[]? attemptHash, DateTimeOffset now)
    {
        if (state.IsEnded) return Verdict.Ended; // (a)
        if (now >= state.IdleEndsAt || now >= state.AbsoluteEndsAt) return Verdict.Expired; // (b)
        if (presented == state.Gen) return Verdict.Advance; // (c)
        if (presented == state.Gen - 1)
        {
            if (now - state.IssuedAt <= Grace) return Verdict.Repeat; // (d)
            if (!state.Confirmed && IsSame(state.AttemptHash, attemptHash)) return Verdict.Repeat; // (e)
        }
        return presented > state.Gen ? Verdict.Unknown : Verdict.Reuse; // (f), (g)
    }

    // No attempt is the same as no attempt only: a thief who comes first and sends none must not be taken for an owner
    // who always sends one (docs/decisions/0005).
    private static bool IsSame(byte[]? stored, byte[]? sent) =>
        stored is null || sent is null ? stored is null && sent is null : CryptographicOperations.FixedTimeEquals(stored, sent);
}
