namespace Juke.Cli.Tests.Verbs;

/// <summary>register, login, whoami, logout: as a person and as a script.</summary>
public sealed class SignInTests(OneServer one) : IClassFixture<OneServer>
{
    [Fact]
    public async Task Registering_signs_in_and_says_that_onboarding_comes_first()
    {
        using var desk = new Desk(one.Server.Url);
        var email = TestClient.NewEmail();
        var said = (await desk.PipeAsync(TestClient.Password + "\n", "register", "--email", email, "--password-stdin")).ShouldSucceed();
        said.Out.ShouldBe($"Signed in as {email}.\n");
        said.Error.ShouldContain("juke onboarding");
        (await desk.RunAsync("whoami")).ShouldSucceed().Out.ShouldContain("not done: juke onboarding");
    }

    [Fact]
    public async Task Whoami_as_JSON_is_the_answer_of_auth_me()
    {
        using var desk = new Desk(one.Server.Url);
        var email = await desk.RegisteredAsync();
        var user = (await desk.RunAsync("whoami", "--json")).ShouldSucceed().Json.AsObject();
        user.Select(m => m.Key).ShouldBe(["id", "email", "username", "name", "image", "role", "onboardingRequired", "hasPassword"]);
        user["email"]!.GetValue<string>().ShouldBe(email);
        user["onboardingRequired"]!.GetValue<bool>().ShouldBeTrue();
        user["username"].ShouldBeNull();
    }

    [Fact]
    public async Task Login_asks_for_address_and_password_and_does_not_show_the_password()
    {
        using var desk = new Desk(one.Server.Url);
        var email = await desk.RegisteredAsync();
        (await desk.RunAsync("logout")).ShouldSucceed().Out.ShouldBe("Signed out.\n");
        var said = (await desk.SitAsync([.. Keys.Line(email), .. Keys.Line(TestClient.Password)], "login")).ShouldSucceed();
        said.Out.ShouldContain($"Signed in as {email}.");
        said.Out.ShouldNotContain(TestClient.Password);
    }

    [Fact]
    public async Task A_wrong_password_is_exit_code_1_with_the_server_s_code_and_keeps_nothing()
    {
        using var desk = new Desk(one.Server.Url);
        var email = await desk.RegisteredAsync();
        (await desk.RunAsync("logout")).ShouldSucceed();
        (await desk.PipeAsync("not this one", "login", "--email", email, "--password-stdin", "--json")).ShouldEndWith(ExitCode.Failed, "INVALID_CREDENTIALS");
        desk.Tokens.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_sign_in_is_refused_until_the_first_signed_out()
    {
        using var desk = new Desk(one.Server.Url);
        var email = await desk.RegisteredAsync();
        (await desk.PipeAsync(TestClient.Password, "login", "--email", email, "--password-stdin", "--json")).ShouldEndWith(ExitCode.Failed, "ALREADY_SIGNED_IN");
        (await desk.RunAsync("whoami")).ShouldSucceed();
    }

    [Fact]
    public async Task Logout_ends_the_session_at_the_server_and_again_is_fine()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        var kept = await File.ReadAllTextAsync(desk.Tokens.ShouldHaveSingleItem(), TestContext.Current.CancellationToken);
        (await desk.RunAsync("logout", "--json")).ShouldSucceed().Json["status"]!.GetValue<string>().ShouldBe("success");
        desk.Tokens.ShouldBeEmpty();
        using var thief = one.Server.NewClient();
        (await thief.RefreshAsync(System.Text.Json.Nodes.JsonNode.Parse(kept)!["refreshToken"]!.GetValue<string>())).Code.ShouldBe("INVALID_REFRESH_TOKEN", "the session is over");
        (await desk.RunAsync("logout")).ShouldSucceed();
        (await desk.RunAsync("whoami", "--json")).ShouldEndWith(ExitCode.NotSignedIn, "UNAUTHORIZED");
    }

