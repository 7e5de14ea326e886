using System.Net;
using Juke.Desk.Spotify;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

/// <summary>What a session can do that a bare access token opened: any app that the owner uses holds such a token (C8).</summary>
public sealed class BareTokenTests(Doors doors) : IClassFixture<Doors>
{
    private readonly JukeServer server = doors.Server;

    /// <summary>Whether the account was there when the token came, or the token made it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_of_a_bare_token_never_gets_the_streaming_token_that_was_granted_to_Juke(bool isFirst)
    {
        var victim = doors.Listener();
        using var client = server.NewClient();
        var bare = isFirst ? await BareAsync(client, victim) : "";
        var whole = (await doors.WithSocialLoginAsync(client, victim, "streaming user-modify-playback-state")).EnsureOk().Json.Text("token")!;
        if (!isFirst) bare = await BareAsync(client, victim);

        var calls = doors.Spotify.Calls.Count;
        var refused = await StreamAsync(client, bare);
        (refused.Status, refused.Code, refused.Json.Text("error")).ShouldBe((HttpStatusCode.BadRequest, "SPOTIFY_ACCESS_TOKEN_UNAVAILABLE", "spotify_access_token_unavailable"));
        refused.Json.Text("detail")!.ShouldContain("sign in again through Spotify with a code");
        refused.Body.ShouldNotContain("access_token\"");
        doors.Spotify.Calls.Count.ShouldBe(calls, "Spotify is not asked");
        (await Doors.AsAsync(client, bare, HttpMethod.Get, "/api/v1/auth/spotify/status/")).EnsureOk().Json.Flag("connected").ShouldBeTrue();

        var given = (await StreamAsync(client, whole)).EnsureOk().Json.Text("access_token");
        SecretWatch.Remember(given);
        given.ShouldNotBeNullOrEmpty();
    }

    /// <summary>With another Spotify account in its place the account would be the attacker's, and the owner locked out.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_connects_the_Spotify_account_of_the_token_and_no_other_and_streams_neither_way(bool hasAccountId)
    {
        var (owner, other) = (doors.Listener(also: p => p.AccountId = hasAccountId ? p.AccountId : null), doors.Listener());
        using var client = server.NewClient();
        var bare = await BareAsync(client, owner);
        var user = await server.AskAsync<long>("select user_id from identities where provider = 'spotify' and external_id = $1", owner.Id);

        var refused = await ConnectAsync(bare, other);
        (refused.Status, refused.Refresh).ShouldBe((HttpStatusCode.BadRequest, null));
        refused.Body.ShouldContain("Sign in here with Spotify as in the app");
        (await HasAsync(owner), await HasAsync(other), await KeptAsync()).ShouldBe((true, false, 0));

        (await ConnectAsync(bare, owner)).Refresh.ShouldBe("0;url=juke://spotify-callback");
        (await HasAsync(owner), await KeptAsync()).ShouldBe((true, 1));
        (await StreamAsync(client, bare)).Code.ShouldBe("SPOTIFY_ACCESS_TOKEN_UNAVAILABLE");

        await server.ExecuteAsync("delete from identities where user_id = $1", user);
        (await ConnectAsync(bare, owner)).Status.ShouldBe(HttpStatusCode.BadRequest, "who took it off the account did not mean it to come back this way");

        Task<bool> HasAsync(SpotifyPerson person) => server.AskAsync<bool>("select exists (select from identities where user_id = $1 and external_id = $2)", user, person.Id);
        Task<long> KeptAsync() => server.AskAsync<long>("select count(*) from credentials where user_id = $1", user);
    }

    /// <summary>An address that is proved gets a password mailed, and that opens everything, for good.</summary>
    [Fact]
    public async Task It_proves_no_address_and_a_session_of_a_code_proves_it_with_the_same_link()
    {
        var (victim, address) = (doors.Listener(), TestClient.NewEmail());
        using var client = server.NewClient();
        var bare = await BareAsync(client, victim);
        (await PostAsync("/auth/email", new { email = address })).EnsureOk();
        var token = (await server.Mailbox.WaitForAsync(address, "Confirm")).Token;

        var refused = await PostAsync("/auth/verify-email", new { token });
        (refused.Status, refused.Code).ShouldBe((HttpStatusCode.Forbidden, "FORBIDDEN"));
        refused.Json.Text("detail")!.ShouldContain("Sign in again through Spotify with a code");
        (await Doors.AsAsync(client, bare, HttpMethod.Get, "/auth/me")).EnsureOk().Json.Text("email").ShouldBeNull();

        (await doors.WithSpotifyAsync(client, victim)).EnsureOk();
        (await client.PostAsync("/auth/verify-email", new { token })).EnsureOk();
        (await client.GetAsync("/auth/me")).EnsureOk().Json.Text("email").ShouldBe(address);

        Task<Reply> PostAsync(string path, object body) => client.SendAsync(HttpMethod.Post, path, body, r => r.Headers.Authorization = new("Token", bare));
    }

    private async Task<string> BareAsync(TestClient client, SpotifyPerson person) =>
        (await doors.WithAccessTokenAsync(client, person, ofAnotherApp: true)).EnsureOk().Json.Text("token")!;

    private static Task<Reply> StreamAsync(TestClient client, string token) => Doors.AsAsync(client, token, HttpMethod.Post, "/api/v1/auth/spotify/token/");

    /// <summary>By the link of old apps, in a browser that is nobody's, with a yes at the end.</summary>
    private async Task<BrowserReply> ConnectAsync(string token, SpotifyPerson person)
    {
        using var browser = new Browser(server);
        var asked = await browser.TravelAsync($"/api/v1/auth/connect/spotify/?token={token}&return_to=juke%3A%2F%2Fspotify-callback", person.Key);
        return await browser.SubmitAsync(asked.Location!, "/connect/spotify", ("state", asked.Query("state")!), ("answer", "yes"));
    }
}
