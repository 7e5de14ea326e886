using Juke.Server.Sessions;
using Verdict = Juke.Server.Sessions.Rotation.Verdict;

namespace Juke.Server.Tests.Sessions;

/// <summary>One request of a schedule: what was sent, and what came back.</summary>
internal abstract record Op
{
    /// <summary>Whether it was answered with success.</summary>
    public bool Served { get; set; }

    /// <summary>How many steps it takes on the row, each atomic.</summary>
    public abstract int Steps { get; }

    /// <summary>Takes one step from this row; null when the answer that came back cannot come of it.</summary>
    /// <param name="row">The row so far.</param>
    /// <param name="step">Which of its steps, from 0.</param>
    /// <param name="pending">What its earlier step remembered.</param>
    /// <param name="now">The clock, which stands.</param>
    public abstract (Rotation.State Row, bool Pending)? Take(Rotation.State row, int step, bool pending, DateTimeOffset now);

    protected static bool IsLive(Rotation.State row, DateTimeOffset now) => !row.IsEnded && now < row.IdleEndsAt && now < row.AbsoluteEndsAt;
}

/// <summary>A refresh: one lock, one step.</summary>
internal sealed record RefreshOp(int Gen, string? Attempt, byte[]? AttemptHash) : Op
{
    /// <summary>The generation of the token that came back, when served.</summary>
    public int AnsweredGen { get; set; }

    /// <summary>The code of the refusal, else null.</summary>
    public string? Code { get; set; }

    public override int Steps => 1;

    public override (Rotation.State Row, bool Pending)? Take(Rotation.State row, int step, bool pending, DateTimeOffset now)
    {
        var verdict = Rotation.Decide(row, Gen, AttemptHash, now);
        var after = RotationWorld.ApplyVerdict(row, verdict, AttemptHash, now);
        var fits = verdict switch
        {
            Verdict.Advance or Verdict.Repeat => Served && AnsweredGen == after.Gen,
            Verdict.Expired => !Served && Code == "SESSION_EXPIRED",
            _ => !Served && Code == "INVALID_REFRESH_TOKEN",
        };
        return fits ? (after, false) : null;
    }
}

/// <summary>A request with an access token: it reads the row, then confirms the generation, then, if it is a revocation of all, ends the session.</summary>
internal record UseOp(int Gen, bool IsExpired, bool RevokesAll) : Op
{
    public override int Steps => RevokesAll ? 3 : 2;

    public override (Rotation.State Row, bool Pending)? Take(Rotation.State row, int step, bool pending, DateTimeOffset now)
    {
        switch (step)
        {
            case 0:
                var passes = !IsExpired && Gen <= row.Gen && IsLive(row, now);
                return passes == Served ? (row, passes && Gen == row.Gen && !row.Confirmed) : null;
            case 1:
                return pending && Gen == row.Gen && !row.IsEnded ? (row with { Confirmed = true }, pending) : (row, pending);
            default:
                return Served ? (row with { IsEnded = true }, pending) : (row, pending);
        }
    }
}

/// <summary>A sign-out with a refresh token of any generation.</summary>
internal sealed record LogoutOp(int Gen) : Op
{
    public override int Steps => 1;

    public override (Rotation.State Row, bool Pending)? Take(Rotation.State row, int step, bool pending, DateTimeOffset now) => (row with { IsEnded = true }, pending);
}

/// <summary>Whether answers that came in at once can have come about one after the other, by the pure table.</summary>
internal static class RotationOracle
{
    /// <summary>Every row that some order of the operations' steps leads to, while giving exactly the answers that came back.</summary>
    public static List<Rotation.State> Explain(Rotation.State row, IReadOnlyList<Op> ops, DateTimeOffset now)
    {
        var ends = new List<Rotation.State>();
        Go(row, new int[ops.Count], new bool[ops.Count]);
        return ends;

        void Go(Rotation.State at, int[] done, bool[] pending)
        {
            var finished = true;
            for (var i = 0; i < ops.Count; i++)
            {
                if (done[i] == ops[i].Steps) continue;
                finished = false;
                if (ops[i].Take(at, done[i], pending[i], now) is not { } next) continue;
                var was = pending[i];
                (done[i], pending[i]) = (done[i] + 1, next.Pending);
                Go(next.Row, done, pending);
                (done[i], pending[i]) = (done[i] - 1, was);
            }
            if (finished && !ends.Exists(e => AreSame(e, at))) ends.Add(at);
        }
    }

    public static bool AreSame(Rotation.State a, Rotation.State b) =>
        a with { AttemptHash = null } == b with { AttemptHash = null } && (a.AttemptHash ?? []).AsSpan().SequenceEqual(b.AttemptHash ?? []);
}
