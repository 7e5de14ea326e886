using System.Diagnostics;
using Juke.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>The verb as a process that is killed at random moments and started again.</summary>
public sealed class ImportKillTests
{
    private const int People = 600;

    [Fact]
    public async Task Killed_at_any_moment_and_resumed_it_ends_as_if_nothing_had_happened()
    {
        var facts = new OldPopulation(Soak.Seed).Make(People);
        await using var old = await OldJuke.WithAsync([.. facts.Select(f => f.Person)]);
        var targets = new List<string>();
        for (var i = 0; i < Soak.Count(ci: 5, soak: 100); i++) targets.Add(await TestCluster.NewDatabaseAsync());
        var reference = await TestCluster.NewDatabaseAsync();

        await ResumeAsync("first import", old, reference, targets, "select count(*) from imported_users");
        await old.ExecuteAsync(
            """
            update juke_auth_jukeuser set first_name = 'Changed', last_login = '2026-10-10Z', is_active = is_active and id % 7 <> 0;
            update juke_auth_musicprofile set bio = 'changed', location = 'Paris', city_lat = 48.86, city_lng = 2.35 where user_id % 3 = 0;
            update juke_auth_musicprofile set custom_data = '{"onboarding_completed_at": "2026-10-10", "odd": null}' where user_id % 5 = 0;
            update authtoken_token set key = substr(md5(key), 1, 32) where user_id % 4 = 0;
            delete from authtoken_token where user_id % 11 = 0;
            update social_auth_usersocialauth set modified = modified + interval '1 day', extra_data = '{"access_token": "second", "refresh_token": "r"}' where user_id % 2 = 0;
            """);
        await ResumeAsync("later run", old, reference, targets, "select count(*) from users where name like 'Changed%'");
    }

    /// <summary>Runs once without a break, and on every target with one to two kills first; all end alike.</summary>
    private static async Task ResumeAsync(string what, OldJuke old, string reference, List<string> targets, string written)
    {
        var whole = await Importing.RunVerbAsync(reference, old, "--batch", "20", "--certificate", "-");
        whole.ExitCode.ShouldBe(0, whole.Errors + string.Join('\n', whole.Output.Split('\n').Where(l => l.Contains("\"status\":\"missing\"", StringComparison.Ordinal)).Take(20)));
        var expected = await Importing.DumpAsync(reference);
        var random = new Random(Soak.Seed);
        foreach (var target in targets)
        {
            await using (var rest = await HeldRest.BehindAsync(target, written, People * 3 / 4))
            {
                for (var kill = random.Next(1, 3); kill > 0; kill--) await KillAsync(target, old, written, random.Next(0, People / 2));
                (await rest.WrittenAsync()).ShouldBeInRange(1, People - 20, $"{what}: the kill left no part behind");
            }
            var run = await Importing.RunVerbAsync(target, old, "--batch", "20");
            run.ExitCode.ShouldBe(0, $"{what}, seed {Soak.Seed}: {run.Errors}");
            (await Importing.DumpAsync(target)).ShouldBe(expected, $"{what}, seed {Soak.Seed}");
        }
    }

    /// <summary>
    /// Stops who writes more than so many users until this is disposed: however slow the killer is, he comes before the end. Where he strikes before
    /// that is still chance.
    /// </summary>
    private sealed class HeldRest(NpgsqlDataSource database, NpgsqlConnection gate, string written) : IAsyncDisposable
    {
        public static async Task<HeldRest> BehindAsync(string target, string written, int users)
        {
            var database = NpgsqlDataSource.Create(target);
            var gate = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand(
                $"""
                create function hold_the_rest() returns trigger language plpgsql as $$ begin
                    if ({written}) > {users} then perform pg_advisory_xact_lock_shared(4711); end if;
                    return null;
                end $$;
                create trigger hold_the_rest after insert or update on imported_users for each row execute function hold_the_rest();
                select pg_advisory_lock(4711)
                """, gate);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            return new HeldRest(database, gate, written);
        }

        public async Task<long> WrittenAsync()
        {
            await using var command = database.CreateCommand(written);
            return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        }

        public async ValueTask DisposeAsync()
        {
            // First whoever waits goes on, sees that nobody listens any more, and ends: the trigger cannot go before.
            await using (var command = new NpgsqlCommand("select pg_advisory_unlock(4711)", gate)) await command.ExecuteNonQueryAsync();
            await using (var command = new NpgsqlCommand("drop trigger hold_the_rest on imported_users; drop function hold_the_rest", gate)) await command.ExecuteNonQueryAsync();
            await gate.DisposeAsync();
            await database.DisposeAsync();
        }
    }

    /// <summary>Kills it once more than so many users were written: in the middle of whatever it does then.</summary>
    private static async Task KillAsync(string target, OldJuke old, string written, int after)
    {
        await using var database = NpgsqlDataSource.Create(target);
        using var process = Start(target, old);
        while (!process.HasExited)
        {
            await using var command = database.CreateCommand(written);
            if (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is long users && users > after) break;
        }
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static Process Start(string target, OldJuke old)
    {
        var start = new ProcessStartInfo("dotnet", [ServerProcess.Assembly, "import", "juke", "--from", old.ConnectionString, "--batch", "20"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in ServerProcess.Environment(target)) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }
}
