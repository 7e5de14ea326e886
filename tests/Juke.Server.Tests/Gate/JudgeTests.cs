using Juke.Server.Data;
using Juke.Server.Gate;
using Juke.Server.Plumbing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Gate;

/// <summary>The gate's decision, whole.</summary>
public sealed class JudgeTests
{
    [Theory]
    // level, who (guest | required | done), what the gate says (null: pass)
    [InlineData("Anonymous", "guest", null)]
    [InlineData("Anonymous", "required", null)]
    [InlineData("Anonymous", "done", null)]
    [InlineData("SignedIn", "guest", "UNAUTHORIZED")]
    [InlineData("SignedIn", "required", null)]
    [InlineData("SignedIn", "done", null)]
    [InlineData("Onboarded", "guest", "UNAUTHORIZED")]
    [InlineData("Onboarded", "required", "ONBOARDING_REQUIRED")]
    [InlineData("Onboarded", "done", null)]
    public void Every_level_meets_every_caller(string level, string who, string? code) =>
        OnboardingGate.Judge(Enum.Parse<Level>(level), Caller(who, usernameMissing: true))?.Code.ShouldBe(code);

    [Fact]
    public void The_table_is_whole() => Enum.GetValues<Level>().ShouldBe([Level.Onboarded, Level.SignedIn, Level.Anonymous]);

    [Fact]
    public void Closed_is_what_a_level_is_when_nobody_says_anything() => default(Level).ShouldBe(Level.Onboarded);

    [Theory]
    [InlineData(true, new[] { "username" })]
    [InlineData(false, new string[0])]
    public void Missing_names_what_is_still_asked_and_may_be_empty(bool usernameMissing, string[] missing) =>
        OnboardingGate.Judge(Level.Onboarded, Caller("required", usernameMissing))!.Missing.ShouldBe(missing);

    private static CurrentUser? Caller(string who, bool usernameMissing) => who == "guest" ? null : new CurrentUser(
        new Account
        {
            Id = 1,
            State = "active",
            Role = "user",
            HasPassword = true,
            UsernameMissing = usernameMissing,
            OnboardingRequired = who == "required",
            Level = 1,
            DailyStreak = 0,
        },
        new byte[16],
        "app",
        ByBareToken: false);
}
