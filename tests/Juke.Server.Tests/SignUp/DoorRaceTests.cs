using Juke.Desk.Google;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

/// <summary>Many at once, on two servers: one of everything, and exactly one isNewUser.</summary>
public sealed class DoorRaceTests(Doors doors) : IClassFixture<Doors>
{
    private const int Connections = 50;

    [Theory]
    [InlineData("spotify")]
    [InlineData("google")]
    [InlineData("google-verified")]
    [InlineData("social-login")]
    [InlineData("access-token")]
    public async Task One_account_of_a_provider_on_50_connections_makes_one_user_and_one_isNewUser(string door)
    {
        await using var second = await doors.AnotherServerAsync(doors.Server.ConnectionString);
        for (var round = 0; round < Soak.Count(3, 40); round++)
        {
            var listener = doors.Listener();
            var gmail = door == "google-verified" ? doors.Google.Add(new GooglePerson { Email = TestClient.NewEmail() }) : doors.Gmail();
            var users = await doors.Server.AskAsync<long>("select count(*) from users");
            var replies = await Task.WhenAll(Enumerable.Range(0, Connections).Select(async i =>
            {
                using var client = (i % 2 == 0 ? doors.Server : second).NewClient();
                return door switch
                {
                    "spotify" => await doors.WithSpotifyAsync(client, listener, i % 3 == 0 ? "streaming" : ""),
                    "social-login" => await doors.WithSocialLoginAsync(client, listener),
                    "access-token" => await doors.WithAccessTokenAsync(client, listener),
                    _ => await doors.WithGoogleAsync(client, gmail),
                };
            }));
            foreach (var reply in replies) reply.EnsureOk();
            replies.Count(r => (r.Json["isNewUser"] ?? r.Json["is_new_user"])!.GetValue<bool>()).ShouldBe(1);
            replies.Select(r => r.Json["user"]?["id"]?.GetValue<long>().ToString() ?? r.Json.Text("url")).Distinct().Count().ShouldBe(1);
            (await doors.Server.AskAsync<long>("select count(*) from users")).ShouldBe(users + 1);
            var subject = door is "google" or "google-verified" ? gmail.Subject : listener.AccountId!;
            (await doors.Server.AskAsync<long>("select count(*) from identities i join user_profiles p using (user_id) where i.subject = $1", subject)).ShouldBe(1);
            (await doors.Server.AskAsync<long>("select count(*) from sessions s join identities i using (user_id) where i.subject = $1 and s.ended_at is null", subject)).ShouldBe(Connections);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Registration_against_Google_for_one_address_makes_one_account_and_one_isNewUser(bool authoritative)
    {
        await using var second = await doors.AnotherServerAsync(doors.Server.ConnectionString);
        for (var round = 0; round < Soak.Count(10, 200); round++)
        {
            var email = authoritative ? Doors.NewGmail() : TestClient.NewEmail();
            var person = doors.Gmail(email);
            using var registers = doors.Server.NewClient();
            using var arrives = second.NewClient();
            var replies = await Task.WhenAll(Task.Run(() => registers.RegisterAsync(email)), Task.Run(() => doors.WithGoogleAsync(arrives, person)));
            replies.Count(r => r.Code is null && r.Json["isNewUser"]!.GetValue<bool>()).ShouldBe(1);
            replies.Where(r => r.Code is not null).ShouldAllBe(r => r.Code == "EMAIL_TAKEN");
            (await doors.Server.AskAsync<long>("select count(*) from users where email_key = $1", email)).ShouldBe(1);
            if (authoritative) replies[1].EnsureOk().ShouldNotBeNull("whoever came first, it is the mailbox's owner who is in");
        }
    }

    [Fact]
    public async Task Resets_that_race_with_sign_ins_leave_no_session_of_an_identity_that_was_removed()
    {
        for (var round = 0; round < Soak.Count(10, 200); round++)
        {
            var email = Doors.NewGmail();
            using var attacker = doors.Server.NewClient();
            (await attacker.RegisterAsync(email)).EnsureOk();
            var trojan = doors.Listener();
            await doors.Server.ExecuteAsync(
                "insert into identities (user_id, provider, subject, external_id, created_at, seen_at) values ($1, 'spotify', $2, $3, now(), now())", attacker.UserId, trojan.AccountId!, trojan.Id);
            using var victim = doors.Server.NewClient();
            var hits = Enumerable.Range(0, 6).Select(_ => Task.Run(() => doors.WithSpotifyAsync(doors.Server.NewClient(), trojan, "streaming"))).ToList();
            (await doors.WithGoogleAsync(victim, doors.Gmail(email))).EnsureOk();
            var answers = await Task.WhenAll(hits);
            answers.Where(a => a.Code is not null).ShouldBeEmpty();
            (await doors.Server.AskAsync<long>("select count(*) from sessions where user_id = $1 and ended_at is null", attacker.UserId)).ShouldBe(1, "the victim's alone");
            (await doors.Server.AskAsync<long>("select count(*) from identities where user_id = $1 and provider = 'spotify'", attacker.UserId)).ShouldBe(0);
        }
    }
}
