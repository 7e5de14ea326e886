using Juke.Server.Sessions;
using Shouldly;
using Xunit;
using Verdict = Juke.Server.Sessions.Rotation.Verdict;

namespace Juke.Server.Tests.Sessions;

/// <summary>The rotation table of contract §5, row by row, each row at its edge.</summary>
public sealed class RotationTableTests
{
    private static readonly DateTimeOffset Issued = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Late = TimeSpan.FromHours(1);
    private static readonly byte[] Mine = [1, 2, 3];
    private static readonly byte[] Theirs = [1, 2, 4];

    /// <summary>Generation 5, made with no attempt, not confirmed.</summary>
    private static readonly Rotation.State Row = new(
        Gen: 5, Issued, Confirmed: false, AttemptHash: null, IdleEndsAt: Issued.AddDays(30), AbsoluteEndsAt: Issued.AddDays(90), IsEnded: false);

    public static TheoryData<int> AnyGeneration => [1, 3, 4, 5, 6, int.MaxValue];

    [Theory]
    [MemberData(nameof(AnyGeneration))]
    public void A_an_ended_session_stays_ended_whatever_is_presented(int presented)
    {
        Decide(Row with { IsEnded = true }, presented).ShouldBe(Verdict.Ended);
        Decide(Row with { IsEnded = true }, presented, after: TimeSpan.FromDays(365)).ShouldBe(Verdict.Ended, "(a) comes before (b)");
    }

    [Theory]
    [MemberData(nameof(AnyGeneration))]
    public void B_at_the_idle_end_and_later_nothing_is_good_and_nothing_is_an_alarm(int presented)
    {
        Decide(Row, presented, after: TimeSpan.FromDays(30)).ShouldBe(Verdict.Expired);
        Decide(Row, presented, after: TimeSpan.FromDays(400)).ShouldBe(Verdict.Expired);
        Decide(Row, presented, after: TimeSpan.FromDays(30) - Tick).ShouldNotBe(Verdict.Expired);
    }

    [Theory]
    [MemberData(nameof(AnyGeneration))]
    public void B_the_absolute_end_ends_it_even_while_it_is_not_idle(int presented)
    {
        var row = Row with { AbsoluteEndsAt = Issued.AddSeconds(5) };
        Decide(row, presented, after: TimeSpan.FromSeconds(5)).ShouldBe(Verdict.Expired);
        Decide(row, presented, after: TimeSpan.FromSeconds(5) - Tick).ShouldNotBe(Verdict.Expired);
    }

    [Fact]
    public void C_the_current_token_advances_until_the_last_tick_of_the_session_with_whatever_attempt()
    {
        foreach (var confirmed in (bool[])[false, true])
            foreach (var stored in (byte[]?[])[null, Mine])
                foreach (var sent in (byte[]?[])[null, Mine, Theirs])
                    foreach (var after in (TimeSpan[])[TimeSpan.Zero, Rotation.Grace, Late, TimeSpan.FromDays(30) - Tick])
                        Decide(Row with { Confirmed = confirmed, AttemptHash = stored }, 5, sent, after).ShouldBe(Verdict.Advance);
    }

    [Fact]
    public void D_the_parent_is_answered_for_ten_seconds_even_when_confirmed_and_with_another_attempt()
    {
        Rotation.Grace.ShouldBe(TimeSpan.FromSeconds(10));
        foreach (var after in (TimeSpan[])[TimeSpan.Zero, Rotation.Grace - Tick, Rotation.Grace])
        {
            Decide(Row with { Confirmed = true, AttemptHash = Mine }, 4, Theirs, after).ShouldBe(Verdict.Repeat);
            Decide(Row with { Confirmed = true, AttemptHash = Mine }, 4, null, after).ShouldBe(Verdict.Repeat);
        }
        Decide(Row with { Confirmed = true, AttemptHash = Mine }, 4, Mine, Rotation.Grace + Tick).ShouldBe(Verdict.Reuse);
        Decide(Row with { AttemptHash = Mine }, 4, Theirs, Rotation.Grace + Tick).ShouldBe(Verdict.Reuse);
    }

    [Fact]
    public void D_the_grace_is_for_the_parent_only_not_for_older_tokens()
    {
        foreach (var presented in (int[])[0, 1, 3, -1, int.MinValue])
            Decide(Row, presented).ShouldBe(Verdict.Reuse);
    }

    [Fact]
    public void E_a_lost_reply_is_repeated_however_late_to_who_made_the_generation()
    {
        foreach (var after in (TimeSpan[])[Rotation.Grace + Tick, Late, TimeSpan.FromDays(30) - Tick])
        {
            Decide(Row with { AttemptHash = Mine }, 4, Mine, after).ShouldBe(Verdict.Repeat);
            Decide(Row with { AttemptHash = null }, 4, null, after).ShouldBe(Verdict.Repeat);
        }
    }

    [Fact]
    public void E_ends_with_the_confirmation()
    {
        Decide(Row with { AttemptHash = Mine, Confirmed = true }, 4, Mine, Late).ShouldBe(Verdict.Reuse);
        Decide(Row with { AttemptHash = null, Confirmed = true }, 4, null, Late).ShouldBe(Verdict.Reuse);
    }

    [Fact]
    public void E_is_closed_to_everybody_else()
    {
        Decide(Row with { AttemptHash = Mine }, 4, Theirs, Late).ShouldBe(Verdict.Reuse);
        Decide(Row with { AttemptHash = Mine }, 4, null, Late).ShouldBe(Verdict.Reuse);
        Decide(Row with { AttemptHash = Mine }, 4, [.. Mine, 0], Late).ShouldBe(Verdict.Reuse);
        Decide(Row with { AttemptHash = Mine }, 3, Mine, Late).ShouldBe(Verdict.Reuse, "only the parent");
    }

    [Fact]
    public void E_a_generation_made_without_an_attempt_is_not_for_who_sends_one()
    {
        // Who sends attempts did not make it: a thief who came first and sent none did.
        Decide(Row with { AttemptHash = null }, 4, Mine, Late).ShouldBe(Verdict.Reuse);
        Decide(Row with { AttemptHash = null }, 4, Mine, Rotation.Grace).ShouldBe(Verdict.Repeat, "(d) comes before (e)");
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void F_a_generation_that_was_never_made_here_is_unknown_also_within_the_grace(int presented)
    {
        Decide(Row, presented).ShouldBe(Verdict.Unknown);
        Decide(Row with { Confirmed = true, AttemptHash = Mine }, presented, Mine, Late).ShouldBe(Verdict.Unknown);
    }

    [Fact]
    public void G_everything_else_is_reuse()
    {
        foreach (var confirmed in (bool[])[false, true])
            foreach (var presented in (int[])[1, 2, 3])
                Decide(Row with { Confirmed = confirmed }, presented, null, Late).ShouldBe(Verdict.Reuse);
    }

    [Fact]
    public void The_first_generation_has_no_parent()
    {
        var first = Row with { Gen = 1 };
        Decide(first, 1).ShouldBe(Verdict.Advance);
        // No token with generation 0 is ever made, and the MAC says so; the table would treat it as any parent.
        Decide(first with { Confirmed = true }, 0, null, Late).ShouldBe(Verdict.Reuse);
    }

    private static Verdict Decide(Rotation.State state, int presented, byte[]? attempt = null, TimeSpan after = default) =>
        Rotation.Decide(state, presented, attempt, Issued + after);
}
