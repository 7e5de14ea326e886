using Juke.Desk.StandIns;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

/// <summary>What a connection must withstand: a session that ends meanwhile, a sign-in beside it, a name that lies.</summary>
public sealed class ConnectRaceTests(Doors doors) : IClassFixture<Doors>
{
    private readonly JukeServer server = doors.Server;

    /// <summary>C7, unexpired session: the trip was good when it was taken; the session ends while Spotify thinks.</summary>
    [Fact]
    public async Task A_session_that_ends_while_Spotify_thinks_links_nothing()
    {
        var email = TestClient.NewEmail();
        using var browser = await new Browser(server).RegisterAsync(email);
        var user = await server.AskAsync<long>("select id from users where email_key = $1", email);
        var back = await browser.AnswerAsync((await browser.GetAsync("/settings/connect/spotify")).Location!, doors.Listener().Key);

        var gate = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        doors.Spotify.Faults.Next("token", new Fault("waits", async context =>
        {
            asked.SetResult();
            await gate.Task;
            await Fault.Status(200, """{"access_token":"a-token-of-the-test","token_type":"Bearer","expires_in":3600,"refresh_token":"a-refresh-token-of-the-test","scope":"streaming"}""").AnswerAsync(context);
        }));
        doors.Spotify.Faults.Next("me", Fault.Status(200, """{"account_id":"of-the-test","id":"of-the-test"}"""));
        var running = browser.GetAsync(back);
        await asked.Task;
        await server.ExecuteAsync("update sessions set ended_at = now(), end_reason = 'password reset' where user_id = $1 and ended_at is null", user);
        gate.SetResult();

        (await running).Location.ShouldEndWith("error=session_ended");
        (await server.AskAsync<long>("select count(*) from identities where user_id = $1", user)).ShouldBe(0);
        (await server.AskAsync<long>("select count(*) from credentials where user_id = $1", user)).ShouldBe(0);
    }

    /// <summary>The identity changes hands between a sign-in and the keeping of its tokens.</summary>
    [Fact]
    public async Task Tokens_of_a_sign_in_are_not_kept_beside_the_identity_that_was_connected_meanwhile()
    {
        var (first, second) = (doors.Listener(), doors.Listener());
        using var client = server.NewClient();
        var user = (await doors.WithSpotifyAsync(client, first)).EnsureOk().Json["user"]!["id"]!.GetValue<long>();
        var seal = server.Services.GetRequiredService<TokenSeal>();
        var now = server.Clock.GetUtcNow();
        CredentialRow Sealed(string token) => seal.Seal(new SpotifyTokens(token, TimeSpan.FromHours(1), "refresh of " + token, ["streaming"]), now);
        ProviderPerson Of(Desk.Spotify.SpotifyPerson person) => new(ProviderPerson.Spotify, person.AccountId, person.Id);
        Task<string?> KeptAsync() => server.AskAsync<string>("select access_token from credentials where user_id = $1", user);

        await Sql.ExecuteAsync(server.Database, ProviderCredentials.Keep(user, Of(first), Sealed("the first")), default);
        seal.Open(await KeptAsync()).ShouldBe("the first");
        var sid = (await server.AskAsync<byte[]>("select sid from sessions where user_id = $1", user))!;
        await Sql.ExecuteAsync(
            server.Database,
            [ProviderCredentials.ForgetOthers(user, Of(second)), .. Identities.PutFor(user, sid, Of(second), now), ProviderCredentials.Store(user, ProviderPerson.Spotify, Sealed("the second"), isConnect: true)],
            default);
        await Sql.ExecuteAsync(server.Database, ProviderCredentials.Keep(user, Of(first), Sealed("the first, late")), default);
        seal.Open(await KeptAsync()).ShouldBe("the second");
    }

    /// <summary>The question names the Juke account by what its owner cannot choose freely: a display name could read like the visitor's own @name.</summary>
    [Theory]
    [InlineData("\uFF20nia")]
    [InlineData("nia")]
    public async Task A_display_name_never_stands_where_the_username_does(string name)
    {
        using var app = server.NewClient();
        var token = (await doors.WithSocialLoginAsync(app, doors.Listener(name))).EnsureOk().Json.Text("token");
        using var victim = new Browser(server);
        var asked = await victim.TravelAsync($"/api/v1/auth/connect/spotify/?token={token}", doors.Listener("The Victim").Key);
        var page = System.Net.WebUtility.HtmlDecode((await victim.GetAsync(asked.Location!)).Body);
        page.ShouldContain("to the Juke account");
        page.ShouldNotContain("to the Juke account " + name);
    }
}
