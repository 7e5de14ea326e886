using Juke.Conformance;

namespace Juke.Client.Tests;

/// <summary>contract/vectors/routes.json: the one routing table of every client.</summary>
public sealed class RouteVectorTests
{
    public static TheoryData<string, bool, string, string> Rows { get; } =
        new(SessionVectors.Routes.Select(r => (r.Status, r.OnboardingRequired, r.Route, r.Then)));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Decides_as_the_table(string status, bool onboardingRequired, string route, string then) =>
        KitApp.Then(RouteDecision.Decide(Enum.Parse<SessionStatus>(status, ignoreCase: true), onboardingRequired, Enum.Parse<RouteKind>(route, ignoreCase: true))).ShouldBe(then);

    [Fact]
    public void The_table_has_every_status_and_every_kind_of_screen_once() =>
        SessionVectors.Routes.Select(r => (r.Status, r.OnboardingRequired, r.Route)).Order().ShouldBe(
            from status in Enum.GetNames<SessionStatus>()
            from required in new[] { false, true }
            from route in Enum.GetNames<RouteKind>()
            orderby KitApp.Camel(status), required, KitApp.Camel(route)
            select (KitApp.Camel(status), required, KitApp.Camel(route)));

    [Fact]
    public void While_loading_nothing_redirects() =>
        SessionVectors.Routes.Where(r => r.Status == "loading").ShouldAllBe(r => r.Then == "show" || r.Then == "wait");
}
