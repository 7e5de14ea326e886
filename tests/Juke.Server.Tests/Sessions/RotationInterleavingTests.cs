using System.Diagnostics;
using Juke.Server.Sessions;
using Juke.Testing;
using Shouldly;
using Xunit;
using static Juke.Server.Tests.Sessions.Invariants;
using Verdict = Juke.Server.Sessions.Rotation.Verdict;

namespace Juke.Server.Tests.Sessions;

/// <summary>Every interleaving of what can happen to one session, against the pure table (contract §5).</summary>
public sealed class RotationInterleavingTests(ITestOutputHelper output)
{
    private static readonly Letter[] Letters = Enum.GetValues<Letter>();

    private static int Depth => Soak.Count(8, 9);

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Every_interleaving_keeps_every_invariant(bool ownerSendsAttempts, bool thiefSendsAttempt)
    {
        var started = Stopwatch.GetTimestamp();
        var search = new Search(new Play(ownerSendsAttempts, thiefSendsAttempt)).Run(Depth);
        output.WriteLine($"{search.Words:n0} interleavings of up to {Depth} steps in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s (owner sends attempts: {ownerSendsAttempts}, thief: {thiefSendsAttempt})");
        search.Broken.ShouldBeEmpty();
        search.Words.ShouldBeGreaterThan(10_000_000);
    }

    [Fact]
    public void Without_attempts_on_either_side_a_silent_thief_is_not_told_from_a_lost_reply_and_that_is_all()
    {
        var search = new Search(new Play(OwnerSendsAttempts: false, ThiefSendsAttempt: false)).Run(Depth);
        output.WriteLine($"{search.Words:n0} interleavings; {string.Join("; ", search.Broken.Select(b => $"{b.Key} {b.Value}"))}");
        search.Broken.Keys.ShouldBe([LateOnlyToItsMaker]);
    }