    [Fact]
    public async Task The_token_file_is_its_owner_s_alone_and_each_server_has_its_own()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        var file = desk.Tokens.ShouldHaveSingleItem();
        file.ShouldEndWith($"session-http-127.0.0.1-{one.Server.Url.Port}");
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await desk.RunAsync("whoami", "--server", "http://localhost:" + one.Server.Url.Port)).ShouldEndWith(ExitCode.NotSignedIn);
    }

    [Fact]
    public async Task Without_a_server_nobody_is_signed_out()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        var file = desk.Tokens.ShouldHaveSingleItem();
        var nowhere = new Uri("http://127.0.0.1:1"); // Below what anybody is given: nobody listens there.
        File.Copy(file, file.Replace($"-{one.Server.Url.Port}", $"-{nowhere.Port}", StringComparison.Ordinal));
        (await desk.RunAsync("whoami", "--server", nowhere.GetLeftPart(UriPartial.Authority), "--json")).ShouldEndWith(ExitCode.Unreachable, "UNREACHABLE");
        desk.Tokens.Count().ShouldBe(2);
        (await desk.RunAsync("whoami")).ShouldSucceed();
    }

    [Theory]
    [InlineData("login", "--email", "ada@example.com")]
    [InlineData("register", "--email", "ada@example.com")]
    public async Task A_guest_who_cannot_reach_the_server_is_not_told_to_be_signed_in(params string[] words)
    {
        using var desk = new Desk(new Uri("http://127.0.0.1:1"));
        var said = (await desk.PipeAsync(TestClient.Password, [.. words, "--password-stdin"])).ShouldEndWith(ExitCode.Unreachable);
        said.Error.ShouldContain("cannot be reached right now. Try again later.");
        said.Error.ShouldNotContain("still signed in");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_no_network_that_fails()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        var file = desk.Tokens.ShouldHaveSingleItem();
        File.Delete(file + ".lock");
        Directory.CreateDirectory(file + ".lock"); // Rights would not stop a test that runs as root.
        (await desk.RunAsync("whoami", "--json")).ShouldEndWith(ExitCode.Failed, "STORE").Json["error"]!["message"]!.GetValue<string>().ShouldContain(file);
        Directory.Delete(file + ".lock");
        (await desk.RunAsync("whoami")).ShouldSucceed();
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_or_deleted_is_said_and_not_called_signed_out()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        var file = desk.Tokens.ShouldHaveSingleItem();
        File.Delete(file);
        Directory.CreateDirectory(file);
        (await desk.RunAsync("whoami", "--json")).ShouldEndWith(ExitCode.Failed, "STORE");
        var logout = (await desk.RunAsync("logout")).ShouldEndWith(ExitCode.Failed);
        logout.Out.ShouldBeEmpty();
        logout.Error.ShouldContain(file);
    }

    [Theory]
    [InlineData("nosuchverb")]
    [InlineData("fixtures", "--page", "first")]
    [InlineData("login", "--password", "x")]
    [InlineData("profile")]
    [InlineData]
    public async Task Words_that_cannot_be_parsed_are_one_JSON_document_too(params string[] words)
    {
        using var desk = new Desk(one.Server.Url);
        var said = (await desk.RunAsync([.. words, "--json"])).ShouldEndWith(ExitCode.WrongWords, "WRONG_WORDS");
        said.Json["error"]!["message"]!.GetValue<string>().ShouldEndWith($"See: {string.Join(' ', words.Where(w => w is "fixtures" or "login" or "profile").Prepend("juke"))} --help");
        var plain = (await desk.RunAsync(words)).ShouldEndWith(ExitCode.WrongWords);
        plain.Out.ShouldBeEmpty("a pipe waits for an answer, not for help");
        plain.Error.ShouldContain("--help");
    }

    [Theory]
    [InlineData("--email", "login")]
    [InlineData("--password-stdin", "login", "--email", "ada@example.com")]
    [InlineData("--email", "register")]
    [InlineData("one of", "login", "--google", "--spotify")]
    [InlineData("JUKE_CLI_SPOTIFY_CLIENT_ID", "login", "--spotify")]
    [InlineData("JUKE_CLI_GOOGLE_CLIENT_ID", "login", "--google")]
    [InlineData("https", "whoami", "--server", "http://juke.example")]
    [InlineData("without a path", "whoami", "--server", "https://juke.example/api")]
    [InlineData("FIELD=VALUE", "profile", "set", "genres")]
    [InlineData("favorite_genres", "profile", "set", "genres=jazz")]
    [InlineData("Nothing to change", "profile", "set")]
    [InlineData("--all", "sessions", "end")]
    public async Task Wrong_words_are_exit_code_2_and_say_which_option_helps(string help, params string[] words)
    {
        using var desk = new Desk(one.Server.Url);
        (await desk.RunAsync(words)).ShouldEndWith(ExitCode.WrongWords).Error.ShouldContain(help);
    }

    [Fact]
    public async Task A_password_is_no_option()
    {
        using var desk = new Desk(one.Server.Url);
        (await desk.RunAsync("login", "--email", "ada@example.com", "--password", "a long and quiet evening")).ShouldEndWith(ExitCode.WrongWords);
    }

    [Fact]
    public async Task Help_names_the_exit_codes()
    {
        using var desk = new Desk(one.Server.Url);
        (await desk.RunAsync("--help")).ShouldSucceed().Out.ShouldContain("4 onboarding comes first");
    }
}
