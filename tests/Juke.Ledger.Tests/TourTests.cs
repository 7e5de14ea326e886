using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Contract;
using Juke.Desk.Spotify;
using Juke.Desk.StandIns;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Juke.Ledger.Tests;

/// <summary>
/// A tour of every endpoint and every refusal that its document lists, over HTTP. What is answered must be listed, and what
/// is listed must be answered: a code that nobody can get is no truth either.
/// </summary>
public sealed class TourTests(ServedContract served)
{
    // Not made here: a fault of ours, an outage, a body that takes longer than a test.
    private static readonly string[] NotToured = ["INTERNAL", "SERVICE_UNAVAILABLE", "REQUEST_TIMEOUT"];

    [Fact]
    public async Task Endpoints_answer_what_their_document_lists_and_all_of_it()
    {
        var watch = new DocumentWatch(served.Document);
        var said = new ConcurrentDictionary<(bool IsJuke, string Refusal), byte>();
        TestClient.Answered += watch.See;
        TestClient.Answered += Listen;
        try
        {
            await RefusalsOfEveryEndpointAsync();
            await SignInsAsync();
            await RecoveryAsync();
            await LinksAsync();
            await OnboardedAsync();
            await WizardAsync();
            await MusicProfilesAsync();
            await SpotifyAsync();
            await DoorsTour.RunAsync();
            await new JukeTour(served).RunAsync();
        }
        finally
        {
            TestClient.Answered -= watch.See;
            TestClient.Answered -= Listen;
        }

        watch.Complaints.ShouldBeEmpty();
        served.Operations.SelectMany(o => o.Problems.Where(p => !NotToured.Contains(p.Code)).Select(p => (o.Id, p.Code)).Concat(o.Successes.Select(s => (o.Id, s))).Concat(o.OwnHeaders.Select(h => (o.Id, h))))
            .Except(watch.Seen).ShouldBeEmpty("Listed, but never answered on this tour: drive it here, or take it from .Problems(…) beside the Map.");
        foreach (var problem in new Exception[] { new BadHttpRequestException("", 408), new TimeoutException(), new InvalidOperationException() }.Select(e => Problems.From(e)))
        {
            said.TryAdd((false, Said(ToJson(problem))), 0);
            said.TryAdd((true, Said(ToJson(OldTexts.Of(problem)))), 0);
        }
        served.Operations.SelectMany(o => o.Refusals.Select(r => (IsJuke(o.Path), Said(r)))).Distinct()
            .Except(said.Keys).ShouldBeEmpty("Shown as an example, but no operation of this dialect (true: Juke) says it so: correct Published/Refusals.cs.");

        void Listen(HttpMethod method, string path, Juke.Testing.Reply reply)
        {
            if (reply.Code is not null) said.TryAdd((IsJuke(path.Split('?')[0]), Said(reply.Json)), 0);
        }
    }

    // What one dialect says proves nothing for the other.
    private static bool IsJuke(string path) => Problems.IsJuke(path);

    private static JsonNode ToJson(Problem problem) => JsonSerializer.SerializeToNode(Problems.Body(problem, ProblemCode.StatusOf(problem.Code)), CoreJson.Default.ProblemBody)!;

    /// <summary>Which members a refusal has and what it says; what is in them is the case's own.</summary>
    private static string Said(JsonNode problem) => $"{problem["code"]}: {problem["detail"]} ({string.Join(", ", problem.AsObject().Select(m => m.Key))})";

    /// <summary>What follows from the gate, from having a body and from being open, for whatever endpoint there is.</summary>
    private async Task RefusalsOfEveryEndpointAsync()
    {
        await using var strict = await JukeServer.StartAsync(s => s with { AddressRate = new Rate(1, TimeSpan.FromMinutes(1)) });
        using var impatient = strict.NewClient();
        await impatient.PostAsync("/auth/logout");
        foreach (var operation in served.Operations)
        {
            using var guest = served.Server.NewClient();
            using var newcomer = served.Server.NewClient();
            (await newcomer.RegisterAsync()).EnsureOk();
            await guest.SendAsync(operation.Method, operation.Target, change: r => r.Headers.Add("Juke-Contract", "1999-12-31"));
            if (operation.Gate != "Anonymous") await guest.SendAsync(operation.Method, operation.Target);
            else if (operation.Method == HttpMethod.Post) await impatient.SendAsync(operation.Method, operation.Target);
            if (operation.Gate == "Onboarded") await newcomer.SendAsync(operation.Method, operation.Target);
            if (operation.BodySchema is null) continue;

            if (operation.Gate == "Onboarded") (await newcomer.CompleteAsync()).EnsureOk();
            foreach (var body in (HttpContent[])[Json("{"), Json("[]"), Json("""{"unheardOf":1}"""), new StringContent("hello", new MediaTypeHeaderValue("text/plain"))])
                await newcomer.SendAsync(operation.Method, operation.Target, body);
            // Asking first: a server that refuses by the length alone may close while the rest is still on its way.
            await newcomer.SendAsync(operation.Method, operation.Target, Json($"\"{new string('x', 600_000)}\""), r => r.Headers.ExpectContinue = true);
            await newcomer.SendAsync(operation.Method, operation.Target, Json("{"), r => r.Headers.Add("Accept", "application/problem+json"));
        }
    }

