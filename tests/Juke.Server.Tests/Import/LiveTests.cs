using System.Collections.Concurrent;
using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>The import runs while people use the system.</summary>
public sealed class LiveTests
{
    [Fact]
    public async Task People_register_sign_in_and_save_while_the_import_runs_and_both_end_well()
    {
        await using var server = await JukeServer.StartAsync(quiet: true);
        await using var old = await OldJuke.WithAsync([.. Enumerable.Range(1, 1500).Select(i => OldPerson.Typical(i))]);
        var done = false;
        var requests = 0;
        // What each of them was told is saved, in a key of their own of the profile: account and person to value.
        var saved = new ConcurrentDictionary<(long User, int Person), string>();
        // Names and addresses of old users are the ones that are wanted.
        var people = Enumerable.Range(0, 3).Select(async n =>
        {
            using var client = server.NewClient();
            for (var i = 1; !Volatile.Read(ref done); i++)
            {
                var wanted = (i * 37 % 1500) + 1;
                Seen(await client.RegisterAsync($"USER{wanted}@example.com"));
                if (client.AccessToken is null) Seen(await client.RegisterAsync());
                Seen(await client.CompleteAsync($"User{wanted + n}"));
                await SaveAsync(client, n, i + " first");
                Seen(await client.LoginAsync($"user{wanted}", $"the password of {wanted}"));
                await SaveAsync(client, n, i + " then");
            }
        }).ToList();
        var counts = await server.ImportAsync(old, pageSize: 25);
        // And a delta, with old users changing on both sides.
        var now = server.Clock.GetUtcNow(); // Theirs is the same clock: by the machine's, who signs in here later might have done so earlier.
        await old.ExecuteAsync($"update juke_auth_musicprofile set tagline = 'changed there'; update juke_auth_jukeuser set last_login = '{now:O}'");
        // Of every hundred that are locked together somebody goes on saving without a new sign-in, which would wait.
        var savers = await Task.WhenAll(Enumerable.Range(0, 15).Select(async n =>
        {
            var client = server.NewClient();
            (await client.LoginAsync($"user{(n * 100) + 50}@example.com", $"the password of {(n * 100) + 50}")).EnsureOk();
            return client;
        }));
        people.Add(Task.Run(async () =>
        {
            for (var i = 1; !Volatile.Read(ref done); i++)
            {
                foreach (var client in savers)
                {
                    if (saved.TryGetValue((client.UserId, 3), out var before))
                        (await client.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json["custom_data"]!["saved_by_3"]!.GetValue<string>().ShouldBe(before, "what was saved a moment ago");
                    await SaveAsync(client, 3, $"{i}");
                }
            }
        }));
        var delta = await server.ImportAsync(old);
        Volatile.Write(ref done, true);
        await Task.WhenAll(people);
        foreach (var client in savers) client.Dispose();

        (counts.Arrived, counts.Rejected, delta.Changed, delta.Rejected).ShouldBe((1500, 0, 1500, 0));
        requests.ShouldBeGreaterThan(20, "the test would prove little");
        var (totals, lines) = await server.CertifyAsync(old);
        totals.IsWhole.ShouldBeTrue(string.Join('\n', lines.Values.Select(line => line.ToJsonString()).Where(line => line.Contains("\"status\":\"missing\"", StringComparison.Ordinal)).Take(5)));
        saved.Keys.Count(key => key.User <= 1500).ShouldBeGreaterThan(5, "the test would prove little");
        foreach (var ((user, person), value) in saved)
            (await server.AskAsync<string>("select custom_data ->> $2 from user_profiles where user_id = $1", user, $"saved_by_{person}")).ShouldBe(value, $"user {user}");
        (await server.AskAsync<long>("select count(*) from user_profiles where user_id <= 1500 and tagline = 'changed there'")).ShouldBe(1500);
        (await server.AskAsync<long>("select count(*) from users where username is not null and coalesce(username_key, username_twin_key) is null")).ShouldBe(0);
        (await server.AskAsync<long>("select count(*) from users t where username_twin_key is not null and not exists (select from users h where h.username_key = t.username_twin_key)")).ShouldBe(0);

        async Task SaveAsync(TestClient client, int person, string value)
        {
            var reply = await client.PatchAsync("/api/v1/music-profiles/me/", new { custom_data = new Dictionary<string, string>(StringComparer.Ordinal) { [$"saved_by_{person}"] = value } });
            Seen(reply);
            if (reply.Status == HttpStatusCode.OK) saved[(client.UserId, person)] = value;
        }

        void Seen(Reply reply)
        {
            Interlocked.Increment(ref requests);
            ((int)reply.Status).ShouldBeLessThan(500, reply.Body);
        }
    }
}
