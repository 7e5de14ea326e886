namespace Juke.Cli.Tests.Verbs;

/// <summary>What is behind the gate, and the devices.</summary>
public sealed class AppTests(OneServer one) : IClassFixture<OneServer>
{
    [Fact]
    public async Task Fixtures_are_listed_for_people_and_as_on_the_wire()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.OnboardedAsync();
        await one.ImportFixtureAsync(4711, "Nova FC vs Luna FC");
        (await desk.RunAsync("fixtures")).ShouldSucceed().Out.ShouldContain("Nova FC vs Luna FC");
        var list = (await desk.RunAsync("fixtures", "--json", "--per-page", "1")).ShouldSucceed().Json;
        list["status"]!.GetValue<string>().ShouldBe("success");
        list["pagination"]!["perPage"]!.GetValue<int>().ShouldBe(1);
        list["data"]![0]!["kickoffAt"]!.GetValue<string>().ShouldEndWith("Z");
        await one.ImportFixtureAsync(4713, "Luna FC vs Nova FC");
        (await desk.RunAsync("fixtures", "--per-page", "1")).ShouldSucceed().Out.ShouldContain("the next one: --page 2");
        var pages = (await desk.RunAsync("fixtures", "--json", "--per-page", "1")).Json["pagination"]!["totalPages"]!.GetValue<int>();
        (await desk.RunAsync("fixtures", "--per-page", "1", "--page", $"{pages}")).ShouldSucceed().Out.ShouldNotContain("the next one");
        (await desk.RunAsync("fixtures", "--per-page", "1", "--page", $"{pages + 1}")).ShouldSucceed().Out.ShouldBe($"The last page is {pages}.\n");
    }

    [Fact]
    public async Task Set_changes_what_is_named_and_an_empty_value_clears()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.OnboardedAsync();
        var name = TestClient.NewName();
        var both = (await desk.RunAsync(
            "profile", "set", "--json", "--username", name, "--name", "Ada", """favorite_artists=["Earth, Wind & Fire"]""", "location=Porto", "city_lat=41.15", "city_lng=-8.61", "rainy_day_mood=jazz")).ShouldSucceed().Json;
        both["account"]!["user"]!["username"]!.GetValue<string>().ShouldBe(name);
        both["account"]!["user"]!["name"]!.GetValue<string>().ShouldBe("Ada");
        both["music"]!["favorite_artists"]!.ToJsonString().ShouldBe("""["Earth, Wind & Fire"]""".Replace("&", "\\u0026", StringComparison.Ordinal));
        both["music"]!["city_lng"]!.GetValue<double>().ShouldBe(-8.61);
        both = (await desk.RunAsync("profile", "set", "--json", "location=", "rainy_day_mood=")).ShouldSucceed().Json;
        both["music"]!["location"]!.GetValue<string>().ShouldBe("");
        both["music"]!["city_lat"].ShouldBeNull();
        both["music"]!["custom_data"]!.ToJsonString().ShouldBe("{}");
        both["music"]!["favorite_artists"]!.AsArray().Count.ShouldBe(1, "what is not named stays");
        (await desk.RunAsync("whoami")).Out.ShouldContain(name);
    }

    [Fact]
    public async Task A_refused_field_is_named()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.OnboardedAsync();
        (await desk.RunAsync("profile", "set", "age_range=200")).ShouldEndWith(ExitCode.Failed).Error.ShouldContain("age_range");
        (await desk.RunAsync("profile", "set", "age_range=200", "--json")).ShouldEndWith(ExitCode.Failed, "VALIDATION_FAILED")
            .Json["error"]!["errors"]!.AsObject().Select(e => e.Key).ShouldHaveSingleItem().ShouldContain("age_range");
    }

    [Fact]
    public async Task A_device_is_ended_from_another_at_once()
    {
        using var desk = new Desk(one.Server.Url);
        var email = await desk.RegisteredAsync();
        using var phone = one.Server.NewClient();
        (await phone.LoginAsync(email)).EnsureOk();
        var sessions = (await desk.RunAsync("sessions", "--json")).ShouldSucceed().Json["sessions"]!.AsArray();
        sessions.Count.ShouldBe(2);
        sessions.Count(s => s!["device"]?.GetValue<string>().StartsWith("juke-cli/", StringComparison.Ordinal) == true).ShouldBe(1);
        var other = sessions.Single(s => !s!["current"]!.GetValue<bool>())!["id"]!.GetValue<string>();
        (await desk.RunAsync("sessions", "end", other)).ShouldSucceed().Out.ShouldBe("Signed out there.\n");
        (await phone.GetAsync("/auth/me")).Code.ShouldBe("UNAUTHORIZED");
        (await desk.RunAsync("sessions", "end", other, "--json")).ShouldEndWith(ExitCode.Failed, "NOT_FOUND");
        (await desk.RunAsync("sessions")).ShouldSucceed().Out.ShouldContain("this one");
    }

    [Fact]
    public async Task Ending_them_all_ends_this_one_too()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.RegisteredAsync();
        (await desk.RunAsync("sessions", "end", "--all", "--json")).ShouldSucceed().Json["revoked"]!.GetValue<bool>().ShouldBeTrue();
        desk.Tokens.ShouldBeEmpty();
        (await desk.RunAsync("sessions")).ShouldEndWith(ExitCode.NotSignedIn);
    }

    [Fact]
    public async Task What_others_wrote_cannot_steer_the_terminal()
    {
        using var desk = new Desk(one.Server.Url);
        await desk.OnboardedAsync();
        (await desk.RunAsync("profile", "set", "tagline=\u001b[2J\u001b]0;pwned\u0007[red]hello[/]\u202e")).ShouldSucceed();
        var shown = (await desk.RunAsync("profile", "get")).ShouldSucceed().Out;
        shown.ShouldContain("[red]hello[/]");
        shown.Any(c => char.IsControl(c) && c != '\n').ShouldBeFalse();
        shown.ShouldNotContain("\u202e");
    }
}