    /// <summary>The residual of shipped apps, spelled out (docs/decisions/0005).</summary>
    [Fact]
    public void Without_attempts_thief_and_owner_can_go_on_side_by_side_while_the_second_comes_before_the_first_has_used_it()
    {
        var play = new Play(OwnerSendsAttempts: false, ThiefSendsAttempt: false);
        Letter[] silentThief =
        [
            Letter.ThiefCopies, Letter.ThiefRefreshes, Letter.ElevenSeconds, Letter.Refresh, Letter.Use, Letter.ThiefUses,
            Letter.ElevenSeconds, Letter.ThiefRefreshes, Letter.ElevenSeconds, Letter.Refresh, Letter.Use, Letter.ThiefUses,
        ];
        Tell(play, silentThief).ShouldBe([LateOnlyToItsMaker, LateOnlyToItsMaker]);
        // The same the other way round: the owner's reply was lost, or his app was closed before it used it, and the thief comes later.
        Letter[] laterThief = [Letter.ThiefCopies, Letter.RefreshLost, Letter.ElevenSeconds, Letter.ThiefRefreshes];
        Tell(play, laterThief).ShouldBe([LateOnlyToItsMaker]);
        // One request of the thief before the owner comes, and he is found.
        Tell(play, Letter.ThiefCopies, Letter.ThiefRefreshes, Letter.ThiefUses, Letter.ElevenSeconds, Letter.Refresh).ShouldBeEmpty();
        // With attempts the same thief is found at the owner's next refresh, silent or not.
        foreach (var thiefSends in (bool[])[false, true])
        {
            Tell(new Play(OwnerSendsAttempts: true, thiefSends), silentThief).ShouldBeEmpty();
            Tell(new Play(OwnerSendsAttempts: true, thiefSends), laterThief).ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_client_can_lock_itself_out_only_with_two_tabs_that_do_not_take_turns()
    {
        // Why a client refreshes once at a time for all its tabs, and reads its store right before it sends.
        var play = new Play(OwnerSendsAttempts: true, ThiefSendsAttempt: true, Careless: true);
        var search = new Search(play).Run(6);
        search.Broken.Keys.ShouldBe([OwnerIsNeverLockedOut]);
        search.FirstWords.ShouldAllBe(word => word.Contains(Letter.TabSends));

        // The second tab's request lies around past the grace.
        Tell(play, Letter.TabReads, Letter.Refresh, Letter.Use, Letter.ElevenSeconds, Letter.TabSends).ShouldBe([OwnerIsNeverLockedOut]);
        // Two refreshes overtake the second tab's.
        Tell(play, Letter.TabReads, Letter.Refresh, Letter.Refresh, Letter.TabSends).ShouldBe([OwnerIsNeverLockedOut]);
        // A reply was lost, both tabs ask again much later, and the first uses the answer before the second has asked.
        Tell(play, Letter.RefreshLost, Letter.ElevenSeconds, Letter.TabReads, Letter.Refresh, Letter.Use, Letter.TabSends).ShouldBe([OwnerIsNeverLockedOut]);
        // … before it has used it, both get the same.
        Tell(play, Letter.RefreshLost, Letter.ElevenSeconds, Letter.TabReads, Letter.Refresh, Letter.TabSends, Letter.Use).ShouldBeEmpty();
    }

    public static TheoryData<string> Mutants => [.. MutantTables.Keys, .. MutantWrites.Keys];

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_table_with_one_rule_changed_breaks_an_invariant(string mutant)
    {
        foreach (var ownerSends in (bool[])[true, false])
            foreach (var thiefSends in (bool[])[true, false])
            {
                if (!ownerSends && !thiefSends) continue; // Where an invariant is known not to hold.
                var play = new Play(ownerSends, thiefSends);
                if (MutantTables.TryGetValue(mutant, out var decide)) play = play with { Decide = decide };
                if (MutantWrites.TryGetValue(mutant, out var apply)) play = play with { Apply = apply };
                for (var depth = 1; depth <= 7; depth++)
                {
                    var search = new Search(play, stopAtFirst: true).Run(depth);
                    if (search.Broken.Count == 0) continue;
                    output.WriteLine($"{mutant}: {string.Join(", ", search.FirstWords[0])} → {search.Broken.Keys.Single()}");
                    return;
                }
            }
        Assert.Fail($"No interleaving tells this table from ours: {mutant}");
    }

    private static readonly Dictionary<string, Decide> MutantTables = new(StringComparer.Ordinal)
    {
        ["(a) an ended session is looked at like any other"] = (row, k, a, now) => Rotation.Decide(row with { IsEnded = false }, k, a, now),
        ["(b) ends are not looked at"] = (row, k, a, now) => Rotation.Decide(row with { IdleEndsAt = DateTimeOffset.MaxValue, AbsoluteEndsAt = DateTimeOffset.MaxValue }, k, a, now),
        ["(c) the current token is spent already"] = (row, k, a, now) => Instead(Rotation.Decide(row, k, a, now), Verdict.Advance, Verdict.Reuse),
        ["(c) the current token is answered but makes nothing"] = (row, k, a, now) => Instead(Rotation.Decide(row, k, a, now), Verdict.Advance, Verdict.Repeat),
        ["(c) the parent advances too"] = (row, k, a, now) => k == row.Gen - 1 ? Instead(Rotation.Decide(row, k, a, now), Verdict.Repeat, Verdict.Advance) : Rotation.Decide(row, k, a, now),
        ["(d) no grace"] = (row, k, a, now) => WithGrace(TimeSpan.FromTicks(-1), row, k, a, now),
        ["(d) a grace one second short"] = (row, k, a, now) => WithGrace(TimeSpan.FromSeconds(9), row, k, a, now),
        ["(d) a grace that ends a tick early"] = (row, k, a, now) => WithGrace(Rotation.Grace - TimeSpan.FromTicks(1), row, k, a, now),
        ["(d) a grace one second long too many"] = (row, k, a, now) => WithGrace(TimeSpan.FromSeconds(11), row, k, a, now),
        ["(d) the grace covers the grandparent"] = (row, k, a, now) => k == row.Gen - 2 && !row.IsEnded && now < row.IdleEndsAt && now - row.IssuedAt <= Rotation.Grace ? Verdict.Repeat : Rotation.Decide(row, k, a, now),
        ["(e) no late repeat"] = (row, k, a, now) => Rotation.Decide(row with { Confirmed = true }, k, a, now),
        ["(e) confirmed or not"] = (row, k, a, now) => Rotation.Decide(row with { Confirmed = false }, k, a, now),
        ["(e) whatever the attempt"] = (row, k, _, now) => Rotation.Decide(row, k, row.AttemptHash, now),
        ["(e) made without an attempt is for everybody, as the contract's first text had it"] = (row, k, a, now) => Rotation.Decide(row, k, row.AttemptHash is null ? null : a, now),
        ["(e) only with an attempt"] = (row, k, a, now) => row.AttemptHash is null ? Rotation.Decide(row with { Confirmed = true }, k, a, now) : Rotation.Decide(row, k, a, now),
        ["(e) the grandparent too"] = (row, k, a, now) => k == row.Gen - 2 && !row.Confirmed ? Rotation.Decide(row, k + 1, a, now) : Rotation.Decide(row, k, a, now),
        ["(f) refused, but the session goes on"] = (row, k, a, now) => Instead(Rotation.Decide(row, k, a, now), Verdict.Unknown, Verdict.Ended),
        ["(f) what is above the row advances"] = (row, k, a, now) => Instead(Rotation.Decide(row, k, a, now), Verdict.Unknown, Verdict.Advance),
        ["(g) refused, but the session goes on"] = (row, k, a, now) => Instead(Rotation.Decide(row, k, a, now), Verdict.Reuse, Verdict.Ended),
        ["(g) reuse is answered"] = (row, k, a, now) => Instead(Rotation.Decide(row, k, a, now), Verdict.Reuse, Verdict.Repeat),
    };

    private static readonly Dictionary<string, Apply> MutantWrites = new(StringComparer.Ordinal)
    {
        ["a repeat renews the grace"] = (row, v, a, now) => v == Verdict.Repeat ? row with { IssuedAt = now } : RotationWorld.ApplyVerdict(row, v, a, now),
        ["a repeat moves the idle end"] = (row, v, a, now) => v == Verdict.Repeat ? row with { IdleEndsAt = now.AddDays(30) } : RotationWorld.ApplyVerdict(row, v, a, now),
        ["a new generation is born confirmed"] = (row, v, a, now) => v == Verdict.Advance ? RotationWorld.ApplyVerdict(row, v, a, now) with { Confirmed = true } : RotationWorld.ApplyVerdict(row, v, a, now),
        ["a new generation keeps the old attempt"] = (row, v, a, now) => RotationWorld.ApplyVerdict(row, v, row.AttemptHash, now),
        ["a new generation moves the absolute end"] = (row, v, a, now) => v == Verdict.Advance ? RotationWorld.ApplyVerdict(row, v, a, now) with { AbsoluteEndsAt = now.AddDays(90) } : RotationWorld.ApplyVerdict(row, v, a, now),
        ["reuse does not end the session"] = (row, v, a, now) => v == Verdict.Reuse ? row : RotationWorld.ApplyVerdict(row, v, a, now),
    };

    private static Verdict Instead(Verdict verdict, Verdict of, Verdict other) => verdict == of ? other : verdict;

    /// <summary>The table with another grace: its clock is set so that ours falls where the other one would.</summary>
    private static Verdict WithGrace(TimeSpan grace, Rotation.State row, int k, byte[]? a, DateTimeOffset now)
    {
        var age = now - row.IssuedAt;
        return Rotation.Decide(row with { IssuedAt = age <= grace ? now : now - Rotation.Grace - TimeSpan.FromTicks(1) }, k, a, now);
    }

    private static List<string> Tell(Play play, params Letter[] word)
    {
        var world = RotationWorld.Begin();
        var broken = new List<string>();
        foreach (var letter in word)
        {
            world.Can(letter, play).ShouldBeTrue($"{letter}");
            if (world.Do(letter, play) is { } invariant) broken.Add(invariant);
        }
        return broken;
    }

    /// <summary>Depth first through all words; a broken invariant ends its branch.</summary>
    private sealed class Search(Play play, bool stopAtFirst = false)
    {
        private readonly Stack<Letter> word = new();

        public long Words { get; private set; }

        public Dictionary<string, long> Broken { get; } = new(StringComparer.Ordinal);

        /// <summary>A few of the words that broke something.</summary>
        public List<Letter[]> FirstWords { get; } = [];

        public Search Run(int depth)
        {
            Go(RotationWorld.Begin(), depth);
            return this;
        }

        private void Go(RotationWorld world, int depth)
        {
            foreach (var letter in Letters)
            {
                if (!world.Can(letter, play)) continue;
                Words++;
                word.Push(letter);
                var next = world;
                if (next.Do(letter, play) is { } invariant) Note(invariant);
                else if (depth > 1) Go(next, depth - 1);
                word.Pop();
                if (stopAtFirst && FirstWords.Count > 0) return;
            }
        }

        private void Note(string invariant)
        {
            Broken[invariant] = Broken.GetValueOrDefault(invariant) + 1;
            if (FirstWords.Count < 1000) FirstWords.Add([.. word.Reverse()]);
        }
    }
}
