using System.Net;
using Dapper;
using Juke.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Onboarding;

/// <summary>Races are decided by the database: one winner, the others told, nobody half-done (contract §6).</summary>
public sealed class CompletionRaceTests : IAsyncLifetime
{
    private JukeServer server = null!;

    public async ValueTask InitializeAsync() => server = await JukeServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Of_200_users_who_race_for_one_name_one_wins_and_199_are_told_a_free_one()
    {
        for (var round = 0; round < Soak.Count(1, 20); round++)
        {
            var racers = await ManyAsync(200);
            var name = TestClient.NewName();
            // Case and width make no other name of it.
            var spellings = new[] { name, name.ToUpperInvariant(), "Ｎ" + name[1..] };
            var replies = await AtOnceAsync(racers, (client, n) => client.CompleteAsync(spellings[n % spellings.Length]));

            replies.Count(r => r.Status == HttpStatusCode.OK).ShouldBe(1);
            var losers = racers.Zip(replies).Where(r => r.Second.Status != HttpStatusCode.OK).ToList();
            losers.Count.ShouldBe(199);
            losers.ShouldAllBe(l => l.Second.Status == HttpStatusCode.Conflict && l.Second.Code == "USERNAME_TAKEN");
            (await ScalarAsync<long>("select count(*) from users where username_key = @name", new { name })).ShouldBe(1);
            await NobodyIsHalfDoneAsync();

            // A suggestion is free when it is told, and kept for nobody: two of the losers may be told the same.
            var given = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (client, reply) in losers.Take(20))
            {
                (await client.GetAsync("/auth/me")).EnsureOk().Json["onboardingRequired"]!.GetValue<bool>().ShouldBeTrue();
                (await client.GetAsync("/fixtures/upcoming")).Code.ShouldBe("ONBOARDING_REQUIRED");
                var suggestion = reply.Json["suggestion"]!.GetValue<string>();
                while (!given.Add(suggestion)) suggestion = (await client.CompleteAsync(suggestion)).Json["suggestion"]!.GetValue<string>();
                (await client.CompleteAsync(suggestion)).EnsureOk().Json["user"]!["username"]!.GetValue<string>().ShouldBe(suggestion);
            }
            foreach (var client in racers) client.Dispose();
        }
    }

    [Fact]
    public async Task Of_50_completions_of_one_user_with_one_name_all_succeed_and_there_is_one_date()
    {
        for (var round = 0; round < Soak.Count(5, 100); round++)
        {
            var tabs = await TabsAsync(50);
            var name = TestClient.NewName();
            // Each tab at another moment of the server's clock: the date is the first one's, whichever that is.
            var replies = await AtOnceAsync(tabs, (tab, _) =>
            {
                server.Clock.Advance(TimeSpan.FromMilliseconds(1));
                return tab.CompleteAsync(name);
            });
            replies.ShouldAllBe(r => r.Status == HttpStatusCode.OK);
            replies.Select(r => r.Body).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);

            var date = await DateAsync(tabs[0].UserId);
            server.Clock.Advance(TimeSpan.FromDays(1));
            (await tabs[0].RefreshAsync()).EnsureOk();
            (await tabs[0].CompleteAsync(name)).EnsureOk().Body.ShouldBe(replies[0].Body, "again, it answers the same");
            (await DateAsync(tabs[0].UserId)).ShouldBe(date);
            foreach (var tab in tabs) tab.Dispose();
        }
    }

    [Fact]
    public async Task Of_50_completions_of_one_user_with_different_names_each_answers_its_own_and_the_last_stays()
    {
        for (var round = 0; round < Soak.Count(5, 100); round++)
        {
            var tabs = await TabsAsync(50);
            var names = tabs.Select(_ => TestClient.NewName()).ToList();
            await RaceForNamesAsync(tabs, names);
            // Now as renames, some of them to the name that the user has at this moment, some through the profile.
            var current = await ScalarAsync<string>("select username from users where id = @UserId", new { tabs[0].UserId });
            await RaceForNamesAsync(tabs, [.. names.Select((n, i) => i % 2 == 0 ? current! : n)], someByProfile: true);
            foreach (var tab in tabs) tab.Dispose();
        }
    }

    [Fact]
    public async Task Registrations_that_race_for_one_address_make_one_account()
    {
        for (var round = 0; round < Soak.Count(5, 100); round++)
        {
            var local = $"Anna{Guid.NewGuid():N}";
            string[] spellings = [$"{local}@Example.com", $"{local.ToUpperInvariant()}@EXAMPLE.COM", $"{local.ToLowerInvariant()}@example.com"];
            var racers = Enumerable.Range(0, 30).Select(_ => server.NewClient()).ToList();
            var replies = await AtOnceAsync(racers, (client, n) => client.RegisterAsync(spellings[n % spellings.Length]));
            replies.Count(r => r.Status == HttpStatusCode.OK).ShouldBe(1);
            replies.Where(r => r.Status != HttpStatusCode.OK).ShouldAllBe(r => r.Code == "EMAIL_TAKEN");
            (await ScalarAsync<long>("select count(*) from users where lower(email) = @email", new { email = spellings[2] })).ShouldBe(1);
            foreach (var client in racers) client.Dispose();
        }
        await NobodyIsHalfDoneAsync();
        (await ScalarAsync<long>("select count(*) from users where not exists (select from sessions where user_id = users.id)")).ShouldBe(0);
    }

    [Fact]
    public async Task Registrations_that_race_for_one_username_make_one_account_and_leave_no_trace_of_the_others()
    {
        var name = TestClient.NewName();
        var racers = Enumerable.Range(0, 30).Select(_ => server.NewClient()).ToList();
        var replies = await AtOnceAsync(racers, (client, _) => client.PostAsync("/auth/register", new { email = TestClient.NewEmail(), password = TestClient.Password, username = name }));
        replies.Count(r => r.Status == HttpStatusCode.OK).ShouldBe(1);
        replies.Where(r => r.Status != HttpStatusCode.OK).ShouldAllBe(r => r.Code == "USERNAME_TAKEN");
        (await ScalarAsync<long>("select (select count(*) from users) + (select count(*) from user_profiles) + (select count(*) from sessions) + (select count(*) from email_tokens)")).ShouldBe(4);
        foreach (var client in racers) client.Dispose();
    }

    [Fact]
    public async Task Another_name_renames_and_frees_the_one_before_and_the_date_never_moves()
    {
        using var client = await server.NewClient().OnboardedAsync();
        var date = await DateAsync(client.UserId);
        var first = (await client.GetAsync("/auth/me")).Json["username"]!.GetValue<string>();
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        var second = TestClient.NewName();
        (await client.CompleteAsync(second)).EnsureOk().Json["user"]!["username"]!.GetValue<string>().ShouldBe(second);
        (await DateAsync(client.UserId)).ShouldBe(date);

        using var other = await server.NewClient().OnboardedAsync();
        (await other.CompleteAsync(second)).Code.ShouldBe("USERNAME_TAKEN");
        (await other.CompleteAsync(first)).EnsureOk();
        // Only the spelling of one's own name.
        (await client.CompleteAsync(second.ToUpperInvariant())).EnsureOk().Json["user"]!["username"]!.GetValue<string>().ShouldBe(second.ToUpperInvariant());
    }

    [Fact]
    public async Task Who_completes_is_whom_the_access_token_names_and_nobody_else()
    {
        using var client = server.NewClient();
        await client.RegisterAsync();
        using var victim = server.NewClient();
        await victim.RegisterAsync();
        foreach (var member in (string[])["userId", "id", "user_id", "sub", "user"])
            (await client.PostAsync("/auth/onboarding/complete", new Dictionary<string, object> { ["username"] = TestClient.NewName(), [member] = victim.UserId })).Status.ShouldBe(HttpStatusCode.BadRequest, member);
        (await client.PostAsync($"/auth/onboarding/complete?userId={victim.UserId}&id={victim.UserId}", new { username = TestClient.NewName() })).EnsureOk()
            .Json["user"]!["id"]!.GetValue<long>().ShouldBe(client.UserId);
        (await victim.GetAsync("/auth/me")).Json["onboardingRequired"]!.GetValue<bool>().ShouldBeTrue();
        client.AccessToken = null;
        (await client.CompleteAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_imported_name_that_lost_its_key_to_its_twin_completes_as_it_is()
    {
        using var holder = server.NewClient();
        await holder.RegisterAsync();
        var name = TestClient.NewName();
        (await holder.CompleteAsync(name)).EnsureOk();
        using var twin = server.NewClient();
        await twin.RegisterAsync();
        await ScalarAsync<int>("update users set username = @name where id = @UserId returning 1", new { name = name.ToUpperInvariant(), twin.UserId });

        (await twin.CompleteAsync(name.ToUpperInvariant())).EnsureOk().Json["user"]!["username"]!.GetValue<string>().ShouldBe(name.ToUpperInvariant());
        (await ScalarAsync<string?>("select username_key from users where id = @UserId", new { twin.UserId })).ShouldBeNull();
        (await twin.CompleteAsync(name)).Code.ShouldBe("USERNAME_TAKEN");
    }

    private async Task RaceForNamesAsync(List<TestClient> tabs, List<string> names, bool someByProfile = false)
    {
        var replies = await AtOnceAsync(tabs, (tab, n) =>
            someByProfile && n % 4 < 2 ? tab.PatchAsync("/api/users/profile", new { username = names[n] }) : tab.CompleteAsync(names[n]));
        replies.ShouldAllBe(r => r.Status == HttpStatusCode.OK);
        replies.Select(r => r.Json["user"]!["username"]!.GetValue<string>()).ShouldBe(names, "each answers with the name that it set");
        var stored = await ScalarAsync<string>("select username from users where id = @UserId", new { tabs[0].UserId });
        names.ShouldContain(stored!);
        (await ScalarAsync<string>("select username_key from users where id = @UserId", new { tabs[0].UserId })).ShouldBe(stored);
        await NobodyIsHalfDoneAsync();
    }

    /// <summary>All wait at the same gate, then go.</summary>
    private static async Task<Reply[]> AtOnceAsync(List<TestClient> clients, Func<TestClient, int, Task<Reply>> act)
    {
        using var gate = new SemaphoreSlim(0);
        var all = clients.Select(async (client, n) =>
        {
            await gate.WaitAsync();
            return await act(client, n);
        }).ToList();
        gate.Release(clients.Count);
        return await Task.WhenAll(all);
    }

    private async Task<List<TestClient>> ManyAsync(int count)
    {
        var clients = Enumerable.Range(0, count).Select(_ => server.NewClient()).ToList();
        await Parallel.ForEachAsync(clients, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (client, _) => (await client.RegisterAsync()).EnsureOk());
        return clients;
    }

    /// <summary>One user, one session, many connections.</summary>
    private async Task<List<TestClient>> TabsAsync(int count)
    {
        var email = TestClient.NewEmail();
        using (var first = server.NewClient()) (await first.RegisterAsync(email)).EnsureOk();
        var tabs = Enumerable.Range(0, count).Select(_ => server.NewClient()).ToList();
        (await tabs[0].LoginAsync(email)).EnsureOk();
        foreach (var tab in tabs.Skip(1)) (tab.AccessToken, tab.RefreshToken) = (tabs[0].AccessToken, tabs[0].RefreshToken);
        return tabs;
    }

    private async Task NobodyIsHalfDoneAsync() =>
        (await ScalarAsync<long>(
            """
            select count(*) from users u left join user_profiles p on p.user_id = u.id
             where p.user_id is null or p.onboarding_done <> (u.username is not null) or (u.username is null) <> (u.username_key is null)
                or p.onboarding_done <> (p.onboarding_done_at is not null)
            """)).ShouldBe(0);

    private Task<DateTime> DateAsync(long id) => ScalarAsync<DateTime>("select onboarding_done_at from user_profiles where user_id = @id", new { id })!;

    private async Task<T?> ScalarAsync<T>(string sql, object? values = null)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        return await connection.ExecuteScalarAsync<T>(sql, values);
    }
}
