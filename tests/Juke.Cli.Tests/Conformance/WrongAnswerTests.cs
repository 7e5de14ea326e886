using System.Text;
using System.Text.Json.Nodes;
using Juke.Conformance;

namespace Juke.Cli.Tests.Conformance;

/// <summary>Apps whose side of the channel is wrong: that is said as what it is, and ends the run without an accident.</summary>
public sealed class WrongAnswerTests
{
    [Theory]
    [InlineData("reset", """{"offers": "clock"}""", "offers")]
    [InlineData("report", """{"windows": []}""", "windows")]
    [InlineData("report", """{"windows": {"a": "guest"}}""", "windows.a")]
    [InlineData("report", """{"windows": {"a": {"status": 3}}}""", "windows.a.status")]
    [InlineData("report", """{"windows": {"a": {"status": "gone"}}}""", "windows.a.status")]
    [InlineData("report", """{"windows": {"a": {"status": "guest", "onboardingRequired": "no"}}}""", "windows.a.onboardingRequired")]
    [InlineData("report", """{"windows": {"a": {"status": "guest", "routes": ["show"]}}}""", "windows.a.routes")]
    [InlineData("report", """{"windows": {"a": {"status": "guest", "routes": {"public": true}}}}""", "windows.a.routes.public")]
    [InlineData("report", """{"results": [200]}""", "results")]
    public async Task An_answer_of_the_wrong_kind_is_named(string command, string answer, string member)
    {
        using var small = new SmallApp(Flaw.None);
        await using var channel = await AppChannel.OpenAsync();
        var loop = KitLoop.RunAsync(channel.Url, async c => c["do"]!.GetValue<string>() == command ? JsonNode.Parse(answer)!.AsObject() : await small.HandleAsync(c), TestContext.Current.CancellationToken);
        var kit = new Kit(channel, new KitPatience(TimeSpan.FromSeconds(5)));
        var verdict = await kit.PlayAsync(SessionVectors.BuiltIn.Scenarios[0]);
        verdict.Fault.ShouldBe(AppFault.Unreadable);
        verdict.What.ShouldContain(member + " ");
        verdict.IsKept.ShouldBeFalse();
        await kit.EndAsync();
        await loop;
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"offers": []}""")]
    [InlineData("""{"id": "1"}""")]
    [InlineData("""{"id": 1.5}""")]
    [InlineData("""{"id": 1, "id": 1}""")]
    [InlineData("""{"id": 1, "store": "\ud800"}""")]
    public async Task An_answer_that_cannot_be_read_is_said_at_once_in_one_document(string answer)
    {
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        var (kit, playing) = await KitAtDesk.OpenAsync(desk, "--json");
        using var http = new HttpClient { BaseAddress = kit };
        (await http.GetAsync(new Uri("/kit/next", UriKind.Relative), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        using var body = new StringContent(answer, Encoding.UTF8, "application/json");
        using var reply = await http.PostAsync(new Uri("/kit/done", UriKind.Relative), body, TestContext.Current.CancellationToken);
        reply.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        (await playing).ShouldEndWith(ExitCode.Failed, "APP_UNREADABLE");
    }
}
