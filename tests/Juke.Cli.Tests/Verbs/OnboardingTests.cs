using System.Text.Json.Nodes;
using Juke.Contract;
using Juke.Web.Tests;

namespace Juke.Cli.Tests.Verbs;

/// <summary>The wizard: by keys, by options, and from and to another client.</summary>
public sealed class OnboardingTests(OneServer one) : IClassFixture<OneServer>
{
    // Menus end with: skip, skip the rest, back, later.
    private static IEnumerable<ConsoleKeyInfo> Skip => Keys.PickLast(4);

    private static IEnumerable<ConsoleKeyInfo> SkipRest => Keys.PickLast(3);

    private static IEnumerable<ConsoleKeyInfo> Back => Keys.PickLast(2);

    private static IEnumerable<ConsoleKeyInfo> Later => Keys.PickLast(1);

    [Fact]
    public async Task Every_question_answered_is_stored_as_the_submission_of_every_client()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        var name = TestClient.NewName();
        var said = (await desk.SitAsync(
        [
            .. Keys.Line(name),
            .. Keys.Pick(6), .. Keys.Pick(1), .. Keys.Pick(0), // Jazz, then Hip-Hop behind "Done", then done.
            .. Keys.Line("Nina Simone"), .. Keys.PickLast(6), // As I wrote it: above "Search again" and the four ways round.
            .. Keys.Pick(9), .. Keys.Pick(0), // Of the genres without Jazz and Hip-Hop: the tenth; then done.
            .. Keys.Pick(1), .. Keys.Pick(2), .. Keys.Pick(3), .. Keys.Pick(1), .. Keys.Pick(0),
            .. Keys.Line("Lisbon"), .. Keys.Pick(0),
            .. Keys.Pick(0),
        ],
        "onboarding")).ShouldSucceed();
        said.Out.ShouldContain("What do you love to hear?", Case.Sensitive, "the words of the pages");
        said.Out.ShouldContain($"Welcome, {name}. Onboarding is done.");

