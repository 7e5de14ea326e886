using System.Net;
using Juke.Desk.Google;
using Juke.Testing;
using Shouldly;
using Xunit;
using Fault = Juke.Desk.StandIns.Fault;

namespace Juke.Server.Tests.SignUp;

public sealed class GoogleDoorTests(Doors doors) : IClassFixture<Doors>
{
    private readonly JukeServer server = doors.Server;

    [Fact]
    public async Task Every_forgery_gets_one_and_the_same_answer_a_line_in_the_log_and_no_account()
    {
        using var client = server.NewClient();
        var before = await CountAsync();
        var bodies = new HashSet<string>(StringComparer.Ordinal);
        foreach (var forgery in Forge.All.Where(f => !f.ShouldPass))
        {
            var idToken = forgery.Token(doors.Google, doors.Gmail());
            SecretWatch.Remember(idToken);
            var reply = await client.PostAsync("/auth/google", forgery.Nonce is null ? (object)new { idToken } : new { idToken, nonce = forgery.Nonce });
            if (reply.Code == "VALIDATION_FAILED") continue; // Nothing at all, or longer than any token is: refused as a field.
            (reply.Status, reply.Code).ShouldBe((HttpStatusCode.Unauthorized, "INVALID_PROVIDER_TOKEN"), forgery.Name);
            bodies.Add(reply.Body);
        }
        bodies.Count.ShouldBe(1);
        (await CountAsync()).ShouldBe(before);
        SecretWatch.LinesWith("Sign-in refused: google, INVALID_PROVIDER_TOKEN").Count.ShouldBeGreaterThanOrEqualTo(35);

        Task<long> CountAsync() => server.AskAsync<long>("select (select count(*) from users) + (select count(*) from identities) + (select count(*) from sessions)");
    }

    [Fact]
    public async Task Keys_that_cannot_be_fetched_are_an_outage_and_the_person_can_go_on_later()
    {
        await using var fresh = await doors.AnotherServerAsync(server.ConnectionString);
        using var client = fresh.NewClient();
        var person = doors.Gmail();
        doors.Google.Faults.Always("certs", Fault.ServerErrorHtml);
        try
        {
            var reply = await doors.WithGoogleAsync(client, person);
            (reply.Status, reply.Code).ShouldBe((HttpStatusCode.ServiceUnavailable, "PROVIDER_UNAVAILABLE"));
        }
        finally
        {
            doors.Google.Faults.Clear();
        }
        doors.Clock.Advance(TimeSpan.FromMinutes(1));
        (await doors.WithGoogleAsync(client, person)).EnsureOk().Json["isNewUser"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_nonce_that_is_sent_must_be_the_tokens_own()
    {
        using var client = server.NewClient();
        var person = doors.Gmail();
        var idToken = doors.Google.IdToken(person, nonce: "the-nonce-of-this-app");
        SecretWatch.Remember(idToken);
        (await client.PostAsync("/auth/google", new { idToken, nonce = "another-nonce" })).Code.ShouldBe("INVALID_PROVIDER_TOKEN");
        (await client.PostAsync("/auth/google", new { idToken, nonce = "the-nonce-of-this-app" })).EnsureOk();
    }
}
