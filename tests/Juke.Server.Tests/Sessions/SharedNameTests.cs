using System.Net;
using Juke.Server.Passwords;
using Juke.Server.Tests.Import;
using Juke.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Sessions;

/// <summary>
/// One text that two accounts have as their name: nobody can choose such a text, but the import can bring it while the old
/// system lives. Then the password tells who signs in, and each reaches its own (contract §2).
/// </summary>
public sealed class SharedNameTests : IAsyncLifetime
{
    private const string Profiles = "/api/v1/music-profiles/";

    private JukeServer server = null!;

    public async ValueTask InitializeAsync() => server = await JukeServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Both_of_one_text_sign_in_at_every_door_with_their_own_password()
    {
        using var native = await NativeAsync("anna");
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1, "anna"));
        await server.ImportAsync(old);
        for (var round = 0; round < 3; round++)
        {
            (await IdAtCoreAsync("anna", TestClient.Password)).ShouldBe(native.UserId);
            (await IdAtCoreAsync("anna", "the password of 1")).ShouldBe(1);
            (await IdAtJukeAsync("anna", TestClient.Password)).ShouldBe(native.UserId);
            (await IdAtJukeAsync("anna", "the password of 1")).ShouldBe(1);
            // Rows move in the table as they are written; who is found must not depend on it.
            await server.ExecuteAsync("update users set name = name || 'x' where id = $1", round == 0 ? 1L : native.UserId);
        }
        var (_, lines) = await server.CertifyAsync(old);
        lines[1]["aside"]!.ToJsonString().ShouldContain("of one text for both, the password tells which");
    }

    [Fact]
    public async Task Each_refusal_of_one_text_is_the_same_work_and_a_closed_account_does_not_hide_the_open_one()
    {
        using var native = await NativeAsync("anna");
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1, "anna"));
        await server.ImportAsync(old);
        (await WorkAsync("wrong")).ShouldBe((2, "INVALID_CREDENTIALS"));
        await server.ExecuteAsync("update users set state = 'disabled' where id = $1", native.UserId);
        (await WorkAsync("wrong")).ShouldBe((2, "INVALID_CREDENTIALS"));
        (await WorkAsync(TestClient.Password)).ShouldBe((2, "ACCOUNT_DISABLED"));
        await server.ExecuteAsync("update users set state = 'pending' where id = $1", native.UserId);
        (await WorkAsync(TestClient.Password)).ShouldBe((2, "INVALID_CREDENTIALS"));
        await server.ExecuteAsync("update users set password_hash = (select password_hash from users where id = $1) where id = 1", native.UserId);
        (await IdAtCoreAsync("anna", TestClient.Password)).ShouldBe(1, "the same password on an account that is not pending");

        async Task<(long, string?)> WorkAsync(string password)
        {
            var hashing = server.Services.GetRequiredService<PasswordHashing>();
            using var client = server.NewClient();
            var before = hashing.Count;
            var reply = await client.LoginAsync("anna", password);
            return (hashing.Count - before, reply.Code);
        }
    }

    [Fact]
    public async Task Ones_own_name_reaches_ones_own_profile_and_others_see_who_holds_the_key()
    {
        using var native = await NativeAsync("anna");
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1, "anna"));
        await server.ImportAsync(old);
        using var imported = server.NewClient();
        (await imported.LoginAsync("anna", "the password of 1")).EnsureOk();
        using var other = await NativeAsync("bea");
        foreach (var (client, id) in new[] { (native, native.UserId), (imported, 1), (other, native.UserId) })
        {
            (await client.GetAsync(Profiles + "anna/")).EnsureOk().Json["id"]!.GetValue<long>().ShouldBe(id);
            var saved = await client.PatchAsync(Profiles + "anna/", new { tagline = $"of {client.UserId}" });
            if (client == other) saved.Status.ShouldBe(HttpStatusCode.Forbidden);
            else saved.EnsureOk().Json["id"]!.GetValue<long>().ShouldBe(id);
        }
    }

    [Fact]
    public async Task Nobody_can_choose_the_very_text_of_a_twin_not_even_who_holds_the_key()
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1, "anna") with { LastLogin = "2026-04-01Z" }, OldPerson.Typical(2, "Anna"));
        await server.ImportAsync(old);
        using var holder = server.NewClient();
        (await holder.LoginAsync("anna", "the password of 1")).EnsureOk();
        (await holder.GetAsync("/auth/username/check?username=Anna")).EnsureOk().Json.Flag("available").ShouldBeFalse();
        foreach (var reply in new[]
        {
            await holder.CompleteAsync("Anna"),
            await holder.PatchAsync("/api/users/profile", new { username = "Anna", name = "Not kept" }),
        })
        {
            reply.Status.ShouldBe(HttpStatusCode.Conflict);
            reply.Code.ShouldBe("USERNAME_TAKEN");
            (await holder.GetAsync("/auth/username/check?username=" + reply.Json.Text("suggestion"))).EnsureOk().Json.Flag("available").ShouldBeTrue();
        }
        (await server.AskAsync<string>("select username || coalesce(name, '') from users where id = 1")).ShouldBe("anna");
        foreach (var (name, id) in new[] { ("anna", 1), ("Anna", 2) })
        {
            (await IdAtCoreAsync(name, $"the password of {id}")).ShouldBe(id);
            (await IdAtJukeAsync(name, $"the password of {id}")).ShouldBe(id);
        }
        // Another case of the name that nobody has is the holder's to choose, and so is the one that the twin has left.
        (await holder.GetAsync("/auth/username/check?username=ANNA")).EnsureOk().Json.Flag("available").ShouldBeTrue();
        (await holder.CompleteAsync("ANNA")).EnsureOk();
        using var twin = server.NewClient();
        (await twin.LoginAsync("Anna", "the password of 2")).EnsureOk();
        (await twin.GetAsync("/auth/username/check?username=Anna")).EnsureOk().Json.Flag("available").ShouldBeTrue("its own");
        (await twin.CompleteAsync("Anna")).EnsureOk();
        (await twin.CompleteAsync("bella")).EnsureOk();
        (await holder.CompleteAsync("Anna")).EnsureOk();
    }

    [Fact]
    public async Task A_twin_that_never_verified_gives_its_text_up_in_time()
    {
        await using var old = await OldJuke.WithAsync(
            OldPerson.Typical(1, "anna"), OldPerson.Typical(2, "Anna") with { IsActive = false, LastLogin = null, Token = null, Joined = "2025-01-01T00:00:00Z" });
        await server.ImportAsync(old);
        (await server.AskAsync<string>("select state from users where id = 2")).ShouldBe("pending");
        using var holder = server.NewClient();
        (await holder.LoginAsync("anna", "the password of 1")).EnsureOk();
        (await holder.CompleteAsync("Anna")).EnsureOk();
        (await server.AskAsync<long>("select count(*) from users where username = 'Anna'")).ShouldBe(1);
    }

    [Fact]
    public async Task Renames_that_race_for_the_texts_of_one_key_never_end_with_two_of_one_text()
    {
        var names = Soak.Count(5, 100);
        await using var old = await OldJuke.WithAsync([.. Enumerable.Range(1, names).SelectMany(i => new[] { OldPerson.Typical(i, $"anna{i}"), OldPerson.Typical(1000 + i, $"Anna{i}"), OldPerson.Typical(2000 + i, $"ANNA{i}") })]);
        await server.ImportAsync(old);
        for (var i = 1; i <= names; i++)
        {
            using var holder = await OldAsync(i);
            using var staying = await OldAsync(1000 + i);
            using var leaving = await OldAsync(2000 + i);
            var (kept, left) = ($"Anna{i}", $"ANNA{i}");
            var replies = await Task.WhenAll(
                [leaving.CompleteAsync($"elsewhere{i}"), .. Enumerable.Range(0, 4).SelectMany(_ => new[] { holder.CompleteAsync(kept), staying.CompleteAsync(kept), holder.CompleteAsync(left) })]);
            replies.ShouldAllBe(r => r.Status == HttpStatusCode.OK || r.Code == "USERNAME_TAKEN");
            (await server.AskAsync<long>("select count(*) from (select from users where username is not null group by username having count(*) > 1) t")).ShouldBe(0);
            (await server.AskAsync<long>("select id from users where username = $1", kept)).ShouldBe(1000 + i);
            (await holder.CompleteAsync(left)).EnsureOk(); // Whoever left it, it is the holder's to take.
        }

        async Task<TestClient> OldAsync(long id)
        {
            var client = server.NewClient();
            (await client.LoginAsync($"user{id}@example.com", $"the password of {id}")).EnsureOk();
            return client;
        }
    }

    private async Task<TestClient> NativeAsync(string name)
    {
        var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        (await client.CompleteAsync(name)).EnsureOk();
        return client;
    }

    private async Task<long> IdAtCoreAsync(string name, string password)
    {
        using var client = server.NewClient();
        (await client.LoginAsync(name, password)).EnsureOk();
        return client.UserId;
    }

    private async Task<long> IdAtJukeAsync(string name, string password)
    {
        using var client = server.NewClient();
        (await client.TokenAsync(name, password)).EnsureOk();
        return (await client.GetAsync(Profiles + "me/")).EnsureOk().Json["id"]!.GetValue<long>();
    }
}
