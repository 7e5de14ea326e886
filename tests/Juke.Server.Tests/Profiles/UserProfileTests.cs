using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Profiles;

public sealed class UserProfileTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task The_shape_is_the_old_one()
    {
        using var client = server.NewClient();
        var (email, name) = (TestClient.NewEmail(), TestClient.NewName());
        (await client.RegisterAsync(email, name: "Ada")).EnsureOk();
        (await client.CompleteAsync(name)).EnsureOk();
        (await client.GetAsync("/api/users/profile")).EnsureOk().Body.ShouldBe(
            $$$"""{"user":{"id":{{{client.UserId}}},"email":"{{{email}}}","username":"{{{name}}}","name":"Ada","image":null,"role":"user"},"profile":{"level":1,"dailyStreak":0,"lastClaimAt":null,"favouriteTeamId":null,"favouriteLeagueId":null,"onboardingDone":true}}""");

        await server.ExecuteAsync("update user_profiles set level = 7, daily_streak = 3, last_claim_at = '2026-11-20T10:00:00.123456Z', favourite_team_id = 9007199254740993, favourite_league_id = 2 where user_id = $1", client.UserId);
        (await client.GetAsync("/api/users/profile")).Json["profile"]!.ToJsonString().ShouldBe(
            """{"level":7,"dailyStreak":3,"lastClaimAt":"2026-11-20T10:00:00.123456Z","favouriteTeamId":9007199254740993,"favouriteLeagueId":2,"onboardingDone":true}""");
    }

    [Fact]
    public async Task Absent_keeps_null_clears_a_value_sets()
    {
        using var client = await server.NewClient().OnboardedAsync();
        (await PatchedAsync(client, """{"name":"  Ada  ","image":"https://example.com/a.png"}""")).ShouldBe(("Ada", "https://example.com/a.png"));
        (await PatchedAsync(client, "{}")).ShouldBe(("Ada", "https://example.com/a.png"));
        (await PatchedAsync(client, """{"name":"Grace"}""")).ShouldBe(("Grace", "https://example.com/a.png"));
        (await PatchedAsync(client, """{"image":null}""")).ShouldBe(("Grace", null));
        (await client.GetAsync("/auth/me")).Json.Text("name").ShouldBe("Grace");
    }

    [Theory]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("""{"name":" "}""", "name")]
    [InlineData("""{"username":null}""", "username")]
    [InlineData("""{"username":"ab"}""", "username")]
    [InlineData("""{"image":"javascript:alert(1)"}""", "image")]
    public async Task What_cannot_be_is_refused_and_nothing_of_the_rest_is_saved(string body, string field)
    {
        using var client = await server.NewClient().OnboardedAsync();
        var before = (await client.GetAsync("/api/users/profile")).Body;
        var other = field == "image" ? "\"name\":\"Changed\"" : "\"image\":\"https://example.com/changed.png\"";
        var reply = await client.SendAsync(HttpMethod.Patch, "/api/users/profile", Json(body[..^1] + "," + other + "}"));
        (reply.Status, reply.Fields.Single()).ShouldBe((HttpStatusCode.BadRequest, field));
        (await client.GetAsync("/api/users/profile")).Body.ShouldBe(before);
    }

    [Fact]
    public async Task A_rename_follows_the_rules_of_a_choice_and_a_taken_name_saves_nothing()
    {
        using var one = await server.NewClient().OnboardedAsync();
        using var two = await server.NewClient().OnboardedAsync();
        var name = TestClient.NewName();
        (await one.PatchAsync("/api/users/profile", new { username = " " + name + " " })).EnsureOk().Json["user"].Text("username").ShouldBe(name);
        (await one.PatchAsync("/api/users/profile", new { username = name.ToUpperInvariant() })).EnsureOk().Json["user"].Text("username").ShouldBe(name.ToUpperInvariant());
        var taken = await two.PatchAsync("/api/users/profile", new { username = name, name = "Not saved" });
        (taken.Status, taken.Code, taken.Json.Text("message")).ShouldBe((HttpStatusCode.Conflict, "USERNAME_TAKEN", "Username already taken"));
        taken.Json.Text("suggestion").ShouldNotBeNullOrEmpty();
        (await two.GetAsync("/auth/me")).Json.Text("name").ShouldBeNull();
    }

    [Fact]
    public async Task Twenty_who_want_one_name_at_once_make_one_winner()
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.NewClient().OnboardedAsync()));
        var name = TestClient.NewName();
        var replies = await Task.WhenAll(clients.Select((c, n) => c.PatchAsync("/api/users/profile", new { username = n % 2 == 0 ? name : name.ToUpperInvariant() })));
        replies.Count(r => r.Status == HttpStatusCode.OK).ShouldBe(1);
        replies.Count(r => r.Code == "USERNAME_TAKEN").ShouldBe(19);
    }

    private static async Task<(string? Name, string? Image)> PatchedAsync(TestClient client, string body)
    {
        var reply = (await client.SendAsync(HttpMethod.Patch, "/api/users/profile", Json(body))).EnsureOk();
        (await client.GetAsync("/api/users/profile")).Body.ShouldBe(reply.Body);
        return (reply.Json["user"].Text("name"), reply.Json["user"].Text("image"));
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");
}
