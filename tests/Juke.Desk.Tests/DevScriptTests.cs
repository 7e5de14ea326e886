using Shouldly;
using Xunit;

namespace Juke.Desk.Tests;

public sealed class DevScriptTests : IDisposable
{
    private const string Green = """
        xUnit.net v3 Microsoft.Testing.Platform Runner v3.2.2
        Test run summary: Passed! - Juke.Server.Tests.dll (net10.0|x64)
          total: 5
          failed: 0
          succeeded: 4
          skipped: 1
          duration: 1s 200ms
        """;

    private const string Red = """
        failed Juke.A_thing (3ms)
          Test run summary: said by a test
          failed: 77
        Test run summary: Failed! - Juke.Web.Tests.dll (net10.0|x64)
          total: 5
          failed: 2
          succeeded: 3
          skipped: 0
        """;

    private const string Empty = """
        Test run summary: Zero tests ran - Juke.House.Tests.dll (net10.0|x64)
          total: 0
          failed: 0
          succeeded: 0
          skipped: 0
        """;

    private static readonly string Dev = Path.Combine(Root(), "dev");
    private readonly TemporaryFolder logs = new();

    public void Dispose() => logs.Dispose();

    [Fact]
    public void The_terminal_client_speaks_to_the_stand_ins_by_their_own_ids()
    {
        var dev = File.ReadAllText(Dev);
        foreach (var word in new[] { Juke.Desk.Spotify.SpotifyStandIn.ClientId, Juke.Desk.Google.GoogleStandIn.WebClientId, Juke.Desk.Google.GoogleStandIn.ClientSecret }) dev.ShouldContain(":-" + word + "}");
    }

    [Fact]
    public async Task Help_lists_every_verb()
    {
        var help = await Tool.RunAsync([Dev, "help"], CancellationToken.None);
        help.ExitCode.ShouldBe(0);
        foreach (var verb in (string[])["up", "juke", "test", "bench", "schema", "contract", "ci", "help"]) help.Output.ShouldContain($"./dev {verb} ");
    }

    [Fact]
    public async Task An_unknown_verb_is_an_error_with_the_list()
    {
        var answer = await Tool.RunAsync([Dev, "dance"], CancellationToken.None);
        answer.ExitCode.ShouldBe(1);
        answer.Errors.ShouldContain("./dev test");
    }

    [Fact]
    public Task Suites_that_are_well_add_up() => SumsTo(0, "8 passed, 0 failed, 2 skipped", (Green, 0), (Green, 0));

    [Fact]
    public Task A_failed_test_fails_the_run() => SumsTo(1, "7 passed, 2 failed, 1 skipped", (Green, 0), (Red, 2));

    [Fact]
    public Task A_crash_counts_as_a_failure_whatever_came_before() => SumsTo(1, "4 passed, 1 failed, 1 skipped", ("Unhandled exception.", 134), (Green, 0));

    [Fact]
    public Task A_suite_that_says_it_is_well_but_exits_badly_has_failed() => SumsTo(1, "4 passed, 1 failed, 1 skipped", (Green, 3));

    [Fact]
    public Task A_suite_without_tests_has_failed() => SumsTo(1, "4 passed, 1 failed, 1 skipped", (Green, 0), (Empty, 8));

    [Fact]
    public Task No_suite_at_all_has_failed() => SumsTo(1, "0 passed, 1 failed, 0 skipped");

    private async Task SumsTo(int exitCode, string line, params (string Output, int ExitCode)[] suites)
    {
        foreach (var (suite, index) in suites.Select((suite, index) => (suite, index)))
        {
            await File.WriteAllTextAsync(logs[$"{index}.log"], suite.Output + "\n");
            await File.WriteAllTextAsync(logs[$"{index}.exit"], $"{suite.ExitCode}\n");
        }

        var answer = await Tool.RunAsync([Dev, "sum", logs.Path], CancellationToken.None);
        answer.Output.ShouldBe(line + "\n");
        answer.ExitCode.ShouldBe(exitCode);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Juke.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}
