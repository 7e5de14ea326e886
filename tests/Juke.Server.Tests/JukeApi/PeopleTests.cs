using System.Net;
using System.Text.Json.Nodes;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.JukeApi;

/// <summary>Other people in the Juke dialect: search, globe, who is there, everybody (legacy-wire A.7, A.8; contract §3).</summary>
public sealed class PeopleTests : IAsyncLifetime
{
    private const string Profiles = "/api/v1/music-profiles/";

    private JukeServer server = null!;
    private TestClient ada = null!;

    public async ValueTask InitializeAsync()
    {
        server = await JukeServer.StartAsync();
        ada = await PersonAsync("ada", new { display_name = "Ada Lovelace", tagline = "Numbers", avatar_url = "https://images.example/a.jpg", location = "London", city_lat = 51.507, city_lng = -0.13, favorite_genres = (string[])["jazz"], custom_data = new { age_range = "25-34" } });
    }

    public async ValueTask DisposeAsync()
    {
        ada.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Search_finds_parts_of_either_name_in_any_case_ten_at_most_and_the_whole_name_first()
    {
        using var hada = await PersonAsync("Hadar", new { display_name = "100% o_O" });
        (await FindAsync("ADA")).ShouldBe(["ada", "Hadar"]);
        (await FindAsync("LOVEL")).ShouldBe(["ada"]);
        (await FindAsync("0%25")).ShouldBe(["Hadar"]);
        (await FindAsync("o_o")).ShouldBe(["Hadar"]);
        (await FindAsync("a_a")).ShouldBeEmpty("an underscore is an underscore");
        (await FindAsync("%25")).ShouldBe(["Hadar"]);
        (await FindAsync("%5C")).ShouldBeEmpty();
        (await FindAsync("nobody")).ShouldBeEmpty();
        foreach (var blank in (string[])["", "?q=", "?q=%20%20"])
            (await ada.GetAsync(Profiles + "search/" + blank)).EnsureOk().Body.ShouldBe("""{"results":[]}""");
        (await ada.GetAsync(Profiles + "search/?q=x&q=lovelace")).EnsureOk().Body
            .ShouldBe("""{"results":[{"username":"ada","display_name":"Ada Lovelace","tagline":"Numbers","avatar_url":"https://images.example/a.jpg"}]}""");

        for (var i = 0; i < 12; i++) (await PersonAsync($"crowd-{i:00}")).Dispose();
        (await FindAsync("crowd")).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Who_is_not_through_onboarding_or_may_not_sign_in_is_not_found()
    {
        using var newcomer = server.NewClient();
        (await newcomer.PostAsync("/auth/register", new { email = TestClient.NewEmail(), password = TestClient.Password, username = "ada-newcomer" })).EnsureOk();
        using var disabled = await PersonAsync("ada-disabled", new { city_lat = 1, city_lng = 1 });
        await server.ExecuteAsync("update users set state = 'disabled' where id = $1", disabled.UserId);
        (await FindAsync("ada")).ShouldBe(["ada"]);
        (await ada.GetAsync("/api/v1/users/")).Json["count"]!.GetValue<int>().ShouldBe(1);
        (await ada.GetAsync(Profiles + "globe/?zoom=20")).Json.AsArray().Count.ShouldBe(1);
        (await ada.GetAsync($"/api/v1/users/{disabled.UserId}/")).Code.ShouldBe("NOT_FOUND");
        (await ada.GetAsync(Profiles + "ada-disabled/")).Code.ShouldBe("NOT_FOUND");
    }

    [Fact]
    public async Task A_point_of_the_globe_has_eight_keys_and_the_position_that_others_see_nowhere_else()
    {
        using var bea = await PersonAsync("bea");
        (await bea.GetAsync(Profiles + "globe/?zoom=13")).EnsureOk().Body
            .ShouldBe($$"""[{"id":{{ada.UserId}},"username":"ada","lat":51.51,"lng":-0.13,"clout":0.0,"top_genre":"jazz","display_name":"Ada Lovelace","location":"London"}]""");
        var seen = (await bea.GetAsync(Profiles + "ada/")).EnsureOk().Json;
        seen["city_lat"].ShouldBeNull();
        seen["custom_data"]!.ToJsonString().ShouldBe("{}");
        seen.Flag("is_owner").ShouldBeFalse();
        (await ada.GetAsync(Profiles + "ada/")).EnsureOk().Json["city_lat"]!.GetValue<double>().ShouldBe(51.51);
    }

    [Theory]
    [InlineData("", "half,loud")]
    [InlineData("?zoom=4", "half,loud")]
    [InlineData("?zoom=-3", "half,loud")]
    [InlineData("?zoom=5", "half,loud,fifth")]
    [InlineData("?zoom=8", "half,loud,fifth")]
    [InlineData("?zoom=9", "half,loud,fifth,low")]
    [InlineData("?zoom=12", "half,loud,fifth,low")]
    [InlineData("?zoom=13", "half,loud,fifth,low,none")]
    [InlineData("?zoom=13&limit=2", "loud,half")]
    [InlineData("?zoom=13&min_lat=1", "loud")]
    [InlineData("?zoom=13&max_lat=-1", "low")]
    [InlineData("?zoom=13&min_lng=20&max_lng=20.0", "fifth")]
    [InlineData("?zoom=13&min_lat=-900&max_lat=900&min_lng=-1e3&max_lng=1e3", "half,loud,fifth,low,none")]
    [InlineData("?zoom=13&min_lat=5&max_lat=-5", "")]
    public async Task The_globe_shows_the_rectangle_down_to_the_clout_of_its_zoom_the_most_first(string query, string names)
    {
        await server.ExecuteAsync("update user_profiles set city_lat = null, city_lng = null where user_id = $1", ada.UserId);
        foreach (var (name, clout, lat, lng) in new[] { ("loud", 0.9, 10.0, 0.0), ("half", 0.5, 0, 0), ("fifth", 0.2, 0, 20), ("low", 0.05, -10, 0), ("none", 0, 0, 0), ("nowhere", 0.99, double.NaN, 0) })
        {
            using var person = await PersonAsync(name);
            if (double.IsFinite(lat)) await server.ExecuteAsync("update user_profiles set clout = $2, city_lat = $3, city_lng = $4 where user_id = $1", person.UserId, clout, lat, lng);
        }
        var points = (await ada.GetAsync(Profiles + "globe/" + query)).EnsureOk().Json.AsArray();
        points.Select(p => (string?)p!["username"]).ShouldBe(names.Split(',', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);
        points.Select(p => (double)p!["clout"]!).ShouldBeInOrder(SortDirection.Descending);
        points.ShouldAllBe(p => (string?)p!["top_genre"] == "other");
    }

    [Fact]
    public async Task The_globe_gives_5000_when_nothing_is_said_and_10000_at_most()
    {
        await server.ExecuteAsync(
            """
            with u as (insert into users (username, username_key, created_at) select 'crowd' || n, 'crowd' || n, now() from generate_series(1, 10050) n returning id)
            insert into user_profiles (user_id, onboarding_done, onboarding_done_at, city_lat, city_lng) select id, true, now(), 1, 1 from u
            """);
        foreach (var (query, count) in new[] { ("", 5000), ("&limit=4999", 4999), ("&limit=5001", 5001), ("&limit=10000", 10_000), ("&limit=10001", 10_000), ("&limit=99999", 10_000) })
            (await ada.GetAsync($"{Profiles}globe/?zoom=13{query}")).EnsureOk().Json.AsArray().Count.ShouldBe(count, query);
    }

    [Theory]
    [InlineData("min_lat=x")]
    [InlineData("max_lng=")]
    [InlineData("min_lng=NaN")]
    [InlineData("max_lat=Infinity")]
    [InlineData("zoom=1.5")]
    [InlineData("limit=0")]
    [InlineData("limit=-1")]
    [InlineData("limit=many")]
    [InlineData("zoom=x&limit=x")]
    public async Task A_question_to_the_globe_that_cannot_be_read_is_400_in_the_old_words(string query)
    {
        var reply = await ada.GetAsync(Profiles + "globe/?" + query);
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Json.Text("detail").ShouldBe("Invalid query parameters.");
    }

    [Fact]
    public async Task Profiles_cannot_be_listed_but_for_who_is_there_now()
    {
        foreach (var query in (string[])["", "?online=false", "?online=", "?online=0"])
        {
            var refused = await ada.GetAsync(Profiles + query);
            refused.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
            refused.Json.Text("detail").ShouldBe("Music profiles cannot be listed. Use the search endpoint instead.");
            refused.ContentHeaders.Allow.ShouldBe(["GET", "POST"]);
        }
        using var bea = await PersonAsync("bea", new { custom_data = new { mine = 1 } });
        foreach (var yes in (string[])["true", "True", "1", "yes"])
        {
            var page = (await ada.GetAsync($"{Profiles}?online={yes}")).EnsureOk().Json;
            page.Keys().ShouldBe(["count", "next", "previous", "results"]);
            page["count"]!.GetValue<int>().ShouldBe(2);
            page["results"]!.AsArray().Select(p => (string?)p!["username"]).ShouldBe(["ada", "bea"]);
            page["results"]![0].Flag("is_owner").ShouldBeTrue();
            page["results"]![1]!["custom_data"]!.AsObject().ShouldBeEmpty();
        }
        var first = (await ada.GetAsync(Profiles + "?online=true&limit=1")).EnsureOk().Json;
        first.Text("next").ShouldBe("http://127.0.0.1:5080/api/v1/music-profiles/?online=true&limit=1&offset=1");
        first["previous"].ShouldBeNull();
        var second = (await ada.GetAsync(Profiles + "?online=true&limit=1&offset=1")).EnsureOk().Json;
        second["results"]!.AsArray().Select(p => (string?)p!["username"]).ShouldBe(["bea"]);
        second["next"].ShouldBeNull();
        second.Text("previous").ShouldBe("http://127.0.0.1:5080/api/v1/music-profiles/?online=true&limit=1");

        server.Clock.Advance(TimeSpan.FromHours(2));
        (await ada.TokenAsync("ada")).EnsureOk();
        (await ada.GetAsync(Profiles + "?online=true")).EnsureOk().Json["results"]!.AsArray().Select(p => (string?)p!["username"]).ShouldBe(["ada"]);
    }

    [Fact]
    public async Task The_list_of_users_gives_nobodys_token_and_nobodys_address_but_ones_own()
    {
        using var bea = await PersonAsync("bea");
        var email = await server.AskAsync<string>("select email from users where id = $1", ada.UserId);
        var list = (await ada.GetAsync("/api/v1/users/")).EnsureOk();
        list.Json.Keys().ShouldBe(["count", "next", "previous", "results"]);
        list.Json["count"]!.GetValue<int>().ShouldBe(2);
        list.Json["results"]![0]!.ToJsonString().ShouldBe($$"""{"url":"http://127.0.0.1:5080/api/v1/users/{{ada.UserId}}/","username":"ada","email":"{{email}}","groups":[],"is_active":true}""");
        list.Json["results"]![1]!.ToJsonString().ShouldBe($$"""{"url":"http://127.0.0.1:5080/api/v1/users/{{bea.UserId}}/","username":"bea","email":"","groups":[],"is_active":true}""");
        (await ada.GetAsync($"/api/v1/users/{bea.UserId}/")).EnsureOk().Body.ShouldBe(list.Json["results"]![1]!.ToJsonString());
        (await ada.GetAsync($"/api/v1/users/{ada.UserId}/")).EnsureOk().Json.Text("email").ShouldBe(email);
        (list.Json["next"], list.Json["previous"]).ShouldBe((null, null));
        const string users = "http://127.0.0.1:5080/api/v1/users/";
        foreach (var (query, id, next, previous) in new[]
        {
            ("?limit=1", ada.UserId, (string?)users + "?limit=1&offset=1", (string?)null),
            ("?limit=1&offset=1", bea.UserId, null, users + "?limit=1"),
            ("?offset=1&limit=5&x=y", bea.UserId, null, users + "?x=y&limit=5"),
        })
        {
            var page = (await ada.GetAsync("/api/v1/users/" + query)).EnsureOk().Json;
            page["results"]!.AsArray().Single().Text("url").ShouldBe($"{users}{id}/");
            (page.Text("next"), page.Text("previous"), page["count"]!.GetValue<int>()).ShouldBe((next, previous, 2), query);
        }
        (await ada.GetAsync("/api/v1/users/?limit=x&offset=-1")).EnsureOk().Json["results"]!.AsArray().Count.ShouldBe(2);
        foreach (var id in (string[])["1", "x", "-1", "99999999999999999999", "1000000000.0"]) (await ada.GetAsync($"/api/v1/users/{id}/")).Json.Text("detail").ShouldBe("Not found.");
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete])
        {
            var refused = await ada.SendAsync(method, $"/api/v1/users/{bea.UserId}/", new { username = "mallory" });
            refused.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
            refused.Json.Text("detail").ShouldBe($"Method \"{method}\" not allowed.");
            refused.ContentHeaders.Allow.ShouldBe(["GET"]);
        }
    }

    [Theory]
    [InlineData("search/?q=a")]
    [InlineData("globe/")]
    [InlineData("ada/")]
    [InlineData("?online=true")]
    [InlineData("../users/")]
    public async Task All_of_it_is_for_people_who_are_through_onboarding(string path)
    {
        using var guest = server.NewClient();
        (await guest.GetAsync(Profiles + path)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await guest.RegisterAsync()).EnsureOk();
        (await guest.GetAsync(Profiles + path)).Code.ShouldBe("ONBOARDING_REQUIRED");
    }

    [Theory]
    [InlineData("%EF%BF%BE")]
    [InlineData("%EF%BF%BE%EF%BF%BF")]
    [InlineData("a%EF%BF%BEb%CC%81")]
    [InlineData("%F4%8F%BF%BE")]
    public async Task A_noncharacter_finds_nobody(string q) => (await FindAsync(q)).ShouldBeEmpty();

    [Theory]
    [InlineData("search/?q=a%00b")]
    [InlineData("search/?q=" + Long)]
    public async Task What_cannot_be_a_part_of_a_name_is_named(string path)
    {
        var reply = await ada.GetAsync(Profiles + path.Replace(Long, new string('x', 101), StringComparison.Ordinal));
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Fields.ShouldBe(["q"]);
    }

    private const string Long = "LONG";

    private async Task<IReadOnlyList<string?>> FindAsync(string q)
    {
        JsonNode found = (await ada.GetAsync($"{Profiles}search/?q={q}")).EnsureOk().Json["results"]!;
        return [.. found.AsArray().Select(p => (string?)p!["username"])];
    }

    private async Task<TestClient> PersonAsync(string name, object? answers = null)
    {
        var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        (await client.CompleteAsync(name)).EnsureOk();
        if (answers is not null) (await client.PatchAsync(Profiles + "me/", answers)).EnsureOk();
        return client;
    }
}
