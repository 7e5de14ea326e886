using System.Net;
using System.Text.Json.Nodes;
using Juke.Server.Tests.JukeApi;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

/// <summary>A registration that nobody verified: for 7 days it keeps its name and address, afterwards anybody may have them (contract §2).</summary>
public sealed class PendingAccountTests : IAsyncLifetime
{
    private const string Accounts = "/api/v1/auth/accounts/";

    private JukeServer server = null!;
    private TestClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await JukeServer.StartAsync();
        client = server.NewClient();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task One_tick_before_seven_days_name_and_address_are_taken_and_then_they_are_free_at_every_door()
    {
        var people = new List<(long Id, string Name, string Email, JsonObject Link)>();
        while (people.Count < 6) people.Add(await PendingAsync());
        server.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromTicks(10)); // A microsecond: the database knows no ticks.
        using var ada = server.NewClient();
        (await ada.RegisterAsync()).EnsureOk();
        (await RegisterAsync(people[0].Name, people[0].Email)).Json["errors"].Keys().ShouldBe(["email", "username"]);
        (await client.RegisterAsync(people[1].Email)).Code.ShouldBe("EMAIL_TAKEN");
        (await ada.CompleteAsync(people[2].Name)).Code.ShouldBe("USERNAME_TAKEN");
        (await ada.GetAsync("/auth/username/check?username=" + people[2].Name)).Json.Flag("available").ShouldBeFalse();

        server.Clock.Advance(TimeSpan.FromTicks(10));
        (await ada.LoginAsync((await server.AskAsync<string>("select email from users where id = $1", ada.UserId))!)).EnsureOk(); // The access token is old by now.
        (await RegisterAsync(people[0].Name, people[0].Email)).Status.ShouldBe(HttpStatusCode.Created);
        (await client.RegisterAsync(people[1].Email)).EnsureOk();
        (await ada.GetAsync("/auth/username/check?username=" + people[2].Name)).Json.Flag("available").ShouldBeTrue();
        (await ada.CompleteAsync(people[2].Name)).EnsureOk();
        (await ada.PatchAsync("/api/users/profile", new { username = people[3].Name })).EnsureOk();
        (await ada.TokenAsync(people[3].Name)).EnsureOk();

