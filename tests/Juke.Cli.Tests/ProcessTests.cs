using Juke.Desk.Spotify;

namespace Juke.Cli.Tests;

/// <summary>What only processes can show: pipes, two at once on one sign-in, a browser program, the packed tool.</summary>
public sealed class ProcessTests(Doors doors) : IClassFixture<Doors>
{
    [Fact]
    public async Task In_a_pipe_there_is_no_colour_and_no_question()
    {
        using var desk = new Desk(doors.Server.Url);
        var email = TestClient.NewEmail();
        (await JukeProcess.RunAsync(desk, TestClient.Password + "\n", "register", "--email", email, "--password-stdin")).ShouldSucceed();
        var who = (await JukeProcess.RunAsync(desk, "", "whoami")).ShouldSucceed();
        who.Out.ShouldContain(email);
        who.Out.ShouldNotContain('\u001b');
        (await JukeProcess.RunAsync(desk, "", "logout")).ShouldSucceed();
        (await JukeProcess.RunAsync(desk, "", "whoami")).ShouldEndWith(ExitCode.NotSignedIn).Error.ShouldContain("juke login");
        (await JukeProcess.RunAsync(desk, "", "login")).ShouldEndWith(ExitCode.WrongWords).Error.ShouldContain("--email");
    }

    [Fact(Timeout = 300_000)]
    public async Task Ctrl_C_at_a_question_is_130_gives_the_cursor_back_and_keeps_what_was_answered()
    {
        using var desk = new Desk(doors.Server.Url);
        await desk.RegisteredAsync();
        (await desk.RunAsync("onboarding", "--set", "favorite_genres=jazz")).ShouldSucceed();
        // The menu hides the cursor; the artist's is the first question after the name.
        var said = await JukeProcess.SitAsync(desk, [("Name:", TestClient.NewName() + "\r"), ("Search", "\r"), ("Skip the rest", "\u0003")], "onboarding");
        said.ShouldEndWith(ExitCode.Cancelled).Out.ShouldContain("Stopped.");
        said.Out.LastIndexOf("\u001b[?25h", StringComparison.Ordinal).ShouldBeGreaterThan(said.Out.LastIndexOf("\u001b[?25l", StringComparison.Ordinal));
        (await desk.RunAsync("onboarding", "--show", "--json")).ShouldSucceed().Json["answered"]!.ToJsonString().ShouldBe("""["genres"]""");
    }

    [Fact(Timeout = 300_000)]
    public async Task Ctrl_C_in_a_scenario_is_130_and_does_not_wait_for_its_end()
    {
        using var desk = new Desk(doors.Server.Url);
        var app = Path.Combine(desk.Home, "app.mjs");
        // It takes the first command and never answers.
        await File.WriteAllTextAsync(app, "console.log(await (await fetch(process.env.JUKE_KIT + '/kit/next')).text()); setTimeout(() => {}, 300000);", TestContext.Current.CancellationToken);
        var said = await JukeProcess.SitAsync(desk, [("\"reset\"", "\u0003")], "conformance", "--port", "0", "--", Conformance.NodeProgram.Find(), app);
        said.ShouldEndWith(ExitCode.Cancelled).Out.ShouldContain("Stopped.");
    }

    [Fact]
    public async Task Many_at_once_share_one_sign_in()
    {
        using var desk = new Desk(doors.Server.Url);
        var email = await desk.RegisteredAsync();
        var all = await Task.WhenAll(Enumerable.Range(0, Soak.Count(4, 40)).Select(_ => JukeProcess.RunAsync(desk, "", "whoami", "--json")));
        foreach (var said in all) said.ShouldSucceed().Json["email"]!.GetValue<string>().ShouldBe(email);
        (await desk.RunAsync("whoami")).ShouldSucceed();
    }

    [Fact]
    public async Task The_browser_that_the_environment_names_gets_the_address()
    {
        var person = doors.Spotify.Add(new SpotifyPerson { DisplayName = "Nia Okafor" });
        using var desk = doors.NewDesk(person.Key);
        var seen = Path.Combine(desk.Home, "address");
        var browser = Path.Combine(desk.Home, "browser");
        await File.WriteAllTextAsync(browser, $"#!/bin/sh\nprintf '%s' \"$1\" > '{seen}.part' && mv '{seen}.part' '{seen}'\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(browser, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        desk.Variables["BROWSER"] = browser;
        var login = JukeProcess.RunAsync(desk, "", "login", "--spotify", "--json");
        while (!File.Exists(seen) && !login.IsCompleted) await Task.Delay(20, TestContext.Current.CancellationToken);
        if (File.Exists(seen)) await Doors.VisitAsync(new Uri(await File.ReadAllTextAsync(seen, TestContext.Current.CancellationToken)), person.Key);
        (await login).ShouldSucceed().Json["onboardingRequired"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task It_packs_as_a_tool_that_can_be_installed_without_a_network()
    {
        using var desk = new Desk(doors.Server.Url);
        var (feed, tools) = (Path.Combine(desk.Home, "feed"), Path.Combine(desk.Home, "tools"));
        desk.Variables.Remove("HOME"); // The SDK's own folders stay where they are,
        desk.Variables["TMPDIR"] = desk.Home; // and what it leaves behind goes with the desk.
        desk.Variables["MSBUILDDISABLENODEREUSE"] = "1";
        await DotnetAsync("pack", Path.Combine(Repository.Root, "src", "Juke.Cli"), "--no-build", "-c", "Release", "-o", feed);
        await DotnetAsync("tool", "install", "Juke.Cli", "--tool-path", tools, "--source", feed);
        var said = await JukeProcess.RunAsync(desk, "", Path.Combine(tools, "juke"), ["conformance", "--list", "--json"]);
        said.ShouldSucceed().Json["rules"]!.AsObject().Count.ShouldBe(10);

        async Task DotnetAsync(params string[] words) => (await JukeProcess.RunAsync(desk, "", "dotnet", words)).ShouldSucceed();
    }
}
