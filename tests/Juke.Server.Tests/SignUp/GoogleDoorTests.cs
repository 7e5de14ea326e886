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
            var from = Doors.NewAddress();
            var reply = await client.SendAsync(
                HttpMethod.Post, "/auth/google", forgery.Nonce is null ? (object)new { idToken } : new { idToken, nonce = forgery.Nonce }, r => r.Headers.Add("X-Forwarded-For", from));
            // Nothing at all, or longer than any token is: the field is wrong, as the published document says of it.
            var isNoToken = idToken.Length is 0 or > 10_000;
            (reply.Status, reply.Code).ShouldBe(isNoToken ? (HttpStatusCode.BadRequest, "VALIDATION_FAILED") : (HttpStatusCode.Unauthorized, "INVALID_PROVIDER_TOKEN"), forgery.Name);
            if (isNoToken) reply.Fields.ShouldBe(["idToken"], forgery.Name);
            else bodies.Add(reply.Body);
            SecretWatch.LinesWith("from " + from).ShouldHaveSingleItem(forgery.Name).ShouldContain($"Sign-in refused: google, {reply.Code},");
        }
        bodies.Count.ShouldBe(1);
        (await CountAsync()).ShouldBe(before);

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

    /// <summary>Google's own SDK for iPhones puts a nonce into every token and tells it nobody (google/GoogleSignIn-iOS#135).</summary>
    [Fact]
    public async Task A_nonce_of_which_the_app_knows_nothing_keeps_nobody_out()
    {
        using var client = server.NewClient();
        var idToken = doors.Google.IdToken(doors.Gmail(), nonce: "made-by-the-sdk", audience: GoogleStandIn.IosClientId);
        SecretWatch.Remember(idToken);
        (await client.PostAsync("/auth/google", new { idToken })).EnsureOk();
    }
}
