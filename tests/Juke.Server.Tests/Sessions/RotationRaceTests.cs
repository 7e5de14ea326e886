using System.Diagnostics;
using System.Net;
using Dapper;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Sessions;

/// <summary>The rotation over HTTP on PostgreSQL with real concurrency: what comes out is what the pure table says.</summary>
public sealed class RotationRaceTests(ITestOutputHelper output)
{
    /// <summary>Schedules that share a server and its clock.</summary>
    private const int GroupSize = 100;

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(11), TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15), TimeSpan.FromHours(5), TimeSpan.FromDays(12),
        TimeSpan.FromDays(30),
    ];

    [Fact]
    public async Task Random_schedules_give_the_answers_and_rows_of_the_pure_table()
    {
        var count = Soak.Count(2000, 20_000);
        output.WriteLine($"{count} schedules, JUKE_SEED={Soak.Seed}");
        var started = Stopwatch.GetTimestamp();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var group = 0; group < count / GroupSize; group++) await RunGroupAsync(group, seen);

        output.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s; {string.Join(", ", seen.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}: {s.Value}"))}");
        foreach (var corner in (string[])["refresh Advance", "refresh Repeat", "refresh late Repeat", "refresh Reuse", "refresh Unknown", "refresh Ended", "refresh Expired", "LogoutOp", "at once", "ended during others"])
            seen.GetValueOrDefault(corner).ShouldBeGreaterThan(10, corner);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(50, true)]
    [InlineData(50, false)]
    public async Task Parallel_refreshes_with_one_token_all_get_the_same_successor(int parallel, bool sendAttempts)
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        for (var round = 0; round < Soak.Count(5, 100); round++)
        {
            await client.RegisterAsync();
            var token = client.RefreshToken;
            using var start = new SemaphoreSlim(0);
            var all = Enumerable.Range(0, parallel).Select(async n =>
            {
                using var tab = server.NewClient();
                await start.WaitAsync();
                return await tab.RefreshAsync(token, sendAttempts ? $"{n:D4}{Guid.NewGuid():N}" : null);
            }).ToList();
            start.Release(parallel);
            var replies = await Task.WhenAll(all);

            replies.ShouldAllBe(r => r.Status == HttpStatusCode.OK);
            replies.Select(r => r.Json["refreshToken"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
            TokenForge.Gen(replies[0].Json["refreshToken"]!.GetValue<string>()).ShouldBe(2);
            foreach (var reply in replies)
            {
                client.AccessToken = reply.Json["accessToken"]!.GetValue<string>();
                (await client.GetAsync("/auth/me")).EnsureOk();
            }
            client.AccessToken = null;
        }
    }

    [Fact]
    public async Task A_repeated_answer_moves_no_expiry_however_often_it_is_asked_for()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.RegisterAsync();
        var first = client.RefreshToken;
        const string attempt = "0123456789abcdef0123456789abcdef";
        (await client.RefreshAsync(first, attempt)).EnsureOk();
        var before = await RowAsync(server);
        var second = client.RefreshToken;
        foreach (var wait in (TimeSpan[])[TimeSpan.FromSeconds(10), TimeSpan.FromHours(1), TimeSpan.FromDays(29)])
        {
            server.Clock.Advance(wait);
            var reply = (await client.RefreshAsync(first, attempt)).EnsureOk();
            client.RefreshToken.ShouldBe(second);
            reply.Json["expiresIn"]!.GetValue<int>().ShouldBe(900, "a fresh access token each time");
        }
        (await RowAsync(server)).ShouldBe(before);

        // Thirty days after generation 2 was made it is over, for all the repeats.
        server.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromHours(1) - TimeSpan.FromSeconds(10));
        (await client.RefreshAsync(first, attempt)).Code.ShouldBe("SESSION_EXPIRED");
    }

    [Fact]
    public async Task Two_servers_on_one_database_are_one_rotation()
    {
        await using var one = await JukeServer.StartAsync();
        await using var two = await JukeServer.StartAsync(connectionString: one.ConnectionString, clock: one.Clock);
        using var client = one.NewClient();
        for (var round = 0; round < Soak.Count(20, 500); round++)
        {
            await client.RegisterAsync();
            var token = client.RefreshToken;
            var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(async n =>
            {
                using var tab = (n % 2 == 0 ? one : two).NewClient();
                return (await tab.RefreshAsync(token)).EnsureOk().Json["refreshToken"]!.GetValue<string>();
            }));
            replies.Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
            client.AccessToken = null;
        }
    }

    private static async Task<string> RowAsync(JukeServer server)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<string>("select sessions::text from sessions"))!;
    }

    private static async Task RunGroupAsync(int group, Dictionary<string, int> seen)
    {
        await using var server = await JukeServer.StartAsync(quiet: true);
        var clock = new Random(HashCode.Combine(Soak.Seed, group));
        var schedules = Enumerable.Range(0, GroupSize)
            .Select(n => new RotationSchedule(server, new Random(unchecked(Soak.Seed + (group * 1000) + n)), $"JUKE_SEED={Soak.Seed}, group {group}, schedule {n}")).ToList();
        await Parallel.ForEachAsync(schedules, new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (schedule, _) => await schedule.BeginAsync());
        for (var burst = 0; burst < 6; burst++)
        {
            await Parallel.ForEachAsync(schedules, new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (schedule, _) => await schedule.BurstAsync());
            server.Clock.Advance(Waits[clock.Next(Waits.Length)]);
        }
        foreach (var schedule in schedules)
        {
            foreach (var (what, times) in schedule.Seen) seen[what] = seen.GetValueOrDefault(what) + times;
            schedule.Dispose();
        }
    }
}
