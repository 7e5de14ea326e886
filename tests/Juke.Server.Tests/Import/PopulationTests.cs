using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Tests.SignUp;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>A whole old Juke comes over, and every fact of every user is asked for through the API.</summary>
public sealed class PopulationTests(Doors doors) : IClassFixture<Doors>
{
    private const int People = 3000;

    private readonly JukeServer server = doors.Server;

    [Fact]
    public async Task Three_thousand_users_of_every_shape_come_along_with_every_fact()
    {
        var facts = new OldPopulation(20261121).Make(People);
        await using var old = await OldJuke.WithAsync([.. facts.Select(f => f.Person)]);
        var run = await Importing.RunVerbAsync(server.ConnectionString, old, "--certificate", "-", "--batch", "300");
        run.ExitCode.ShouldBe(0, run.Errors);
        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(facts.Count);
        run.Output.ShouldNotContain("\"status\":\"missing\"");
        facts.Count(f => f.PasswordSignsIn).ShouldBeGreaterThan(People / 2, "the test would prove little");

        var faults = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(facts, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken }, async (fact, _) =>
        {
            foreach (var fault in await FaultsAsync(fact)) faults.Add($"{fact.Person.Id} {fact.Person.Username}: {fault}");
        });
        faults.Order(StringComparer.Ordinal).Take(20).ShouldBeEmpty($"{faults.Count} faults");
        (await server.AskAsync<long>("select count(*) from accounts where onboarding_required is null")).ShouldBe(0);