    private async Task SignInsAsync()
    {
        using var ada = served.Server.NewClient(web: true);
        var email = TestClient.NewEmail();
        var name = TestClient.NewName();
        (await ada.RegisterAsync(email)).EnsureOk();
        await ada.RegisterAsync(email);
        (await ada.GetAsync("/auth/username/check?username=" + name)).EnsureOk();
        await ada.GetAsync("/auth/username/check?username=a");
        (await ada.CompleteAsync(name)).EnsureOk();
        (await ada.GetAsync("/auth/me")).EnsureOk();

        using var other = served.Server.NewClient();
        await other.PostAsync("/auth/register", new { email = TestClient.NewEmail(), password = TestClient.Password, username = name });
        (await other.RegisterAsync()).EnsureOk();
        await other.CompleteAsync(name);
        await other.LoginAsync(email, "not the password");
        (await other.LoginAsync(email)).EnsureOk();
        (await other.GetAsync("/auth/sessions")).EnsureOk();
        await other.DeleteAsync("/auth/sessions/AAECAwQFBgcICQoLDA0ODw");
        (await other.DeleteAsync("/auth/sessions/" + (await other.GetAsync("/auth/sessions")).Json["sessions"]!.AsArray().First(s => !(bool)s!["current"]!)!["id"])).EnsureOk();
        (await other.RefreshAsync()).EnsureOk();
        await other.RefreshAsync(new string('A', 75));
        (await other.PostAsync("/auth/sessions/revoke-all")).EnsureOk();
        (await other.PostAsync("/auth/logout", new { refreshToken = other.RefreshToken })).EnsureOk();
        (await ada.LoginAsync(email)).EnsureOk();
        (await ada.RefreshAsync()).EnsureOk();

        await using var later = await JukeServer.StartAsync();
        using var sleeper = later.NewClient();
        (await sleeper.RegisterAsync(email)).EnsureOk();
        await ExecuteAsync(later.Database, "update users set state = 'disabled'");
        await sleeper.LoginAsync(email);
        await ExecuteAsync(later.Database, "update users set state = 'active'");
        later.Clock.Advance(TimeSpan.FromDays(40));
        (await sleeper.RefreshAsync()).Code.ShouldBe("SESSION_EXPIRED");
    }

    private async Task RecoveryAsync()
    {
        using var ada = served.Server.NewClient();
        var email = TestClient.NewEmail();
        (await ada.RegisterAsync(email)).EnsureOk();
        await ada.PostAsync("/auth/change-password", new { currentPassword = "not the password", newPassword = TestClient.Password });
        (await ada.PostAsync("/auth/change-password", new { currentPassword = TestClient.Password, newPassword = TestClient.Password })).EnsureOk();

        (await ada.PostAsync("/auth/forgot-password", new { email })).EnsureOk();
        var link = (await served.Server.Mailbox.WaitForAsync(email, "password", 2)).Token ?? served.Server.Mailbox.All.Last(m => m.Address == email && m.Token is not null).Token;
        await ada.PostAsync("/auth/reset-password", new { token = "nonsense", newPassword = TestClient.Password });
        (await ada.PostAsync("/auth/reset-password", new { token = link, newPassword = TestClient.Password })).EnsureOk();

        await using var other = await JukeServer.StartAsync(s => s with { IdentifierRate = new Rate(2, TimeSpan.FromHours(1)) });
        using var bea = other.NewClient();
        (await bea.RegisterAsync()).EnsureOk();
        for (var i = 0; i < 3; i++)
        {
            await bea.PostAsync("/auth/change-password", new { currentPassword = TestClient.Password, newPassword = TestClient.Password });
            await bea.PostAsync("/auth/email", new { email = TestClient.NewEmail() });
        }
        await ExecuteAsync(other.Database, "update users set password_hash = null");
        await bea.PostAsync("/auth/change-password", new { currentPassword = TestClient.Password, newPassword = TestClient.Password });
    }

