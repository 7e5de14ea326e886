using System.Net;
using System.Text.Json.Nodes;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.JukeApi;

/// <summary>Reading, saving and creating by name: the rest of the table of legacy-wire A.7; <c>me/</c> has its own tests.</summary>
public sealed class MusicProfileRouteTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Profiles = "/api/v1/music-profiles/";

    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task The_owner_saves_under_the_own_name_and_others_are_403()
    {
        var (ada, name) = await PersonAsync();
        using var _ = ada;
        var (bea, _) = await PersonAsync();
        using var __ = bea;
        var path = $"{Profiles}{name}/";
        var saved = (await ada.PatchAsync(path, new { tagline = "mine", username = "mallory", clout = 99, is_owner = false })).EnsureOk();
        saved.Json.Text("tagline").ShouldBe("mine");
        saved.Json.Text("username").ShouldBe(name);
        saved.Json["clout"]!.ToJsonString().ShouldBe("0.0");
        (await ada.SendAsync(HttpMethod.Patch, path, new { bio = "x" }, r => r.Headers.TryAddWithoutValidation("If-Match", "\"0\""))).Code.ShouldBe("PRECONDITION_FAILED");
        (await ada.PatchAsync(path, new { bio = true })).Fields.ShouldBe(["bio"]);

        var refused = await bea.PatchAsync(path, new { tagline = "hers" });
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Json.Text("detail").ShouldBe("You do not have permission to perform this action.");
        refused.Code.ShouldBe("FORBIDDEN");
        (await bea.PatchAsync(path, new StringContent("nonsense"))).Status.ShouldBe(HttpStatusCode.Forbidden, "whose it is comes before what is sent");
        (await ada.GetAsync(path)).Json.Text("tagline").ShouldBe("mine");
        (await bea.PatchAsync(Profiles + "nobody-at-all/", new { })).Json.Text("detail").ShouldBe("Not found.");
    }

    [Fact]
    public async Task Names_count_in_their_case()
    {
        var (ada, name) = await PersonAsync();
        using var _ = ada;
        (await ada.GetAsync($"{Profiles}{name}/")).EnsureOk();
        var reply = await ada.GetAsync($"{Profiles}{name.ToUpperInvariant()}/");
        reply.Status.ShouldBe(HttpStatusCode.NotFound);
        reply.Json.Text("detail").ShouldBe("Not found.");
    }

    [Theory]
    [InlineData("a.user")]
    [InlineData("..ada")]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a b")]
    [InlineData("a+b@example.com")]
    [InlineData("50%")]
    [InlineData("?who#me")]
    [InlineData("\u05D0\u05D3\u05D4")]
    [InlineData("\U0001F600")]
    public async Task Imported_names_of_any_letters_can_be_reached_percent_encoded(string name)
    {
        var (client, _) = await PersonAsync();
        using var __ = client;
        await server.ExecuteAsync("update users set username = $2, username_key = null where id = $1", client.UserId, name);
        var reply = (await client.GetAsync($"{Profiles}{Uri.EscapeDataString(name)}/")).EnsureOk();
        reply.Json.Text("username").ShouldBe(name);
        (await client.PatchAsync($"{Profiles}{Uri.EscapeDataString(name)}/", new { tagline = "found" })).EnsureOk().Json.Text("tagline").ShouldBe("found");
        await server.ExecuteAsync("update users set username = null where id = $1", client.UserId);
    }

    [Theory]
    [InlineData("Me")]
    [InlineData("ME")]
    [InlineData("Search")]
    [InlineData("Globe")]
    public async Task An_imported_name_that_is_a_word_of_the_paths_in_another_case_is_a_name(string name)
    {
        var (client, _) = await PersonAsync();
        using var __ = client;
        var (bea, own) = await PersonAsync();
        using var ___ = bea;
        await server.ExecuteAsync("update users set username = $2, username_key = null where id = $1", client.UserId, name);
        foreach (var path in (string[])[$"{Profiles}{name}/", $"{Profiles}%{(int)name[0]:X2}{name[1..]}/"])
        {
            (await bea.GetAsync(path)).EnsureOk().Json.Text("username").ShouldBe(name);
            (await client.PatchAsync(path, new { tagline = "mine" })).EnsureOk().Json.Text("tagline").ShouldBe("mine");
            (await bea.PatchAsync(path, new { tagline = "hers" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        }
        (await bea.GetAsync($"{Profiles}{own}/")).EnsureOk().Json.Text("tagline").ShouldBeEmpty();
        await server.ExecuteAsync("update users set username = null where id = $1", client.UserId);
    }

    [Fact]
    public async Task Creating_is_201_for_the_first_save_and_400_afterwards()
    {
        foreach (var body in (object[])[new { tagline = "first" }, new { }])
        {
            var (ada, _) = await PersonAsync();
            using var __ = ada;
            var made = await ada.PostAsync(Profiles, body);
            made.Status.ShouldBe(HttpStatusCode.Created);
            made.Json.Flag("is_owner").ShouldBeTrue();
            made.Headers.ETag.ShouldNotBeNull();
            await ShouldExistAsync(ada, new { tagline = "second" });
            (await ada.GetAsync(Profiles + "me/")).Json.Text("tagline").ShouldBe(made.Json.Text("tagline"));
        }
        var (bea, _) = await PersonAsync();
        using var ___ = bea;
        (await bea.PostAsync(Profiles, new { bio = true })).Fields.ShouldBe(["bio"]);
        (await bea.PatchAsync(Profiles + "me/", new { tagline = "by the usual way" })).EnsureOk();
        await ShouldExistAsync(bea, new { });

        static async Task ShouldExistAsync(TestClient client, object body)
        {
            var reply = await client.PostAsync(Profiles, body);
            reply.Status.ShouldBe(HttpStatusCode.BadRequest);
            reply.Json.Text("detail").ShouldBe("Profile already exists for this user.");
            reply.Code.ShouldBe("PROFILE_EXISTS");
        }
    }

    [Fact]
    public async Task Of_many_who_create_at_once_one_does()
    {
        var (ada, _) = await PersonAsync();
        using var __ = ada;
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => ada.PostAsync(Profiles, new { tagline = $"{i}" })));
        replies.Count(r => r.Status == HttpStatusCode.Created).ShouldBe(1);
        replies.Count(r => r.Status == HttpStatusCode.BadRequest).ShouldBe(9);
    }

    [Theory]
    [InlineData("city_lat", "0.0")]
    [InlineData("city_lng", "-0.0")]
    [InlineData("clout", "0.0")]
    public async Task Numbers_are_written_with_a_point_as_the_old_server_did(string key, string text)
    {
        var (ada, _) = await PersonAsync();
        using var __ = ada;
        var saved = (await ada.PatchAsync(Profiles + "me/", new { city_lat = 0, city_lng = -0.001, location = "Null Island" })).EnsureOk();
        saved.Json[key]!.ToJsonString().ShouldBe(text);
    }

    [Fact]
    public async Task No_client_writes_the_date_of_completion()
    {
        var (ada, _) = await PersonAsync();
        using var __ = ada;
        var date = (await ada.GetAsync(Profiles + "me/")).Json["onboarding_completed_at"]!.ToJsonString();
        foreach (var value in (JsonNode?[])["2001-01-01T00:00:00Z", null, "", 7, new JsonObject()])
            (await ada.PatchAsync(Profiles + "me/", new JsonObject { ["onboarding_completed_at"] = value })).EnsureOk().Json["onboarding_completed_at"]!.ToJsonString().ShouldBe(date);
    }

    private async Task<(TestClient Client, string Name)> PersonAsync()
    {
        var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        var name = TestClient.NewName();
        (await client.CompleteAsync(name)).EnsureOk();
        return (client, name);
    }
}