        // Both of one, each from another account.
        (await RegisterAsync(people[4].Name, people[5].Email)).Status.ShouldBe(HttpStatusCode.Created);
        (await server.AskAsync<long>("select count(*) from users where id = $1 and username is null and email = $2", people[4].Id, people[4].Email)).ShouldBe(1);
        (await server.AskAsync<long>("select count(*) from users where id = $1 and username = $2 and email is null", people[5].Id, people[5].Name)).ShouldBe(1);
        (await server.AskAsync<long>("select count(*) from users where state = 'active'")).ShouldBe(2);
    }

    [Fact]
    public async Task A_link_is_good_for_seven_days_less_a_tick()
    {
        var (early, late) = (await PendingAsync(), await PendingAsync());
        server.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromTicks(10));
        (await VerifyAsync(early.Link)).EnsureOk();
        server.Clock.Advance(TimeSpan.FromTicks(10));
        (await VerifyAsync(late.Link)).Json.Text("detail").ShouldBe("Invalid signature");

        // Nobody wanted its name: a new link, and it is usable after all.
        (await client.PostAsync(Accounts + "resend-registration/", new { email = late.Email })).EnsureOk();
        var reply = (await VerifyAsync(await RegistrationLinks.WaitForAsync(server, late.Email, 2))).EnsureOk();
        reply.Json.Text("username").ShouldBe(late.Name);
    }

    [Fact]
    public async Task An_account_that_gave_up_its_name_asks_for_another_and_one_that_gave_up_its_address_is_nobodys()
    {
        var (named, addressed) = (await PendingAsync(), await PendingAsync());
        server.Clock.Advance(TimeSpan.FromDays(8));
        (await client.PostAsync(Accounts + "resend-registration/", new { username = named.Name })).EnsureOk();
        (await client.PostAsync(Accounts + "resend-registration/", new { username = addressed.Name })).EnsureOk();
        using var other = server.NewClient();
        (await other.RegisterAsync(addressed.Email)).EnsureOk();
        (await other.CompleteAsync(named.Name)).EnsureOk();

        (await VerifyAsync(await RegistrationLinks.WaitForAsync(server, addressed.Email, 2))).Json.Text("detail").ShouldBe("Invalid signature");
        var reply = (await VerifyAsync(await RegistrationLinks.WaitForAsync(server, named.Email, 2))).EnsureOk();
        reply.Json.Text("username").ShouldBe("");
        client.Token = reply.Json.Text("token");
        SecretWatch.Remember(client.Token);
        (await client.GetAsync("/auth/me")).EnsureOk().Json["username"].ShouldBeNull();
        (await client.CompleteAsync()).EnsureOk();
    }

    [Fact]
    public async Task Of_many_who_want_what_was_given_up_one_gets_it()
    {
        var pending = await PendingAsync();
        server.Clock.Advance(TimeSpan.FromDays(7));
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? RegisterAsync(pending.Name, TestClient.NewEmail()) : RegisterAsync(TestClient.NewName(), pending.Email)));
        replies.Count(r => r.Status == HttpStatusCode.Created).ShouldBe(2, string.Join('\n', replies.Select(r => r.Body)));
        replies.Count(r => r.Code == "VALIDATION_FAILED").ShouldBe(18);
        (await server.AskAsync<long>("select count(*) from users where username = $1", pending.Name)).ShouldBe(1);
        (await server.AskAsync<long>("select count(*) from users where email = $1", pending.Email)).ShouldBe(1);
    }

    [Fact]
    public async Task Verifying_and_taking_at_once_give_the_name_and_address_to_one_of_them()
    {
        for (var round = 0; round < Soak.Count(10, 100); round++)
        {
            var pending = await PendingAsync();
            server.Clock.Advance(TimeSpan.FromDays(8));
            (await client.PostAsync(Accounts + "resend-registration/", new { email = pending.Email })).EnsureOk();
            var link = await RegistrationLinks.WaitForAsync(server, pending.Email, 2);
            using var other = server.NewClient();
            var (verified, registered) = (VerifyAsync(link), other.RegisterAsync(pending.Email));
            await Task.WhenAll(verified, registered);
            ((await verified).Status == HttpStatusCode.OK).ShouldNotBe((await registered).Status == HttpStatusCode.OK, $"{(await verified).Body}\n{(await registered).Body}");
            (await server.AskAsync<long>("select count(*) from users where email = $1 and state = 'active'", pending.Email)).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Of_many_who_follow_one_link_at_once_one_is_signed_in()
    {
        var pending = await PendingAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => VerifyAsync(pending.Link)));
        replies.Count(r => r.Status == HttpStatusCode.OK).ShouldBe(1);
        (await server.AskAsync<long>("select count(*) from sessions where user_id = $1", pending.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task A_disabled_account_is_not_revived_by_its_link()
    {
        var pending = await PendingAsync();
        await server.ExecuteAsync("update users set state = 'disabled' where id = $1", pending.Id);
        (await VerifyAsync(pending.Link)).Json.Text("detail").ShouldBe("Invalid signature");
    }

    private Task<Reply> RegisterAsync(string username, string email) =>
        client.PostAsync(Accounts + "register/", new { username, email, password = TestClient.Password, password_confirm = TestClient.Password });

    private Task<Reply> VerifyAsync(JsonObject link) => client.PostAsync(Accounts + "verify-registration/", link);

    private async Task<(long Id, string Name, string Email, JsonObject Link)> PendingAsync()
    {
        var (name, email) = (TestClient.NewName(), TestClient.NewEmail());
        var reply = await RegisterAsync(name, email);
        reply.Status.ShouldBe(HttpStatusCode.Created);
        return (reply.Json["id"]!.GetValue<long>(), name, email, await RegistrationLinks.WaitForAsync(server, email));
    }
}
