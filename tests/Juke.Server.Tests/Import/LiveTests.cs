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
                Seen(await client.PatchAsync("/api/v1/music-profiles/me/", new { bio = $"{n} {i}" }));
                Seen(await client.LoginAsync($"user{wanted}", $"the password of {wanted}"));
            }
        }).ToList();
        var counts = await server.ImportAsync(old, pageSize: 25);
        // And a delta, with old users changing on both sides.
        await old.ExecuteAsync("update juke_auth_musicprofile set tagline = 'changed there'; update juke_auth_jukeuser set last_login = now()");
        var delta = await server.ImportAsync(old, pageSize: 25);
        Volatile.Write(ref done, true);
        await Task.WhenAll(people);

        (counts.Arrived, counts.Rejected, delta.Changed, delta.Rejected).ShouldBe((1500, 0, 1500, 0));
        requests.ShouldBeGreaterThan(20, "the test would prove little");
        (await server.CertifyAsync(old)).Totals.IsWhole.ShouldBeTrue();
        (await server.AskAsync<long>("select count(*) from users where username is not null and coalesce(username_key, username_twin_key) is null")).ShouldBe(0);
        (await server.AskAsync<long>("select count(*) from users t where username_twin_key is not null and not exists (select from users h where h.username_key = t.username_twin_key)")).ShouldBe(0);

        void Seen(Reply reply)
        {
            Interlocked.Increment(ref requests);
            ((int)reply.Status).ShouldBeLessThan(500, reply.Body);
        }
    }
}
