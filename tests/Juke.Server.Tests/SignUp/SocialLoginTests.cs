using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Fault = Juke.Desk.StandIns.Fault;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

/// <summary>The Spotify door in the Juke dialect (legacy-wire A.4): the old keys and texts, and the old form contained (C8).</summary>
public sealed class SocialLoginTests(Doors doors) : IClassFixture<Doors>
{
    private readonly JukeServer server = doors.Server;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_answer_has_the_old_keys_and_says_where_to_go_the_first_time_and_later(bool bare)
    {
        var person = doors.Listener();
        using var client = server.NewClient();
        var first = (await EnterAsync()).EnsureOk().Json.AsObject();
        first.Select(m => m.Key).ShouldBe(["url", "username", "email", "groups", "is_active", "token", "onboarding_required", "is_new_user"]);
        ((string?)first["username"], (string?)first["email"], first["groups"]!.AsArray().Count, (bool)first["is_active"]!).ShouldBe(("", "", 0, true));
        ((bool)first["onboarding_required"]!, (bool)first["is_new_user"]!).ShouldBe((true, true));
        var token = (string)first["token"]!;
        token.ShouldMatch("^[0-9a-f]{40}$");
        var id = long.Parse(((string)first["url"]!).Split('/')[^2], CultureInfo.InvariantCulture);

        (await Doors.AsAsync(client, token, HttpMethod.Get, "/api/v1/music-profiles/me/")).EnsureOk().Json["id"]!.GetValue<long>().ShouldBe(id);
        var second = (await EnterAsync()).EnsureOk().Json;
        ((bool)second["onboarding_required"]!, (bool)second["is_new_user"]!).ShouldBe((true, false), "half done is still asked for");
        ((string)second["token"]!).ShouldNotBe(token, "one session a sign-in");
        (await client.SendAsync(HttpMethod.Post, "/auth/onboarding/complete", new { username = TestClient.NewName() }, r => r.Headers.Authorization = new("Token", token))).EnsureOk();
        var third = (await EnterAsync()).EnsureOk().Json;
        ((bool)third["onboarding_required"]!, (bool)third["is_new_user"]!, ((string)third["username"]!).Length).ShouldBe((false, false, 17));

        Task<Reply> EnterAsync() => bare ? doors.WithAccessTokenAsync(client, person) : doors.WithSocialLoginAsync(client, person);
    }

