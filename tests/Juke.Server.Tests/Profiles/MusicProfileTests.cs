using System.Net;
using System.Text.Json.Nodes;
using Juke.Testing;

namespace Juke.Server.Tests.Profiles;

/// <summary>The music profile over HTTP: what the vectors do not show, because it takes two readers, two writers or a header.</summary>
public sealed class MusicProfileTests
{
    private const string Me = "/api/v1/music-profiles/me/";

    private static readonly string[] OldKeys =
    [
        "id", "username", "name", "display_name", "tagline", "bio", "location", "avatar_url", "favorite_genres", "favorite_artists",
        "favorite_albums", "favorite_tracks", "onboarding_completed_at", "city_lat", "city_lng", "custom_data", "clout", "top_genre",
        "created_at", "modified_at", "is_owner",
    ];

    [Fact]
    public async Task All_21_keys_of_the_old_shape_stand_in_the_old_order()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.RegisterAsync();
        var reply = (await client.GetAsync(Me)).EnsureOk();
        reply.Json.AsObject().Select(k => k.Key).ShouldBe(OldKeys);
        reply.ContentHeaders.ContentType!.ToString().ShouldBe("application/json");
        reply.Json["created_at"]!.GetValue<string>().ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?Z$");
    }

    [Fact]
    public async Task Two_clients_that_change_different_keys_a_thousand_times_lose_nothing()
    {
        await using var server = await JukeServer.StartAsync();
        using var one = server.NewClient();
        await one.RegisterAsync();
        using var other = server.NewClient();
        other.AccessToken = one.AccessToken;

        var saves = Soak.Count(ci: 300, soak: 1000);
        await Task.WhenAll(WriteAsync(one, "left", "tagline"), WriteAsync(other, "right", "bio"));

        var profile = (await one.GetAsync(Me)).EnsureOk().Json;
        var data = profile["custom_data"]!.AsObject();
        for (var i = 0; i < saves; i++)
        {
            data[$"left{i}"]!.GetValue<int>().ShouldBe(i);
            data[$"right{i}"]!.GetValue<int>().ShouldBe(i);
        }
        profile["tagline"]!.GetValue<string>().ShouldBe($"{saves - 1}");
        profile["bio"]!.GetValue<string>().ShouldBe($"{saves - 1}");

        async Task WriteAsync(TestClient client, string key, string field)
        {
            for (var i = 0; i < saves; i++)
            {
                var body = new JsonObject { [field] = $"{i}", ["custom_data"] = new JsonObject { [$"{key}{i}"] = i } };
                (await client.PatchAsync(Me, body)).EnsureOk();
            }
        }
    }

    [Fact]
    public async Task A_location_and_its_position_stay_together_under_a_race()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.RegisterAsync();
        for (var round = 0; round < Soak.Count(ci: 50, soak: 500); round++)
        {
            (await client.PatchAsync(Me, new { location = "London", city_lat = 51.51, city_lng = -0.13 })).EnsureOk();
            await Task.WhenAll(
                client.PatchAsync(Me, new { location = "Paris" }),
                client.PatchAsync(Me, new { location = "Tokyo", city_lat = 35.68, city_lng = 139.69 }));
            var profile = (await client.GetAsync(Me)).EnsureOk().Json;
            var latitude = profile["city_lat"]?.GetValue<double>();
            (profile["location"]!.GetValue<string>() switch { "Paris" => latitude is null, "Tokyo" => latitude is 35.68, _ => false }).ShouldBeTrue(profile.ToJsonString());
        }
    }

    [Fact]
    public async Task A_stale_If_Match_is_412_and_changes_nothing()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.RegisterAsync();
        var first = (await client.GetAsync(Me)).EnsureOk().Headers.ETag!.ToString();
        var saved = await Save("one", first);
        saved.EnsureOk();
        var second = saved.Headers.ETag!.ToString();
        second.ShouldNotBe(first);

        var stale = await Save("two", first);
        stale.Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        stale.Code.ShouldBe("PRECONDITION_FAILED");
        (await Save("three", "\"never\"")).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await client.GetAsync(Me)).Json["tagline"]!.GetValue<string>().ShouldBe("one");
        (await Save("four", "*")).EnsureOk();

        Task<Reply> Save(string tagline, string etag) =>
            client.SendAsync(HttpMethod.Patch, Me, new { tagline }, r => r.Headers.TryAddWithoutValidation("If-Match", etag));
    }

    [Fact]
    public async Task Of_many_savers_with_the_same_ETag_one_wins()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.RegisterAsync();
        var etag = (await client.GetAsync(Me)).EnsureOk().Headers.ETag!.ToString();
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            client.SendAsync(HttpMethod.Patch, Me, new { tagline = $"{i}" }, r => r.Headers.TryAddWithoutValidation("If-Match", etag))));
        replies.Count(r => r.Status == HttpStatusCode.OK).ShouldBe(1);
        replies.Count(r => r.Status == HttpStatusCode.PreconditionFailed).ShouldBe(19);
    }

    [Theory]
    [InlineData("""{"tagline":"x","onboarding_completed_at":"2026-03-01T08:30:00Z"}""")]
    [InlineData("""{"onboarding_completed_at":"2026-03-01T08:30:00Z"}""")]
    public async Task Of_many_who_finish_with_the_same_ETag_one_wins(string body)
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.RegisterAsync();
        var etag = (await client.GetAsync(Me)).EnsureOk().Headers.ETag!.ToString();

        // All have read the revision before one is through.
        List<Task<Reply>> finishing;
        await using (var connection = await server.Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using var hold = new Npgsql.NpgsqlCommand("select from users where id = $1 for no key update", connection, transaction) { Parameters = { new() { Value = client.UserId } } };
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            finishing = [.. Enumerable.Range(0, 8).Select(_ => client.SendAsync(
                HttpMethod.Patch, Me, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), r => r.Headers.TryAddWithoutValidation("If-Match", etag)))];
            await Until.TrueAsync(async () => await server.AskAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == 8);
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }
        var replies = await Task.WhenAll(finishing);
        replies.Count(r => r.Status == HttpStatusCode.OK).ShouldBe(1);
        replies.Count(r => r.Code == "PRECONDITION_FAILED").ShouldBe(7);
    }

    [Fact]
    public async Task An_unchanged_profile_answers_304_and_a_new_name_is_a_change()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = await server.NewClient().OnboardedAsync();
        var etag = (await client.GetAsync(Me)).EnsureOk().Headers.ETag!.ToString();
        (await Ask()).Status.ShouldBe(HttpStatusCode.NotModified);
        (await client.PatchAsync("/api/users/profile", new { username = TestClient.NewName() })).EnsureOk();
        (await Ask()).Status.ShouldBe(HttpStatusCode.OK);

        Task<Reply> Ask() => client.SendAsync(HttpMethod.Get, Me, change: r => r.Headers.TryAddWithoutValidation("If-None-Match", etag));
    }

    [Fact]
    public async Task Others_see_all_keys_but_not_the_private_parts()
    {
        await using var server = await JukeServer.StartAsync();
        using var owner = await server.NewClient().OnboardedAsync();
        using var stranger = await server.NewClient().OnboardedAsync();
        var saved = (await owner.PatchAsync(Me, new { location = "London", city_lat = 51.51, city_lng = -0.13, favorite_genres = new[] { "jazz" }, custom_data = new { age_range = "25-34" } })).EnsureOk();
        var path = $"/api/v1/music-profiles/{saved.Json["username"]}/";

        var seen = (await stranger.GetAsync(path)).EnsureOk().Json.AsObject();
        seen.Select(k => k.Key).ShouldBe(OldKeys);
        seen["custom_data"]!.ToJsonString().ShouldBe("{}");
        seen["city_lat"].ShouldBeNull();
        seen["city_lng"].ShouldBeNull();
        seen["is_owner"]!.GetValue<bool>().ShouldBeFalse();
        seen["location"]!.GetValue<string>().ShouldBe("London");
        seen["top_genre"]!.GetValue<string>().ShouldBe("jazz");

        (await owner.GetAsync(path)).EnsureOk().Json["custom_data"]!["age_range"]!.GetValue<string>().ShouldBe("25-34");
        (await stranger.GetAsync("/api/v1/music-profiles/nobody-at-all/")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.GetAsync("/api/v1/music-profiles/%00/")).Status.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Errors_have_the_fields_on_top_and_a_detail_that_says_them()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.RegisterAsync();
        var reply = await client.PatchAsync(Me, new { bio = (string?)null, city_lat = 99, city_lng = 0 });
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Json["bio"]!.AsArray().Single()!.GetValue<string>().ShouldBe("This field may not be null.");
        reply.Json["detail"]!.GetValue<string>().ShouldBe("This field may not be null. Ensure this value is less than or equal to 90.");
        (await client.PatchAsync(Me, new[] { 1 })).Json["non_field_errors"]!.AsArray().Single()!.GetValue<string>()
            .ShouldBe("Invalid data. Expected a dictionary, but got list.");
        using var guest = server.NewClient();
        (await guest.GetAsync(Me)).Headers.WwwAuthenticate.ToString().ShouldBe("Token");
    }
}