        var music = (await desk.RunAsync("profile", "get", "--json")).ShouldSucceed().Json["music"]!;
        music["username"]!.GetValue<string>().ShouldBe(name);
        music["favorite_genres"]!.ToJsonString().ShouldBe("""["jazz","hiphop"]""", "their order is the order of choice");
        music["favorite_artists"]!.ToJsonString().ShouldBe("""["Nina Simone"]""");
        music["location"]!.GetValue<string>().ShouldBe("Lisbon");
        music["city_lat"]!.GetValue<double>().ShouldBe(38.72, 0.05);
        JsonNode.DeepEquals(music["custom_data"], JsonNode.Parse("""
            {"hated_genres":["reggae"],"rainy_day_mood":"jazz","workout_vibe":"rock","favorite_decade":"90s","listening_style":"album","age_range":"18-24"}
            """)).ShouldBeTrue(music["custom_data"]!.ToJsonString());
        (await desk.RunAsync("fixtures")).ShouldSucceed();
    }

    [Fact]
    public async Task Back_leads_to_the_step_before_and_later_keeps_what_was_answered()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        (await desk.SitAsync([.. Keys.Line(TestClient.NewName()), .. Keys.Pick(0), .. Keys.Pick(0), .. Keys.Line(""), .. Back, .. Keys.Pick(1), .. Keys.Pick(0), .. Keys.Line(""), .. Later], "onboarding"))
            .ShouldSucceed().Out.ShouldContain("Your answers are kept.");
        var state = (await desk.RunAsync("onboarding", "--show", "--json")).ShouldSucceed().Json;
        state["values"]!["favorite_genres"]!.ToJsonString().ShouldBe("""["pop"]""");
        state["answered"]!.ToJsonString().ShouldBe("""["genres"]""");
        (await desk.RunAsync("whoami", "--json")).Json["onboardingRequired"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task What_another_client_answered_is_not_asked_again()
    {
        using var desk = new Desk(one.Server.Url);
        var email = await desk.RegisteredAsync();
        using var phone = one.Server.NewClient();
        (await phone.LoginAsync(email)).EnsureOk();
        (await phone.PatchAsync("/api/v1/music-profiles/me/", new { favorite_genres = new[] { "jazz" }, favorite_artists = new[] { "Nina Simone" } })).EnsureOk();
        var said = (await desk.SitAsync([.. Keys.Line(TestClient.NewName()), .. Skip, .. SkipRest], "onboarding")).ShouldSucceed();
        said.Out.ShouldNotContain("What do you love to hear?");
        said.Out.ShouldContain("And what do you skip?");
        (await phone.GetAsync("/fixtures/upcoming")).EnsureOk();
    }

    [Fact]
    public async Task What_was_named_and_passed_over_on_the_pages_is_not_asked_again_and_the_pages_go_on_where_the_terminal_stopped()
    {
        using var desk = new Desk(one.Server.Url);
        var email = await desk.RegisteredAsync();
        using var web = new PageClient(one.Server.Url);
        (await web.SubmitAsync("/login", "/login", ("emailOrUsername", email), ("password", TestClient.Password))).Location.ShouldBe("/onboarding");
        (await web.GetAsync("/onboarding")).Location.ShouldBe("/onboarding/username");
        var name = TestClient.NewName();
        (await web.SubmitAsync("/onboarding/username", "/onboarding/username", ("username", name))).Location.ShouldBe("/onboarding/genres");
        (await web.SubmitAsync("/onboarding/genres", "/onboarding/genres", ("skip", "step"))).Location.ShouldBe("/onboarding/artist");

        (await desk.SitAsync([.. Keys.Line("Nina Simone"), .. Keys.PickLast(6), .. Skip, .. Later], "onboarding")).ShouldSucceed().Out.ShouldNotContain("What do you love to hear?");

        (await web.GetAsync("/onboarding")).Location.ShouldBe("/onboarding/rainy", "the pages take up what the terminal left");
        (await web.GetAsync("/onboarding/artist")).Body.ShouldContain("Nina Simone");
        (await web.SubmitAsync("/onboarding/rainy", "/onboarding/rainy", ("answer", "jazz"))).Location.ShouldBe("/onboarding/workout");
        (await desk.RunAsync("onboarding", "--finish")).ShouldSucceed().Out.ShouldContain($"Welcome, {name}.");
        (await web.GetAsync("/onboarding")).Location.ShouldBe("/home");
        (await desk.RunAsync("profile", "get", "--json")).Json["music"]!["custom_data"]!["rainy_day_mood"]!.GetValue<string>().ShouldBe("jazz");
    }

    [Fact]
    public async Task What_was_passed_over_before_is_not_asked_again_though_the_name_is()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        var name = TestClient.NewName();
        (await desk.SitAsync([.. Keys.Line(name), .. Skip, .. Keys.Line(""), .. Later], "onboarding")).ShouldSucceed();
        (await desk.RunAsync("onboarding", "--show", "--json")).Json["skipped"]!.ToJsonString().ShouldBe("""["genres"]""");
        // No API keeps a name before the end (decision 19): it is asked for once more, and then the artist.
        var again = (await desk.SitAsync([.. Keys.Line(name), .. Keys.Line(""), .. SkipRest], "onboarding")).ShouldSucceed();
        again.Out.ShouldNotContain("What do you love to hear?");
        again.Out.ShouldContain($"Welcome, {name}.");
    }

    [Fact]
    public async Task What_became_required_after_it_was_passed_over_is_asked_again()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        string[] steps = ["genres", "artist", "hated", "rainy", "workout", "decade", "listening", "age", "city", "connect"];
        (await desk.RunAsync(["onboarding", .. steps.SelectMany(s => new[] { "--skip", s })])).ShouldSucceed();
        await using var stricter = await JukeServer.StartAsync(s => s with { Onboarding = OnboardingDefinition.FromSetting("favorite_genres", out _) }, one.Server.ConnectionString, one.Server.Clock);
        File.Copy(desk.Tokens.Single(), desk.Tokens.Single().Replace($"{one.Server.Url.Port}", $"{stricter.Url.Port}", StringComparison.Ordinal));
        desk.Variables["JUKE_SERVER"] = stricter.Url.GetLeftPart(UriPartial.Authority);
        (await desk.SitAsync([.. Keys.Line(TestClient.NewName()), .. Keys.Pick(6), .. Keys.Pick(0)], "onboarding")).ShouldSucceed().Out.ShouldContain("Onboarding is done.");
    }

    [Fact]
    public async Task A_name_that_is_taken_meanwhile_is_asked_again_and_nothing_else()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        using var quicker = one.Server.NewClient();
        (await quicker.RegisterAsync()).EnsureOk();
        var (name, other) = (TestClient.NewName(), TestClient.NewName());
        // The quicker one finishes while our person is at the second question.
        var keys = Keys.Line(name).Concat(Do(() => quicker.CompleteAsync(name).GetAwaiter().GetResult().EnsureOk(), SkipRest)).Concat(Keys.Line(other));
        var said = (await desk.SitAsync(keys, "onboarding")).ShouldSucceed();
        said.Out.ShouldContain($"Welcome, {other}.");
    }

    [Fact]
    public async Task By_options_answers_are_saved_and_the_name_finishes()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        var state = (await desk.RunAsync("onboarding", "--set", "favorite_genres=jazz,R&B", "--set", "age_range=25-34", "--skip", "artist", "--json")).ShouldSucceed().Json;
        state["answered"]!.ToJsonString().ShouldBe("""["genres","age"]""");
        state["nextStep"]!.GetValue<string>().ShouldBe("username");
        var name = TestClient.NewName();
        var done = (await desk.RunAsync("onboarding", "--set", "username=" + name, "--set", "location=Lisbon", "--json")).ShouldSucceed().Json;
        done["success"]!.GetValue<bool>().ShouldBeTrue();
        done["user"]!["username"]!.GetValue<string>().ShouldBe(name);
        (await desk.RunAsync("profile", "get", "--json")).Json["music"]!["location"]!.GetValue<string>().ShouldBe("Lisbon");
        (await desk.RunAsync("onboarding")).ShouldSucceed().Out.ShouldContain("Onboarding is done");
        (await desk.RunAsync("onboarding", "--set", "username=" + name)).ShouldSucceed();
        (await desk.RunAsync("onboarding", "--set", "favorite_genres=pop", "--json")).ShouldEndWith(ExitCode.WrongWords, "WRONG_WORDS").Json["error"]!["message"]!.GetValue<string>().ShouldContain("juke profile set");
    }

    [Fact]
    public async Task The_limits_of_the_definition_bind_as_on_the_pages()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        (await desk.RunAsync("onboarding", "--set", "favorite_genres=jazz,pop,rock,folk")).ShouldEndWith(ExitCode.WrongWords).Error.ShouldContain("no more than 3");
        (await desk.RunAsync("onboarding", "--show", "--json")).Json["answered"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_taken_name_is_refused_with_a_free_one()
    {
        using var desk = new Desk(one.Server.Url);
        using var other = one.Server.NewClient();
        var name = TestClient.NewName();
        (await other.RegisterAsync()).EnsureOk();
        (await other.CompleteAsync(name)).EnsureOk();
        await desk.RegisteredAsync();
        var error = (await desk.RunAsync("onboarding", "--set", "username=" + name, "--json")).ShouldEndWith(ExitCode.Failed, "USERNAME_TAKEN").Json["error"]!;
        (await desk.RunAsync("onboarding", "--set", "username=" + error["suggestion"]!.GetValue<string>())).ShouldSucceed();
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_the_options_are_named_and_the_code_is_4()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        (await desk.RunAsync("onboarding")).ShouldEndWith(ExitCode.OnboardingRequired).Error.ShouldContain("--set username=NAME");
        (await desk.RunAsync("onboarding", "--finish")).ShouldEndWith(ExitCode.WrongWords).Error.ShouldContain("--set username=NAME");
    }

    [Theory]
    [InlineData("fixtures")]
    [InlineData("profile", "get")]
    [InlineData("profile", "set", "location=Lisbon")]
    public async Task Before_onboarding_the_app_is_shut_with_code_4_and_nobody_is_signed_out(params string[] words)
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        (await desk.RunAsync([.. words, "--json"])).ShouldEndWith(ExitCode.OnboardingRequired, "ONBOARDING_REQUIRED");
        (await desk.RunAsync("whoami")).ShouldSucceed();
    }

    private static IEnumerable<ConsoleKeyInfo> Do(Action first, IEnumerable<ConsoleKeyInfo> keys)
    {
        first();
        foreach (var key in keys) yield return key;
    }
}
