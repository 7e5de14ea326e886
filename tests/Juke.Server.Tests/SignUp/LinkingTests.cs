using System.Net;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Juke.Server.SignUp;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

/// <summary>Linking exactly as contract §4, with the attacks of Sudhodanan &amp; Paverd (arXiv 2205.10174) that come through a provider.</summary>
public sealed class LinkingTests(Doors doors) : IClassFixture<Doors>
{
    private const string Victims = "the evening of the victim";

    private readonly JukeServer server = doors.Server;

    [Theory]
    [InlineData(nameof(EmailWord.Hint), "active", true, false, nameof(LinkDecision.Refuse))]
    [InlineData(nameof(EmailWord.Hint), "active", false, false, nameof(LinkDecision.Refuse))]
    [InlineData(nameof(EmailWord.Hint), "pending", false, false, nameof(LinkDecision.Refuse))]
    [InlineData(nameof(EmailWord.Verified), "active", true, false, nameof(LinkDecision.Refuse))]
    [InlineData(nameof(EmailWord.Verified), "active", false, false, nameof(LinkDecision.Refuse))]
    [InlineData(nameof(EmailWord.Verified), "disabled", true, false, nameof(LinkDecision.Refuse))]
    [InlineData(nameof(EmailWord.Verified), "pending", false, false, nameof(LinkDecision.Refuse))]
    [InlineData(nameof(EmailWord.Authoritative), "active", true, false, nameof(LinkDecision.Link))]
    [InlineData(nameof(EmailWord.Authoritative), "active", true, true, nameof(LinkDecision.Refuse))]
    [InlineData(nameof(EmailWord.Authoritative), "active", false, false, nameof(LinkDecision.TakeOver))]
    [InlineData(nameof(EmailWord.Authoritative), "active", false, true, nameof(LinkDecision.TakeOver))]
    [InlineData(nameof(EmailWord.Authoritative), "disabled", true, false, nameof(LinkDecision.RefuseDisabled))]
    [InlineData(nameof(EmailWord.Authoritative), "disabled", false, false, nameof(LinkDecision.Refuse))]
    [InlineData(nameof(EmailWord.Authoritative), "pending", false, false, nameof(LinkDecision.ClaimYields))]
    public void The_table(string word, string state, bool isProved, bool hasOther, string decision) =>
        Linking.Decide(Enum.Parse<EmailWord>(word), state, isProved, hasOther).ToString().ShouldBe(decision);

