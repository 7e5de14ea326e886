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
        for (var round = 0; round < Soak.Count(5, 100); round++)
        {
            var email = authoritative ? Doors.NewGmail() : TestClient.NewEmail();
            var person = doors.Gmail(email);
            var replies = await Task.WhenAll(Enumerable.Range(0, Connections).Select(async i =>
            {
                using var client = (i % 4 < 2 ? doors.Server : second).NewClient();
                return i % 2 == 0 ? await client.RegisterAsync(email) : await doors.WithGoogleAsync(client, person);
            }));
            replies.Count(r => r.Code is null && r.Json["isNewUser"]!.GetValue<bool>()).ShouldBe(1);
            replies.Where(r => r.Code is not null).ShouldAllBe(r => r.Code == "EMAIL_TAKEN");
            (await doors.Server.AskAsync<long>("select count(*) from users where email_key = $1", email)).ShouldBe(1);
            (await doors.Server.AskAsync<long>("select count(*) from identities where subject = $1", person.Subject)).ShouldBeLessThanOrEqualTo(1);
            var byGoogle = replies.Where((_, i) => i % 2 == 1).ToList();
            if (authoritative) byGoogle.ShouldAllBe(r => r.Code == null, "whoever came first, it is the mailbox's owner who is in");
            else byGoogle.Select(r => r.Code).Distinct().Count().ShouldBe(1, "the address was somebody's before, or it was not");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Proofs_of_an_address_that_race_with_sign_ins_leave_no_session_of_an_identity_that_was_removed(bool byReset)
    {
        for (var round = 0; round < Soak.Count(8, 100); round++)
        {
            var email = Doors.NewGmail();
            using var attacker = await new Browser(doors.Server).RegisterAsync(email);
            var account = await doors.Server.AskAsync<long>("select id from users where email_key = $1", email);
            var trojan = doors.Listener();
            (await attacker.TravelAsync("/settings/connect/spotify", trojan.Key)).Location.ShouldBe("/settings?notice=SpotifyConnected");
            using var victim = doors.Server.NewClient();
            var proof = await ProofAsync(victim, email, byReset);

            var hits = Enumerable.Range(0, 6).Select(_ => Task.Run(() => doors.WithSpotifyAsync(doors.Server.NewClient(), trojan, "streaming"))).ToList();
            (await proof()).EnsureOk();
            // Before the proof they opened the account, after it they made one of their own.
            foreach (var answer in await Task.WhenAll(hits)) answer.EnsureOk();
            (await doors.Server.AskAsync<long>("select count(*) from sessions where user_id = $1 and ended_at is null", account)).ShouldBe(byReset ? 0 : 1, "the victim's alone");
            (await doors.Server.AskAsync<long>("select count(*) from identities where user_id = $1 and provider = 'spotify'", account)).ShouldBe(0);
            (await doors.Server.AskAsync<long>("select count(*) from credentials where user_id = $1", account)).ShouldBe(0);
        }
    }

    /// <summary>What ends the attacker's ways in: the reset itself, or Google's word.</summary>
    private async Task<Func<Task<Reply>>> ProofAsync(TestClient victim, string email, bool byReset)
    {
        if (!byReset) return () => doors.WithGoogleAsync(victim, doors.Gmail(email));
        const string newPassword = "the evening of the owner";
        SecretWatch.Remember(newPassword);
        (await victim.PostAsync("/auth/forgot-password", new { email })).EnsureOk();
        var token = (await doors.Server.Mailbox.WaitForAsync(email, "Set a new password")).Token;
        return () => victim.PostAsync("/auth/reset-password", new { token, newPassword });
    }
}