    private async Task LinksAsync()
    {
        using var ada = served.Server.NewClient();
        using var bea = served.Server.NewClient();
        var (email, shared) = (TestClient.NewEmail(), TestClient.NewEmail());
        (await ada.RegisterAsync(email)).EnsureOk();
        (await bea.RegisterAsync()).EnsureOk();
        var link = (await served.Server.Mailbox.WaitForAsync(email, "")).Token;
        await bea.PostAsync("/auth/verify-email", new { token = link });
        await ada.PostAsync("/auth/verify-email", new { token = "nonsense" });
        (await ada.PostAsync("/auth/verify-email", new { token = link })).EnsureOk();
        await ada.PostAsync("/auth/email", new { email = shared, currentPassword = "not the password" });

        // Both ask for the same address; who is second finds it proved.
        (await bea.PostAsync("/auth/email", new { email = shared })).EnsureOk();
        var beas = (await served.Server.Mailbox.WaitForAsync(shared, "")).Token;
        (await ada.PostAsync("/auth/email", new { email = shared, currentPassword = TestClient.Password })).EnsureOk();
        var adas = (await served.Server.Mailbox.WaitForAsync(shared, "", 2)).Token;
        (await ada.PostAsync("/auth/verify-email", new { token = adas })).EnsureOk();
        (await bea.PostAsync("/auth/verify-email", new { token = beas })).Code.ShouldBe("EMAIL_TAKEN");

        await bea.PostAsync("/auth/verify-email/reject", new { token = "nonsense" });
        (await bea.PostAsync("/auth/verify-email/reject", new { token = beas })).EnsureOk();
    }

    private async Task OnboardedAsync()
    {
        using var ada = await served.Server.NewClient().OnboardedAsync();
        using var bea = served.Server.NewClient();
        (await bea.RegisterAsync()).EnsureOk();
        var name = TestClient.NewName();
        (await bea.CompleteAsync(name)).EnsureOk();
        (await ada.GetAsync("/api/users/profile")).EnsureOk();
        (await ada.PatchAsync("/api/users/profile", new { name = "Ada", image = "https://images.example/ada.jpg" })).EnsureOk();
        await ada.PatchAsync("/api/users/profile", new { username = name });

        await ExecuteAsync(served.Server.Database, await FixturesAsync());
        foreach (var path in (string[])["/fixtures/upcoming", "/api/fixtures/upcoming"])
        {
            (await ada.GetAsync(path)).EnsureOk();
            var full = (await ada.GetAsync(path + "?include=league,teams,country,odds")).EnsureOk();
            full.Json["data"]!.AsArray().Count.ShouldBeGreaterThan(0);
            (await ada.GetAsync(path + "?page=0")).Status.ShouldBe(HttpStatusCode.BadRequest);
        }
    }

    private async Task WizardAsync()
    {
        using var ada = served.Server.NewClient();
        (await ada.RegisterAsync(name: "Ada")).EnsureOk();
        foreach (var path in (string[])["/api/onboarding", "/api/v1/onboarding/"]) (await ada.GetAsync(path)).EnsureOk();
        (await ada.GetAsync("/api/v1/genres/featured/")).EnsureOk();
        (await ada.GetAsync("/api/v1/cities/?q=par&limit=20")).EnsureOk().Json["results"]!.AsArray().Count.ShouldBe(20);
        await ada.GetAsync("/api/v1/cities/?limit=0");
        (await ada.GetAsync("/api/v1/artists/?external=true&q=nina")).EnsureOk();
        (await ada.GetAsync("/api/v1/artists/")).Code.ShouldBe("BAD_REQUEST");
        await ada.GetAsync("/api/v1/artists/?q=" + new string('x', 101));
        (await ada.PostAsync("/api/onboarding/skip", new { step = "artist" })).EnsureOk();
        await ada.PostAsync("/api/onboarding/skip", new { step = "username" });
        await ada.PostAsync("/auth/onboarding/complete", new { username = TestClient.NewName(), profile = new { location = 7 } });
        var sample = served.Operations.Single(o => o.Id == "completeOnboarding").Sample();
        sample["username"] = TestClient.NewName();
        (await ada.PostAsync("/auth/onboarding/complete", sample)).EnsureOk();
        foreach (var path in (string[])["/api/onboarding", "/api/v1/onboarding/"]) (await ada.GetAsync(path)).EnsureOk();

        await using var strict = await JukeServer.StartAsync(s => s with { Onboarding = OnboardingDefinition.FromSetting("favorite_genres", out _) });
        using var bea = strict.NewClient();
        (await bea.RegisterAsync()).EnsureOk();
        (await bea.CompleteAsync()).Code.ShouldBe("ONBOARDING_INCOMPLETE");
    }