        // Through the door of the old apps, with every shape of what the old server kept of the link.
        var shapes = facts.Where(f => f.Person.Links.Count > 0).GroupBy(f => (f.State, f.Person.Links.Count, f.Person.Links[^1].ExtraData)).ToList();
        shapes.Select(s => s.Key.ExtraData ?? "no value").Distinct(StringComparer.Ordinal).Count().ShouldBe(OldPopulation.ExtraData.Count);
        foreach (var shape in shapes)
        {
            using var client = server.NewClient();
            foreach (var fact in shape.Take(2))
            {
                var entered = await doors.WithSocialLoginAsync(client, doors.Spotify.Add(new() { Id = fact.Person.Links[^1].Uid }));
                entered.Status.ShouldBe(fact.State == "active" ? HttpStatusCode.OK : HttpStatusCode.Forbidden, shape.Key.ToString());
                if (fact.State != "active") continue;
                ((string)entered.Json["username"]!, (bool)entered.Json["is_new_user"]!).ShouldBe((fact.Person.Username, false));
                ((string)entered.Json["url"]!).Split('/')[^2].ShouldBe(fact.Person.Id.ToString(CultureInfo.InvariantCulture));
                ((bool)entered.Json["onboarding_required"]!).ShouldBe(!(fact.HasName && fact.CountsAsOnboarded));
            }
        }
    }

    private async Task<List<string>> FaultsAsync(Fact fact)
    {
        var faults = new List<string>();
        var person = fact.Person;
        var onboarded = fact.HasName && fact.CountsAsOnboarded;
        Check("state", await server.AskAsync<string>("select state from users where id = $1", person.Id), fact.State);
        Check("username", await server.AskAsync<string>("select username from users where id = $1", person.Id), person.Username);
        Check("email", await server.AskAsync<string>("select email from users where id = $1", person.Id), fact.Email);
        Check("name", await server.AskAsync<string>("select name from users where id = $1", person.Id), fact.Name);
        Check("joined", await server.AskAsync<DateTime>("select created_at from users where id = $1", person.Id), Instant(person.Joined));
        Check("last sign-in", await server.AskAsync<DateTime>("select last_sign_in_at from users where id = $1", person.Id), person.LastLogin is { } seen ? Instant(seen) : default);
        Check("completed", await server.AskAsync<DateTime>("select onboarding_done_at from user_profiles where user_id = $1", person.Id), fact.CompletedAt?.UtcDateTime ?? default);
        // As its owner would see it: not everybody can sign in to ask.
        var stored = await MusicProfileRows.FindAsync(server.Database, person.Id, TestContext.Current.CancellationToken);
        CheckProfile(JsonSerializer.SerializeToNode(stored!.ToWire(isOwner: true), JukeJson.Plain.MusicProfile)!, fact, faults);
        Check("holds the name", await server.AskAsync<bool>("select username_key is not null from users where id = $1", person.Id), fact.HasName && fact.HoldsName);
        Check("the name is blocked", await server.AskAsync<bool>("select coalesce(username_key, username_twin_key) is not null from users where id = $1", person.Id), fact.HasName);
        Check("owns the address", await server.AskAsync<bool>("select email_key is not null from users where id = $1", person.Id), fact.OwnsAddress);
        Check("the address is proved", await server.AskAsync<bool>("select email_proved_at is not null from users where id = $1", person.Id), fact.IsProved);
        Check("gate", await server.AskAsync<bool>("select not onboarding_required from accounts where id = $1", person.Id), onboarded);
        Check("link", await server.AskAsync<string>("select external_id from identities where user_id = $1", person.Id), person.Links.Count == 0 ? null : person.Links[^1].Uid);

        using var client = server.NewClient();
        if (person.Token is { } token)
        {
            SecretWatch.Remember(token);
            var me = await client.SendAsync(HttpMethod.Get, "/auth/me", null, r => r.Headers.TryAddWithoutValidation("Authorization", "Token " + token));
            Check("old token", me.Status, fact.TokenSignsIn ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
            if (fact.TokenSignsIn)
            {
                Check("onboardingRequired", me.Json["onboardingRequired"]!.GetValue<bool>(), !onboarded);
                var gated = await client.SendAsync(HttpMethod.Get, "/fixtures/upcoming", null, r => r.Headers.TryAddWithoutValidation("Authorization", "Token " + token));
                Check("behind the gate", gated.Status, onboarded ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
                CheckProfile((await client.SendAsync(HttpMethod.Get, "/api/v1/music-profiles/me/", null, r => r.Headers.TryAddWithoutValidation("Authorization", "Token " + token))).EnsureOk().Json, fact, faults);
            }
        }
        // The core door trims what is typed; names with spaces at an end sign in by their address there.
        var identifier = fact.OwnsAddress ? person.Email : person.Username;
        if (person.Typed is not null && (fact.OwnsAddress || person.Username == person.Username.Trim()))
            Check("old password", (await client.LoginAsync(identifier, person.Typed)).Status, fact.State switch { "active" => HttpStatusCode.OK, "pending" => HttpStatusCode.Unauthorized, _ => HttpStatusCode.Forbidden });
        // The old apps' door takes the name literally, blanks and all, and refuses everybody else alike.
        client.AccessToken = null;
        if (person.Typed is not null)
        {
            var entered = await client.SendAsync(HttpMethod.Post, "/api/v1/auth/api-auth-token/", new { username = person.Username, password = person.Typed });
            Check("old door", entered.Status, fact.State == "active" ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
            if (entered.Status == HttpStatusCode.OK)
            {
                SecretWatch.Remember((string)entered.Json["token"]!);
                var me = await client.SendAsync(HttpMethod.Get, "/auth/me", null, r => r.Headers.TryAddWithoutValidation("Authorization", "Token " + (string)entered.Json["token"]!));
                Check("by name", me.Json["id"]!.GetValue<long>(), person.Id);
            }
        }
        return faults;

        void Check<T>(string what, T actual, T expected)
        {
            if (!Equals(actual, expected)) faults.Add($"{what} is {actual}, not {expected}");
        }
    }

    private static DateTime Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcDateTime;

    private static void CheckProfile(JsonNode actual, Fact fact, List<string> faults)
    {
        var (name, canonical) = (fact.ProfileCase?["name"], fact.ProfileCase?["canonical"]);
        foreach (var (key, empty) in new[]
        {
            ("name", "null"), ("display_name", "\"\""), ("tagline", "\"\""), ("bio", "\"\""), ("location", "\"\""), ("avatar_url", "\"\""), ("favorite_genres", "[]"), ("favorite_artists", "[]"),
            ("favorite_albums", "[]"), ("favorite_tracks", "[]"), ("city_lat", "null"), ("city_lng", "null"), ("custom_data", "{}"),
        })
        {
            var expected = canonical?[key] ?? JsonNode.Parse(empty);
            if (!SameJson(actual[key], expected)) faults.Add($"{name}: {key} is {actual[key]?.ToJsonString()}, not {expected?.ToJsonString()}");
        }
        var completed = actual["onboarding_completed_at"] is { } date ? Instant((string)date!) : (DateTime?)null;
        if (completed != fact.CompletedAt?.UtcDateTime) faults.Add($"{name}: completed at {completed:O}, not {fact.CompletedAt:O}");
    }

    private static bool SameJson(JsonNode? a, JsonNode? b) => JsonNode.DeepEquals(a, b);
}