    [Fact]
    public async Task Every_answer_to_an_access_token_says_that_it_is_going_and_no_other_does()
    {
        using var client = server.NewClient();
        Announces(await doors.WithAccessTokenAsync(client, doors.Listener())).ShouldBeTrue();
        Announces(await client.PostAsync("/api/v1/auth/social-login/", new { access_token = "no token of anybody" })).ShouldBeTrue();
        Announces(await doors.WithAccessTokenAsync(client, doors.Listener(also: p => p.AtMe = Fault.ServerErrorHtml))).ShouldBeTrue();
        foreach (var body in (object[])[new { access_token = new string('a', 5000) }, new { access_token = "a", code_verifier = "short" }])
        {
            var from = Doors.NewAddress();
            var wrong = await client.SendAsync(HttpMethod.Post, "/api/v1/auth/social-login/", body, r => r.Headers.Add("X-Forwarded-For", from));
            (Announces(wrong), wrong.Code).ShouldBe((true, "VALIDATION_FAILED"));
            SecretWatch.LinesWith("from " + from).ShouldHaveSingleItem().ShouldContain("Deprecated access token at social-login: VALIDATION_FAILED");
        }
        Announces(await doors.WithSocialLoginAsync(client, doors.Listener())).ShouldBeFalse();
        Announces(await client.PostAsync("/api/v1/auth/social-login/", new { })).ShouldBeFalse();
        SecretWatch.LinesWith("Deprecated access token at social-login: signed in").ShouldNotBeEmpty();

        static bool Announces(Reply reply)
        {
            if (!reply.Headers.TryGetValues("Deprecation", out var deprecation)) return false;
            var since = DateTimeOffset.FromUnixTimeSeconds(long.Parse(deprecation.Single()[1..], CultureInfo.InvariantCulture));
            var gone = DateTimeOffset.ParseExact(reply.Headers.GetValues("Sunset").Single(), "R", CultureInfo.InvariantCulture);
            gone.ShouldBeGreaterThan(since);
            return deprecation.Single()[0] == '@' && reply.Headers.GetValues("Link").Single().Contains("rel=\"deprecation\"", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Switched_off_an_access_token_opens_nothing_and_a_code_still_does()
    {
        await using var off = await doors.AnotherServerAsync(server.ConnectionString, s => s with { Spotify = s.Spotify! with { AcceptAccessTokens = false } });
        using var client = off.NewClient();
        var calls = doors.Spotify.Calls.Count;
        var reply = await doors.WithAccessTokenAsync(client, doors.Listener());
        (reply.Status, reply.Code, (string?)reply.Json["error"]).ShouldBe((HttpStatusCode.BadRequest, "ACCESS_TOKEN_SIGN_IN_OFF", "access_token_sign_in_off"));
        doors.Spotify.Calls.Count.ShouldBe(calls, "Spotify is not even asked");
        (await doors.WithSocialLoginAsync(client, doors.Listener())).EnsureOk();
        (await client.PostAsync("/api/v1/auth/social-login/", new { })).Json.Text("detail").ShouldBe("'code' is required.");
    }

    [Theory]
    [InlineData("{\"access_token\":true}")]
    [InlineData("{\"access_token\":\"a\\u0000b\"}")]
    [InlineData("{\"access_token\":\"\"}")]
    public async Task The_old_form_is_announced_as_going_however_wrong_it_is(string body)
    {
        using var client = server.NewClient();
        var reply = await client.SendAsync(HttpMethod.Post, "/api/v1/auth/social-login/", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Headers.Contains("Deprecation").ShouldBeTrue();
    }

    /// <summary>C8: any app that the victim uses holds a token that /v1/me answers to.</summary>
    [Theory]
    [InlineData("password_hash = 'x'")]
    [InlineData("email = 'p' || id || '@example.com', email_key = 'p' || id || '@example.com', email_proved_at = now()")]
    [InlineData("role = 'admin'")]
    [InlineData("google")]
    public async Task A_token_of_another_app_opens_no_account_that_has_another_way_in(string also)
    {
        var victim = doors.Listener();
        using var client = server.NewClient();
        var user = (await doors.WithSpotifyAsync(client, victim)).EnsureOk().Json["user"]!["id"]!.GetValue<long>();
        if (also == "google") await server.ExecuteAsync("insert into identities (user_id, provider, subject, created_at, seen_at) values ($1, 'google', $2, now(), now())", user, Guid.NewGuid().ToString());
        else await server.ExecuteAsync($"update users set {also} where id = $1", user);

        var sessions = await SessionsAsync();
        var reply = await doors.WithAccessTokenAsync(server.NewClient(), victim, ofAnotherApp: true);
        reply.Code.ShouldBe("ACCESS_TOKEN_SIGN_IN_OFF");
        (await SessionsAsync()).ShouldBe(sessions);
        (await doors.WithSocialLoginAsync(server.NewClient(), victim)).EnsureOk();

        Task<long> SessionsAsync() => server.AskAsync<long>("select count(*) from sessions where user_id = $1", user);
    }

    [Fact]
    public async Task An_access_token_links_nothing_and_stores_nothing()
    {
        var email = TestClient.NewEmail();
        using var owner = server.NewClient();
        (await owner.RegisterAsync(email)).EnsureOk();
        doors.Spotify.Mode = Desk.Spotify.SpotifyMode.Extended;
        var person = doors.Listener(also: p => p.Email = email);
        var reply = (await doors.WithAccessTokenAsync(server.NewClient(), person, ofAnotherApp: true)).EnsureOk();
        reply.Json.Text("url")!.ShouldNotContain($"/{owner.UserId}/");
        (await server.AskAsync<long>("select count(*) from credentials c join identities i using (user_id) where i.subject = $1", person.AccountId!)).ShouldBe(0);
    }

    [Fact]
    public async Task Who_is_signed_in_already_is_told_how_to_connect()
    {
        using var client = server.NewClient();
        var token = (await doors.WithSocialLoginAsync(client, doors.Listener())).EnsureOk().Json.Text("token")!;
        var reply = await client.SendAsync(HttpMethod.Post, "/api/v1/auth/social-login/", new { access_token = "x" }, r => r.Headers.Authorization = new("Token", token));
        (reply.Status, reply.Code, reply.Json.Text("detail")).ShouldBe(
            (HttpStatusCode.Conflict, "ALREADY_SIGNED_IN", "You are already signed in. Use /api/v1/auth/connect/spotify/ to link or relink Spotify."));
    }

    [Fact]
    public async Task Bad_input_is_named_and_unknown_members_are_ignored()
    {
        using var client = server.NewClient();
        (await client.PostAsync("/api/v1/auth/social-login/", new { })).Json.Text("detail").ShouldBe("'access_token' is required.");
        (await client.PostAsync("/api/v1/auth/social-login/", new { access_token = true })).Json["access_token"]!.AsArray()[0]!.GetValue<string>().ShouldBe("Not a valid string.");
        (await client.PostAsync("/api/v1/auth/social-login/", new { code = "c" })).Json.Text("detail").ShouldBe("'code_verifier' is required.");
        (await client.PostAsync("/api/v1/auth/social-login/", new { code = "c", code_verifier = "short", redirect_uri = "x" })).Fields.ShouldBe(["code_verifier"]);
        (await client.PostAsync("/api/v1/auth/social-login/", new { code = "c", code_verifier = new string('v', 43), redirect_uri = "https://evil.example/" })).Fields.ShouldBe(["redirect_uri"]);
        (await client.PostAsync("/api/v1/auth/social-login/", new JsonArray())).Status.ShouldBe(HttpStatusCode.BadRequest);
        var person = doors.Listener();
        var (code, code_verifier, redirect_uri) = doors.Code(person);
        (await client.PostAsync("/api/v1/auth/social-login/", new { code, code_verifier, redirect_uri, unheard_of = 1, token = "x", id = 7 })).EnsureOk();
    }

    [Fact]
    public async Task An_outage_has_the_old_text()
    {
        var reply = await doors.WithAccessTokenAsync(server.NewClient(), doors.Listener(also: p => p.AtMe = Fault.ServerErrorHtml));
        (reply.Status, reply.Json.Text("detail")).ShouldBe((HttpStatusCode.ServiceUnavailable, "Spotify authentication is temporarily unavailable. Please try again."));
    }
}