    private async Task MusicProfilesAsync()
    {
        const string me = "/api/v1/music-profiles/me/";
        using var ada = served.Server.NewClient();
        (await ada.RegisterAsync()).EnsureOk();
        var name = TestClient.NewName();
        (await ada.CompleteAsync(name)).EnsureOk();
        foreach (var operation in served.Operations.Where(o => o.Path == me && o.Method != HttpMethod.Get))
        {
            var stale = (await ada.GetAsync(me)).EnsureOk().Headers.ETag!;
            (await ada.SendAsync(operation.Method, me, operation.Sample())).EnsureOk();
            (await ada.SendAsync(operation.Method, me, new { bio = operation.Id })).EnsureOk().Headers.ETag.ShouldNotBe(stale);
            (await ada.SendAsync(operation.Method, me, new { bio = "" }, r => r.Headers.IfMatch.Add(stale))).Code.ShouldBe("PRECONDITION_FAILED");
            (await ada.SendAsync(operation.Method, me, new { bio = true })).Fields.ShouldBe(["bio"]);
        }

        using var bea = await served.Server.NewClient().OnboardedAsync();
        foreach (var (client, path) in new[] { (ada, me), (bea, $"/api/v1/music-profiles/{name}/") })
        {
            var tag = (await client.GetAsync(path)).EnsureOk().Headers.ETag!;
            (await client.SendAsync(HttpMethod.Get, path, change: r => r.Headers.IfNoneMatch.Add(tag))).Status.ShouldBe(HttpStatusCode.NotModified);
        }
        (await bea.GetAsync("/api/v1/music-profiles/nobody-at-all/")).Code.ShouldBe("NOT_FOUND");
    }

    private async Task SpotifyAsync()
    {
        const string path = "/api/v1/auth/spotify/";
        var clock = new ManualClock();
        await using var standIn = await SpotifyStandIn.StartAsync(time: clock);
        await using var server = await JukeServer.StartAsync(
            s => s with { Spotify = new() { ClientId = SpotifyStandIn.ClientId, ClientSecret = SpotifyStandIn.ClientSecret, Accounts = standIn.Address, Api = standIn.Address } }, clock: clock);
        using var ada = server.NewClient();
        (await ada.RegisterAsync()).EnsureOk();
        (await ada.GetAsync(path + "status/")).EnsureOk();
        (await ada.PostAsync(path + "token/")).Code.ShouldBe("SPOTIFY_NOT_CONNECTED");

        await using (var insert = server.Database.CreateCommand("insert into identities (user_id, provider, external_id, created_at, seen_at) values ($1, 'spotify', 'ada', now(), now())"))
        {
            insert.Parameters.Add(new NpgsqlParameter { Value = ada.UserId });
            await insert.ExecuteNonQueryAsync();
        }
        var tokens = server.Services.GetRequiredService<TokenSeal>().Seal(new SpotifyTokens("an-access-token", TimeSpan.FromSeconds(46), "a-dead-refresh-token", ["streaming"]), clock.GetUtcNow());
        await Sql.ExecuteAsync(server.Database, [ProviderCredentials.Store(ada.UserId, "spotify", tokens, isConnect: true)], default);
        (await ada.GetAsync(path + "status/")).EnsureOk();
        (await ada.PostAsync(path + "token/")).EnsureOk();
        clock.Advance(TimeSpan.FromSeconds(1));
        standIn.Faults.Next("token", Fault.ServerErrorHtml, 2);
        (await ada.PostAsync(path + "token/")).Code.ShouldBe("PROVIDER_UNAVAILABLE");
        (await ada.PostAsync(path + "token/")).Code.ShouldBe("SPOTIFY_REFRESH_FAILED");
        await ExecuteAsync(server.Database, "update credentials set access_token = null");
        (await ada.PostAsync(path + "token/")).Code.ShouldBe("SPOTIFY_ACCESS_TOKEN_UNAVAILABLE");
        for (var i = 0; i < 30; i++) await ada.PostAsync(path + "token/");
        (await ada.PostAsync(path + "token/")).Code.ShouldBe("TOO_MANY_REQUESTS");
        (await ada.PostAsync(path + "disconnect/")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    // The sample of the document, as rows: what is listed there is what the list can show.
    private async Task<string> FixturesAsync()
    {
        await Task.Yield();
        var sample = served.Document["components"]!["examples"]!["UpcomingFixtures"]!["value"]!["data"]!.AsArray();
        var first = sample[0]!;
        string Block(string name) => "'" + JsonSerializer.Serialize(first[name]).Replace("'", "''", StringComparison.Ordinal) + "'";
        return $"""
            insert into fixtures (id, name, kickoff_at, state, league_id, league, home_team, away_team, country, odds)
            values (1, 'Full', '2026-11-22T12:00:00Z', 'NS', 8, {Block("league")}, {Block("homeTeam")}, {Block("awayTeam")}, {Block("country")}, {Block("odds")}),
                   (2, 'Bare', '2026-11-22T13:00:00.5Z', 'NS', null, null, null, null, null, '[]')
            """;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