    [Fact]
    public async Task A_mailbox_at_Google_opens_the_account_whose_address_was_proved_and_its_password_stays()
    {
        var email = Doors.NewGmail();
        using var owner = server.NewClient();
        await ProvedAsync(owner, email);
        using var client = server.NewClient();
        var reply = (await doors.WithGoogleAsync(client, doors.Gmail(email.ToUpperInvariant()))).EnsureOk();
        (reply.Json["isNewUser"]!.GetValue<bool>(), reply.Json["user"]!["id"]!.GetValue<long>()).ShouldBe((false, owner.UserId));
        (await owner.GetAsync("/auth/me")).EnsureOk();
        (await owner.LoginAsync(email)).EnsureOk();
        (await server.Mailbox.WaitForAsync(email, "with Google")).ShouldNotBeNull();
        SecretWatch.LinesWith("Identity linked").ShouldContain(l => l.Contains(owner.UserId.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("@gmail.com", false, null)]
    [InlineData("@example.com", true, null)]
    [InlineData("@example.com", true, "example.com")]
    public async Task Any_other_word_of_Google_opens_nobodys_account(string domain, bool verified, string? hosted)
    {
        var email = $"u{Guid.NewGuid():N}{domain}";
        using var owner = server.NewClient();
        await ProvedAsync(owner, email);
        var person = doors.Gmail(email);
        (person.EmailVerified, person.HostedDomain) = (verified, hosted);
        using var client = server.NewClient();
        var reply = await doors.WithGoogleAsync(client, person);
        if (verified) (reply.Status, reply.Code).ShouldBe((HttpStatusCode.Conflict, "EMAIL_TAKEN"));
        else reply.EnsureOk().Json["user"]!["email"].ShouldBeNull("an address without Google's word is a hint, and never looked up");
        (await server.AskAsync<long>("select count(*) from identities where user_id = $1", owner.UserId)).ShouldBe(0);
    }

    [Theory]
    [InlineData("@gmail.com", true, true, true)]
    [InlineData("@example.com", true, true, false)]
    [InlineData("@gmail.com", false, false, false)]
    public async Task A_new_account_takes_the_address_over_where_Google_saw_the_mailbox_and_as_proved_where_Google_runs_it(string domain, bool verified, bool taken, bool proved)
    {
        var person = doors.Gmail($"u{Guid.NewGuid():N}{domain}");
        person.EmailVerified = verified;
        person.Picture = "https://lh3.googleusercontent.com/a/ada";
        using var client = server.NewClient();
        var user = (await doors.WithGoogleAsync(client, person)).EnsureOk().Json["user"]!;
        ((string?)user["email"], (string?)user["name"], (string?)user["image"], user["username"]).ShouldBe((taken ? person.Email : null, "Ada Lovelace", person.Picture, null));
        (await server.AskAsync<bool>("select email_proved_at is not null from users where id = $1", user["id"]!.GetValue<long>())).ShouldBe(proved);
        if (taken && !proved)
        {
            var token = (await server.Mailbox.WaitForAsync(person.Email!, "Confirm")).Token;
            (await client.PostAsync("/auth/verify-email", new { token })).EnsureOk();
        }
    }

    [Fact]
    public async Task An_address_that_changes_at_Google_changes_nothing_here()
    {
        var person = doors.Gmail();
        var before = person.Email;
        using var client = server.NewClient();
        var id = (await doors.WithGoogleAsync(client, person)).EnsureOk().Json["user"]!["id"]!.GetValue<long>();
        person.Email = Doors.NewGmail();
        var again = (await doors.WithGoogleAsync(client, person)).EnsureOk().Json["user"]!;
        (again["id"]!.GetValue<long>(), (string?)again["email"]).ShouldBe((id, before));
    }

    [Fact]
    public async Task A_second_Google_account_with_the_same_mailbox_does_not_open_the_account_of_the_first()
    {
        var first = doors.Gmail();
        using var client = server.NewClient();
        (await doors.WithGoogleAsync(client, first)).EnsureOk();
        (await doors.WithGoogleAsync(client, doors.Gmail(first.Email))).Code.ShouldBe("EMAIL_TAKEN");
    }

    [Fact]
    public async Task A_disabled_account_is_called_so_to_who_proved_its_address_and_to_nobody_else()
    {
        var email = Doors.NewGmail();
        using var owner = server.NewClient();
        await ProvedAsync(owner, email);
        await server.ExecuteAsync("update users set state = 'disabled' where id = $1", owner.UserId);
        (await doors.WithGoogleAsync(server.NewClient(), doors.Gmail(email))).Code.ShouldBe("ACCOUNT_DISABLED");
        await server.ExecuteAsync("update users set email_proved_at = null where id = $1", owner.UserId);
        (await doors.WithGoogleAsync(server.NewClient(), doors.Gmail(email))).Code.ShouldBe("EMAIL_TAKEN");
    }

    [Fact]
    public async Task A_pending_claim_yields_to_the_owner_of_the_mailbox()
    {
        var email = Doors.NewGmail();
        using var pending = server.NewClient();
        (await pending.RegisterAsync(email)).EnsureOk();
        await server.ExecuteAsync("update users set state = 'pending' where id = $1", pending.UserId);
        using var owner = server.NewClient();
        var user = (await doors.WithGoogleAsync(owner, doors.Gmail(email))).EnsureOk().Json["user"]!;
        (user["id"]!.GetValue<long>() == pending.UserId, (string?)user["email"]).ShouldBe((false, email));
        (await server.AskAsync<string>("select email from users where id = $1", pending.UserId)).ShouldBeNull();
    }

    /// <summary>C7 no. 1: the attacker registers the victim's address, the victim comes with Google.</summary>
    [Fact]
    public async Task Classic_federated_merge_the_attackers_password_and_sessions_die_when_the_victim_comes_with_Google()
    {
        var (attacker, email) = await HijackedAsync();
        var page = NewSession.Web(new Caller(null, null, IsWeb: false), server.Clock.GetUtcNow());
        (await SessionRows.InsertAsync(server.Database, page.Row, attacker.UserId, null, null, default)).ShouldBeTrue();

        using var victim = server.NewClient();
        var reply = (await doors.WithGoogleAsync(victim, doors.Gmail(email))).EnsureOk();
        (reply.Json["isNewUser"]!.GetValue<bool>(), reply.Json["user"]!["id"]!.GetValue<long>(), reply.Json["user"]!["hasPassword"]!.GetValue<bool>()).ShouldBe((false, attacker.UserId, false));
        (await attacker.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await attacker.RefreshAsync()).Code.ShouldBe("INVALID_REFRESH_TOKEN");
        (await attacker.LoginAsync(email)).Code.ShouldBe("INVALID_CREDENTIALS");
        (await server.AskAsync<long>("select count(*) from sessions where user_id = $1 and ended_at is null", attacker.UserId)).ShouldBe(1, "the victim's");
        (await victim.GetAsync("/auth/me")).EnsureOk();
        (await server.Mailbox.WaitForAsync(email, "yours alone")).ShouldNotBeNull();
    }

    /// <summary>C7 no. 2: the attacker keeps a session while the victim resets the password.</summary>
    [Fact]
    public async Task Unexpired_session_a_reset_ends_what_the_attacker_opened_through_a_provider_also_when_the_address_was_proved()
    {
        var email = Doors.NewGmail();
        using var owner = server.NewClient();
        await ProvedAsync(owner, email);
        using var other = server.NewClient();
        (await doors.WithGoogleAsync(other, doors.Gmail(email))).EnsureOk();
        await ResetAsync(email);
        (await other.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.AskAsync<long>("select count(*) from identities where user_id = $1", owner.UserId)).ShouldBe(1, "the address was proved before, so what it linked stays");
    }

    /// <summary>C7 no. 3: the attacker links an identity of his own to the account that he made with the victim's address.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Trojan_identifier_what_the_attacker_linked_goes_when_the_address_is_proved_for_the_first_time(bool byReset)
    {
        var (attacker, email) = await HijackedAsync();
        var trojan = doors.Listener();
        using var browser = new Browser(server);
        (await browser.SubmitAsync("/login", "/login", ("emailOrUsername", email), ("password", TestClient.Password))).Location.ShouldBe("/onboarding");
        (await browser.TravelAsync("/settings/connect/spotify", trojan.Key)).Location.ShouldBe("/settings?notice=SpotifyConnected");
        (await doors.WithSpotifyAsync(attacker, trojan, "streaming")).EnsureOk().Json["user"]!["id"]!.GetValue<long>().ShouldBe(attacker.UserId);

        if (byReset) await ResetAsync(email);
        else (await doors.WithGoogleAsync(server.NewClient(), doors.Gmail(email))).EnsureOk();

        (await attacker.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.AskAsync<long>("select count(*) from credentials where user_id = $1", attacker.UserId)).ShouldBe(0);
        (await browser.GetAsync("/settings")).Location.ShouldStartWith("/login");
        (await doors.WithSpotifyAsync(attacker, trojan)).EnsureOk().Json["user"]!["id"]!.GetValue<long>().ShouldNotBe(attacker.UserId, "his Spotify account is a stranger now");
    }

    /// <summary>C7 no. 4: the attacker asks for a change of address that he finishes later.</summary>
    [Fact]
    public async Task Unexpired_email_change_the_attackers_link_is_closed_when_the_victim_comes_with_Google()
    {
        var (attacker, email) = await HijackedAsync();
        var theirs = TestClient.NewEmail();
        (await attacker.PostAsync("/auth/email", new { email = theirs })).EnsureOk();
        var change = (await server.Mailbox.WaitForAsync(theirs, "Confirm")).Token;
        using var victim = server.NewClient();
        (await doors.WithGoogleAsync(victim, doors.Gmail(email))).EnsureOk();
        (await victim.PostAsync("/auth/verify-email", new { token = change })).Code.ShouldBe("INVALID_LINK");
        (await victim.GetAsync("/auth/me")).Json.Text("email").ShouldBe(email);
    }

    /// <summary>C7 no. 5: the attacker makes a provider account with the victim's address, which the provider never verified.</summary>
    [Fact]
    public async Task Non_verifying_provider_an_account_made_with_the_victims_address_neither_holds_nor_opens_it()
    {
        var email = Doors.NewGmail();
        var unverified = doors.Gmail(email);
        unverified.EmailVerified = false;
        using var attacker = server.NewClient();
        (await doors.WithGoogleAsync(attacker, unverified)).EnsureOk();
        var spotify = doors.Listener(also: p => p.Email = email);
        doors.Spotify.Mode = Desk.Spotify.SpotifyMode.Extended;
        (await doors.WithSpotifyAsync(server.NewClient(), spotify, "user-read-email")).EnsureOk();

        using var victim = server.NewClient();
        (await victim.RegisterAsync(email, Victims)).EnsureOk().ShouldNotBeNull("nobody holds the address");
        (await doors.WithGoogleAsync(attacker, unverified)).EnsureOk().Json["user"]!["id"]!.GetValue<long>().ShouldNotBe(victim.UserId);
    }

    private static async Task<string> LinkAsync(JukeServer server, string email, string subject) => (await server.Mailbox.WaitForAsync(email, subject)).Token!;

    private async Task ProvedAsync(TestClient client, string email)
    {
        (await client.RegisterAsync(email)).EnsureOk();
        (await client.PostAsync("/auth/verify-email", new { token = await LinkAsync(server, email, "Confirm") })).EnsureOk();
    }

    private async Task ResetAsync(string email)
    {
        SecretWatch.Remember(Victims);
        using var victim = server.NewClient();
        (await victim.PostAsync("/auth/forgot-password", new { email })).EnsureOk();
        (await victim.PostAsync("/auth/reset-password", new { token = await LinkAsync(server, email, "Set a new password"), newPassword = Victims })).EnsureOk();
    }

    /// <summary>An account of the attacker with the address of a victim.</summary>
    private async Task<(TestClient Attacker, string Email)> HijackedAsync()
    {
        var email = Doors.NewGmail();
        var attacker = server.NewClient();
        (await attacker.RegisterAsync(email)).EnsureOk();
        return (attacker, email);
    }
}
