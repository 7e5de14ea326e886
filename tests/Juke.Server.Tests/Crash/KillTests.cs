using System.Collections.Concurrent;
using System.Net;
using Dapper;
using Juke.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Crash;

/// <summary>The server dies by SIGKILL at random moments under load: what it acknowledged is there, and nothing is half there.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Clients = 6;

    [Fact]
    public async Task A_killed_server_leaves_no_half_made_account_and_loses_nothing_that_it_acknowledged()
    {
        var random = new Random(Soak.Seed);
        output.WriteLine($"JUKE_SEED={Soak.Seed}");
        var connectionString = await TestCluster.NewDatabaseAsync();
        var (people, unanswered) = (new ConcurrentQueue<Person>(), 0);
        for (var kill = 0; kill < Soak.Count(5, 50); kill++)
        {
            var before = people.Count;
            await using (var server = await ServerProcess.StartAsync(connectionString))
            {
                var load = new Load(server.Url, people, diesAfter: random.Next(20, 200));
                var running = Enumerable.Range(0, Clients).Select(_ => load.RunAsync()).ToList();
                await load.DeathIsDue;
                await server.KillAsync();
                await Task.WhenAll(running);
                unanswered += load.Unanswered;
            }
            await NothingIsHalfThereAsync(connectionString);
            output.WriteLine($"kill {kill + 1}: {people.Count - before} people acknowledged");
        }

        await using (var server = await ServerProcess.StartAsync(connectionString))
            await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (person, _) => await EverythingIsThereAsync(server.Url, person));
        output.WriteLine($"{people.Count} acknowledged registrations, {people.Count(p => p.Username is not null)} acknowledged completions, {unanswered} requests died with the server");
        people.Count(p => p.Username is not null).ShouldBeGreaterThan(20);
        unanswered.ShouldBeGreaterThan(0, "the server was killed with requests in its hands");
    }

    private static async Task EverythingIsThereAsync(Uri url, Person person)
    {
        using var client = new TestClient(url);
        var user = (await client.LoginAsync(person.Email)).EnsureOk().Json["user"]!;
        user["id"]!.GetValue<long>().ShouldBe(person.Id);
        if (person.Username is not null)
        {
            user["onboardingRequired"]!.GetValue<bool>().ShouldBeFalse();
            user["username"]!.GetValue<string>().ShouldBe(person.Username);
            (await client.GetAsync("/fixtures/upcoming")).EnsureOk();
        }
        // The session that was acknowledged before the kill is as good as a new one.
        client.AccessToken = person.AccessToken;
        (await client.GetAsync("/auth/me")).EnsureOk();
        (await client.RefreshAsync(person.RefreshToken)).EnsureOk();
        if (user["onboardingRequired"]!.GetValue<bool>())
        {
            (await client.GetAsync("/fixtures/upcoming")).Code.ShouldBe("ONBOARDING_REQUIRED");
            (await client.CompleteAsync()).EnsureOk();
        }
    }

    private static async Task NothingIsHalfThereAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        foreach (var (what, sql) in new[]
        {
            ("a user without a profile, or the other way round", "select count(*) from users u full join user_profiles p on p.user_id = u.id where u.id is null or p.user_id is null"),
            ("a username without onboarding done, or the other way round", "select count(*) from users u join user_profiles p on p.user_id = u.id where p.onboarding_done <> (u.username is not null)"),
            ("onboarding done without a date, or the other way round", "select count(*) from user_profiles where onboarding_done <> (onboarding_done_at is not null)"),
            ("a key without its text, or the other way round", "select count(*) from users where (username is null) <> (username_key is null) or (email is null) <> (email_key is null)"),
            ("a user without the session of the sign-up", "select count(*) from users u where not exists (select from sessions s where s.user_id = u.id)"),
            ("a user whose verification was never written", "select count(*) from users u where not exists (select from email_tokens t where t.user_id = u.id)"),
        })
            (await connection.ExecuteScalarAsync<long>(sql)).ShouldBe(0, what);
    }

    /// <summary>Somebody whose registration was acknowledged; the name, when the completion was too.</summary>
    private sealed record Person(string Email, long Id, string AccessToken, string RefreshToken)
    {
        public string? Username { get; set; }
    }

    /// <summary>Sign-ups and completions in a loop, until the server is gone.</summary>
    private sealed class Load(Uri url, ConcurrentQueue<Person> people, int diesAfter)
    {
        private readonly TaskCompletionSource due = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int acknowledged, unanswered;

        /// <summary>Ends after so many acknowledgements; the others are then in the middle of something.</summary>
        public Task DeathIsDue => due.Task;

        public int Unanswered => unanswered;

        public async Task RunAsync()
        {
            try
            {
                while (true) await OnePersonAsync();
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
            {
                // Between two requests: this one found nobody any more, and says nothing of the kill.
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref unanswered);
            }
            catch (Exception e)
            {
                due.TrySetException(e); // A bug, not the kill: say so instead of waiting for ever.
                throw;
            }
        }

        private async Task OnePersonAsync()
        {
            using var client = new TestClient(url);
            var email = TestClient.NewEmail();
            (await client.RegisterAsync(email)).EnsureOk();
            var person = new Person(email, client.UserId, client.AccessToken!, client.RefreshToken!);
            people.Enqueue(person);
            Acknowledge();
            var name = TestClient.NewName();
            var reply = await client.CompleteAsync(name);
            reply.Status.ShouldBe(HttpStatusCode.OK);
            person.Username = name;
            Acknowledge();
        }

        private void Acknowledge()
        {
            if (Interlocked.Increment(ref acknowledged) == diesAfter) due.TrySetResult();
        }
    }
}
