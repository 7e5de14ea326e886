using System.Text.Json.Nodes;
using Juke.Client;
using Juke.Client.Tests;
using Juke.Conformance;

namespace Juke.Cli.Tests.Conformance;

/// <summary><c>juke conformance</c> against the SDK and a small client by hand, and what is said to people.</summary>
public sealed class ConformanceTests
{
    [Fact]
    public async Task The_SDK_keeps_every_rule()
    {
        await using var app = new KitApp(() => new MemoryTokenStore());
        var report = (await KitAtDesk.PlayAsync(app.HandleAsync, 10)).ShouldSucceed().Json;
        report["conforms"]!.GetValue<bool>().ShouldBeTrue();
        report["rules"]!.AsArray().ShouldAllBe(r => r!["state"]!.GetValue<string>() == "kept");
        report["scenarios"]!.AsArray().Select(s => s!["state"]!.GetValue<string>()).Distinct().ShouldBe(["kept"]);
    }

    [Fact]
    public async Task A_small_client_without_flaw_conforms_and_what_it_does_not_offer_is_said()
    {
        using var app = new SmallApp(Flaw.None);
        var report = (await KitAtDesk.PlayAsync(app.HandleAsync, 5)).Json;
        KitAtDesk.States(report, "broken").ShouldBeEmpty();
        report["conforms"]!.GetValue<bool>().ShouldBeTrue("advice that is not followed breaks nothing");
        KitAtDesk.States(report, "advice not followed").Count().ShouldBe(2);
        report["scenarios"]!.AsArray().Where(s => s!["state"]!.GetValue<string>() == "not played").Select(s => s!["missing"]!.GetValue<string>()).Distinct().Order()
            .ShouldBe(["windows"]);
    }

    [Theory]
    [InlineData("The refresh works and /auth/me does not")]
    [InlineData("A 200 that is not the answer is no answer")]
    public async Task A_start_that_begins_anew_breaks_nothing(string scenario)
    {
        using var app = new SmallApp(Flaw.BeginsItsStartAnew);
        (await KitAtDesk.PlayAsync(app.HandleAsync, 5, "--only", scenario)).ShouldSucceed();
    }

    [Fact]
    public async Task Where_nothing_was_played_nothing_is_proved()
    {
        using var app = new SmallApp(Flaw.None);
        var said = (await KitAtDesk.PlayAsync(app.HandleAsync, 5, "--only", "Two windows")).ShouldEndWith(ExitCode.Failed);
        said.Json["conforms"]!.GetValue<bool>().ShouldBeFalse();
        said.Json["rules"]!.AsArray().ShouldAllBe(r => r!["state"]!.GetValue<string>() == "not tried");
    }

    [Fact]
    public async Task For_people_it_says_what_was_done_instead()
    {
        using var app = new SmallApp(Flaw.RefreshesTwice);
        var said = await KitAtDesk.PlayAsync(app.HandleAsync, 2, isJson: false, "--only", "Five 401 at once");
        said.ExitCode.ShouldBe(ExitCode.Failed);
        said.Out.ShouldContain("✗  R3  Five 401 at once are one refresh");
        said.Out.ShouldContain("POST /auth/refresh came, and nothing asks for it");
        said.Out.ShouldContain("broken  R3");
        said.Out.ShouldEndWith("0 kept, 1 broken, 0 not played\n");
    }

    [Fact]
    public async Task An_app_that_is_stuck_in_a_call_that_nobody_expects_is_told_which()
    {
        using var app = new SmallApp(Flaw.TakesEvery403ForTheGate);
        var said = await KitAtDesk.PlayAsync(app.HandleAsync, 1, "--only", "A 403 that is not the gate's");
        said.Json["scenarios"]![0]!["what"]!.GetValue<string>().ShouldBe("the app's call a has not ended; GET /auth/me came meanwhile, and nothing asks for it");
    }

    [Fact]
    public async Task An_app_that_stops_answering_is_said_once_and_not_waited_for_again()
    {
        var left = 3;
        var silent = new TaskCompletionSource<JsonObject>();
        using var app = new SmallApp(Flaw.None);
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        var (kit, playing) = await KitAtDesk.OpenAsync(desk, "--patience", "0.5", "--json");
        _ = KitAtDesk.FollowAsync(kit, command => left-- > 0 ? app.HandleAsync(command) : silent.Task, playing);
        (await playing).ShouldEndWith(ExitCode.Failed, "APP_SILENT").Json["error"]!["message"]!.GetValue<string>().ShouldContain("did not answer the command");
        silent.SetResult([]);
    }

    [Fact]
    public async Task The_scenarios_can_be_listed_without_an_app()
    {
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        var list = (await desk.RunAsync("conformance", "--list", "--json")).ShouldSucceed().Json;
        list["rules"]!.AsObject().Count.ShouldBe(10);
        list["scenarios"]!.AsArray().Count.ShouldBe(SessionVectors.BuiltIn.Scenarios.Count);
        (await desk.RunAsync("conformance", "--port", "0", "--wait", "0.2", "--json")).ShouldEndWith(ExitCode.Failed, "NO_APP");
    }

    [Theory]
    [InlineData("--only", "no such thing")]
    [InlineData("--patience", "-1")]
    [InlineData("--patience", "NaN")]
    [InlineData("--patience", "1e300")]
    [InlineData("--wait", "-5")]
    [InlineData("--wait", "0")]
    [InlineData("--port", "70000")]
    [InlineData("--port", "-1")]
    public async Task Words_that_cannot_be_are_exit_code_2_and_not_a_broken_rule(string option, string value)
    {
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        (await desk.RunAsync("conformance", "--json", option, value)).ShouldEndWith(ExitCode.WrongWords, "WRONG_WORDS").Json["error"]!["message"]!.GetValue<string>().ShouldStartWith(option);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_exit_code_2()
    {
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        await using var other = await AppChannel.OpenAsync();
        (await desk.RunAsync("conformance", "--json", "--port", $"{other.Url.Port}")).ShouldEndWith(ExitCode.WrongWords, "WRONG_WORDS");
    }
}
