using System.Net;
using System.Text.Json.Nodes;
using Juke.Contract;
using Juke.Testing;

namespace Juke.Server.Tests.Onboarding;

/// <summary>Onboarding from one definition: what is asked, what is missing, what comes next, and what may end it.</summary>
public sealed class OnboardingStateTests
{
    private const string Me = "/api/v1/music-profiles/me/";

    [Fact]
    public async Task Both_dialects_show_the_same_definition_in_its_order()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.RegisterAsync(name: "Ada Lovelace");
        var core = (await client.GetAsync("/api/onboarding")).EnsureOk().Json;
        var juke = (await client.GetAsync("/api/v1/onboarding/")).EnsureOk().Json;

        core["definition"]!["steps"]!.AsArray().Select(s => s!["step"]!.GetValue<string>())
            .ShouldBe(["username", "genres", "artist", "hated", "rainy", "workout", "decade", "listening", "age", "city", "connect"]);
        juke["definition"]!["steps"]!.AsArray().Select(s => s!["step"]!.GetValue<string>())
            .ShouldBe(core["definition"]!["steps"]!.AsArray().Select(s => s!["step"]!.GetValue<string>()));
        core["missing"]!.AsArray().Single()!.GetValue<string>().ShouldBe("username");
        core["nextStep"]!.GetValue<string>().ShouldBe("username");
        juke["next_step"]!.GetValue<string>().ShouldBe("username");
        core["suggestedUsername"]!.GetValue<string>().ShouldBe("Ada_Lovelace");
        core["contractVersion"]!.GetValue<string>().ShouldBe(ContractVersion.Current);
    }

    [Fact]
    public async Task The_suggestion_stays_the_same_while_it_is_free_and_names_nobody()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        await client.RegisterAsync(email);
        var first = (await client.GetAsync("/api/onboarding")).Json["suggestedUsername"]!.GetValue<string>();
        (await client.GetAsync("/api/onboarding")).Json["suggestedUsername"]!.GetValue<string>().ShouldBe(first);
        first.ShouldNotContain(email.Split('@')[0]);
        Username.Check(first, out _).ShouldBeNull();
    }

    [Fact]
    public async Task Answers_and_skips_are_kept_on_the_server_and_another_device_resumes()
    {
        await using var server = await JukeServer.StartAsync();
        using var phone = server.NewClient();
        var email = TestClient.NewEmail();
        await phone.RegisterAsync(email);
        (await phone.PatchAsync(Me, new { favorite_genres = new[] { "jazz", "soul" } })).EnsureOk();
        (await phone.PostAsync("/api/onboarding/skip", new { step = "artist" })).EnsureOk();
        (await phone.PostAsync("/api/onboarding/skip", new { step = "artist" })).EnsureOk();
        (await phone.PostAsync("/api/onboarding/skip", new { step = "username" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await phone.PostAsync("/api/onboarding/skip", new { step = "nonsense" })).Status.ShouldBe(HttpStatusCode.BadRequest);

        using var laptop = server.NewClient();
        (await laptop.LoginAsync(email)).EnsureOk();
        var state = (await laptop.GetAsync("/api/onboarding")).EnsureOk().Json;
        state["values"]!["favorite_genres"]!.AsArray().Select(g => g!.GetValue<string>()).ShouldBe(["jazz", "soul"]);
        state["nextStep"]!.GetValue<string>().ShouldBe("username");
        state["skipped"]!.ToJsonString().ShouldBe("""["artist"]""", "while the name is missing nextStep does not tell");
        (await laptop.PatchAsync(Me, new { favorite_artists = new[] { "Nina Simone" } })).EnsureOk();
        (await laptop.GetAsync("/api/v1/onboarding/")).EnsureOk().Json["skipped"]!.AsArray().ShouldBeEmpty("it has an answer now");
        (await laptop.CompleteAsync()).EnsureOk();
        (await laptop.GetAsync("/api/onboarding")).Json["nextStep"]!.GetValue<string>().ShouldBe("hated");
    }

    [Fact]
    public async Task Fields_that_the_setting_requires_hold_completion_back_with_422_and_nothing_half_done()
    {
        var definition = OnboardingDefinition.FromSetting("favorite_genres, age_range", out var error);
        error.ShouldBeNull();
        await using var server = await JukeServer.StartAsync(s => s with { Onboarding = definition });
        using var client = server.NewClient();
        await client.RegisterAsync();

        var held = await client.GetAsync("/fixtures/upcoming");
        held.Json["missing"]!.AsArray().Select(m => m!.GetValue<string>()).ShouldBe(["username", "favorite_genres", "custom_data.age_range"]);

        var name = TestClient.NewName();
        var refused = await client.PostAsync("/auth/onboarding/complete", new { username = name, profile = new { favorite_genres = new[] { "jazz" } } });
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Code.ShouldBe("ONBOARDING_INCOMPLETE");
        refused.Json["missing"]!.AsArray().Select(m => m!.GetValue<string>()).ShouldBe(["custom_data.age_range"]);
        (await client.GetAsync("/auth/me")).Json["username"].ShouldBeNull();
        (await client.GetAsync(Me)).Json["favorite_genres"]!.AsArray().ShouldBeEmpty();

        // A shipped app's request to complete keeps the answers and stays 200 (contract §6).
        var marked = (await client.PatchAsync(Me, new { favorite_genres = new[] { "jazz" }, onboarding_completed_at = "2026-03-01T08:30:00Z" })).EnsureOk();
        marked.Json["onboarding_completed_at"].ShouldBeNull();
        marked.Json["favorite_genres"]!.AsArray().Count.ShouldBe(1);

        (await client.PostAsync("/auth/onboarding/complete", new { username = name, profile = new { custom_data = new { age_range = "55+" } } })).EnsureOk();
        (await client.GetAsync("/fixtures/upcoming")).EnsureOk();
    }

    [Fact]
    public async Task Completion_takes_the_profile_in_the_same_transaction()
    {
        await using var server = await JukeServer.StartAsync();
        using var first = await server.NewClient().OnboardedAsync();
        var taken = (await first.GetAsync("/auth/me")).Json["username"]!.GetValue<string>();
        using var client = server.NewClient();
        await client.RegisterAsync();

        var refused = await client.PostAsync("/auth/onboarding/complete", new { username = taken, profile = new { tagline = "mine" } });
        refused.Status.ShouldBe(HttpStatusCode.Conflict);
        refused.Json["suggestion"]!.GetValue<string>().ShouldNotBeNullOrEmpty();
        (await client.GetAsync(Me)).Json["tagline"]!.GetValue<string>().ShouldBe("");

        var tooMany = await client.PostAsync("/auth/onboarding/complete", new { username = TestClient.NewName(), profile = new { favorite_genres = new[] { "jazz", "soul", "funk", "rap" } } });
        tooMany.Status.ShouldBe(HttpStatusCode.BadRequest);
        tooMany.Fields.ShouldBe(["favorite_genres"]);

        (await client.PostAsync("/auth/onboarding/complete", new { username = TestClient.NewName(), profile = new { tagline = "mine" } })).EnsureOk();
        (await client.GetAsync(Me)).Json["tagline"]!.GetValue<string>().ShouldBe("mine");
    }

    [Fact]
    public async Task Markers_of_many_devices_at_once_complete_once_and_a_taken_suggestion_is_replaced()
    {
        await using var server = await JukeServer.StartAsync();
        var clients = new List<TestClient>();
        for (var i = 0; i < 10; i++)
        {
            var client = server.NewClient();
            await client.RegisterAsync(name: "Ada Lovelace");
            clients.Add(client);
        }
        var body = new JsonObject { ["onboarding_completed_at"] = "2026-03-01T08:30:00Z", ["favorite_genres"] = new JsonArray("jazz") };
        // Three devices of each person, ten persons of one name.
        var replies = await Task.WhenAll(clients.SelectMany(c => Enumerable.Range(0, 3).Select(_ => c.PatchAsync(Me, body))));
        replies.ShouldAllBe(r => r.Status == HttpStatusCode.OK);

        var names = new List<string>();
        foreach (var client in clients)
        {
            var profile = (await client.GetAsync(Me)).EnsureOk().Json;
            profile["onboarding_completed_at"].ShouldNotBeNull();
            names.Add(profile["username"]!.GetValue<string>());
            client.Dispose();
        }
        names.ShouldBeUnique();
        names.ShouldContain("Ada_Lovelace");
    }

    [Fact]
    public async Task A_replayed_shipped_wizard_wipes_nothing_and_moves_no_date()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = await server.NewClient().OnboardedAsync();
        (await client.PatchAsync(Me, new { favorite_genres = new[] { "jazz" }, location = "London", city_lat = 51.51, city_lng = -0.13, custom_data = new { rainy_day_mood = "jazz", kept = 1 } })).EnsureOk();
        var before = (await client.GetAsync(Me)).Json;
        server.Clock.Advance(TimeSpan.FromMinutes(1));

        var replay = """
            {"favorite_genres":[],"favorite_artists":[],"location":"","city_lat":null,"city_lng":null,
             "custom_data":{"hated_genres":[],"rainy_day_mood":null,"workout_vibe":null,"onboarding_completed_at":"2026-02-01T10:00:00.123Z"}}
            """;
        using var content = new StringContent(replay, System.Text.Encoding.UTF8, "application/json");
        var after = (await client.SendAsync(HttpMethod.Patch, Me, content)).EnsureOk().Json;

        foreach (var key in new[] { "favorite_genres", "location", "city_lat", "city_lng", "custom_data", "onboarding_completed_at" })
            after[key]!.ToJsonString().ShouldBe(before[key]!.ToJsonString(), key);
    }

    [Fact]
    public async Task A_wizard_that_ends_beside_another_one_is_a_replay_and_wipes_nothing()
    {
        await using var server = await JukeServer.StartAsync();
        for (var round = 0; round < 3; round++)
        {
            using var client = server.NewClient();
            (await client.RegisterAsync()).EnsureOk();
            var full = new { favorite_genres = new[] { "jazz" }, location = "London", city_lat = 51.51, city_lng = -0.13, onboarding_completed_at = "2026-03-01T08:30:00Z" };
            var empty = """{"favorite_artists":[],"location":"","city_lat":null,"city_lng":null,"custom_data":{"onboarding_completed_at":"2026-02-01T10:00:00.123Z"}}""";
            using var content = new StringContent(empty, System.Text.Encoding.UTF8, "application/json");

            // Both have passed the gate before either is through.
            Task<Reply[]> both;
            await using (var connection = await server.Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
            await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
            {
                await using var hold = new Npgsql.NpgsqlCommand("select from users where id = $1 for no key update", connection, transaction) { Parameters = { new() { Value = client.UserId } } };
                await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
                var first = client.PatchAsync(Me, full);
                await WaitingAsync(1);
                both = Task.WhenAll(first, client.SendAsync(HttpMethod.Patch, Me, content));
                await WaitingAsync(2);
                await transaction.CommitAsync(TestContext.Current.CancellationToken);
            }
            (await both).ShouldAllBe(r => r.Status == HttpStatusCode.OK);
            var profile = (await client.GetAsync(Me)).EnsureOk().Json;
            profile["location"]!.GetValue<string>().ShouldBe("London");
            profile["city_lat"]!.GetValue<double>().ShouldBe(51.51);
        }

        Task WaitingAsync(int count) => Until.TrueAsync(async () =>
            await server.AskAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == count);
    }
}
