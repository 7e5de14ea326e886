using System.Net;
using System.Text.Json.Nodes;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.JukeApi;

/// <summary>Signing in and out in the Juke dialect: the rows of legacy-wire A.1 and A.3.</summary>
public sealed class TokenSignInTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Me = "/api/v1/music-profiles/me/";
    private const string SignIn = "/api/v1/auth/api-auth-token/";

    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task Each_sign_in_gives_a_token_of_40_hex_digits_of_its_own_and_no_cookie()
    {
        var (client, name) = await PersonAsync();
        using var _ = client;
        var first = (await client.TokenAsync(name)).EnsureOk();
        first.Json.Keys().ShouldBe(["token"]);
        first.Json.Text("token")!.ShouldMatch("^[0-9a-f]{40}$");
        first.SetCookies().ShouldBeEmpty();
        first.ContentHeaders.ContentType!.ToString().ShouldBe("application/json");
        (await client.TokenAsync(name)).Json.Text("token").ShouldNotBe(first.Json.Text("token"));
        (await server.AskAsync<long>("select count(*) from sessions where user_id = $1 and kind = 'juke'", client.UserId)).ShouldBe(2);
        (await server.AskAsync<long>("select count(*) from sessions where encode(secret_hash, 'escape') = $1", client.Token!)).ShouldBe(0);
        (await client.GetAsync(Me)).EnsureOk();
    }

    [Theory]
    [InlineData("Token ")]
    [InlineData("token ")]
    [InlineData("TOKEN   ")]
    [InlineData("Bearer ")]
    public async Task The_token_is_taken_under_either_scheme(string scheme)
    {
        var (client, name) = await PersonAsync();
        using var _ = client;
        var token = (await client.TokenAsync(name)).Json.Text("token");
        (await AskAsync(client, Me, scheme + token)).EnsureOk();
    }

    [Fact]
    public async Task An_authorization_header_counts_for_nothing_at_sign_in()
    {
        var (client, name) = await PersonAsync();
        using var _ = client;
        foreach (var header in (string[])["Token nonsense", "Token", "Basic dTpw", "Bearer x.y.z"])
            (await client.SendAsync(HttpMethod.Post, SignIn, new { username = name, password = TestClient.Password }, r => Authorize(r, header))).EnsureOk();
    }

    [Fact]
    public async Task Every_refusal_is_the_same_400()
    {
        var (client, name) = await PersonAsync();
        using var _ = client;
        var (pending, disabled) = (await PersonAsync(), await PersonAsync());
        await server.ExecuteAsync("update users set state = 'pending' where id = $1", pending.Client.UserId);
        await server.ExecuteAsync("update users set state = 'disabled' where id = $1", disabled.Client.UserId);
        var email = await server.AskAsync<string>("select email from users where id = $1", client.UserId);
        object[] bodies =
        [
            new { }, new { username = name }, new { password = TestClient.Password }, new { username = name, password = "not the password" },
            new { username = "nobody-at-all", password = TestClient.Password }, new { username = (string?)null, password = (string?)null }, new { username = "", password = "" },
            new { username = true, password = TestClient.Password }, new { username = (string[])[name], password = TestClient.Password },
            new { username = name, password = " " + TestClient.Password }, new { username = " " + name, password = TestClient.Password }, new { username = name + " ", password = TestClient.Password },
            new { username = email, password = TestClient.Password }, new { username = new string('x', 5000), password = TestClient.Password }, new { username = name, password = new string('x', 5000) },
            new { username = "a\0b", password = TestClient.Password },
            new { username = pending.Name, password = TestClient.Password }, new { username = disabled.Name, password = TestClient.Password },
        ];
        string? all = null;
        foreach (var body in bodies)
        {
            var reply = await client.PostAsync(SignIn, body);
            reply.Status.ShouldBe(HttpStatusCode.BadRequest, body.ToString());
            reply.Json["non_field_errors"]!.AsArray().Select(m => (string)m!).ShouldBe(["Unable to log in with provided credentials."]);
            reply.Json.Text("detail").ShouldBe("Unable to log in with provided credentials.");
            (all ??= reply.Everything()).ShouldBe(reply.Everything(), body.ToString());
        }
    }

    [Theory]
    [InlineData(1_001)]
    [InlineData(10_000)]
    [InlineData(64 * 1024)]
    public async Task An_old_password_of_any_length_signs_in_and_can_be_changed(int length)
    {
        var (client, name) = await PersonAsync();
        using var _ = client;
        var password = '\u00E9' + new string('p', length - 1);
        await server.ExecuteAsync("update users set password_hash = $2 where id = $1", client.UserId, OldPerson.Pbkdf2(password));
        (await client.TokenAsync(name, password)).EnsureOk();
        (await client.TokenAsync(name, password)).EnsureOk(); // Against our own hash now.
        client.Token = null;
        (await client.LoginAsync(name, password)).EnsureOk();
        (await client.PostAsync("/auth/change-password", new { currentPassword = password, newPassword = "another long evening" })).EnsureOk();
        (await client.LoginAsync(name, password[1..])).Code.ShouldBe("INVALID_CREDENTIALS");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("abc", "abc")]
    [InlineData("199+pair", "199")]
    [InlineData("198+pair", "198+pair")]
    [InlineData("198+pair+x", "198+pair")]
    [InlineData("pairs", "100 pairs")]
    [InlineData("control", "ab")]
    [InlineData("lone", "ab")]
    public void A_User_Agent_is_cut_between_characters_and_holds_what_can_be_stored(string sent, string? kept)
    {
        Caller.DeviceOf(Write(sent)!).ShouldBe(Write(kept));

        static string? Write(string? what) => what switch
        {
            "199" => new string('a', 199),
            "199+pair" => new string('a', 199) + "\U0001F600 and more",
            "198+pair" => new string('a', 198) + "\U0001F600",
            "198+pair+x" => new string('a', 198) + "\U0001F600xyz",
            "pairs" => string.Concat(Enumerable.Repeat("\U0001F600", 300)),
            "100 pairs" => string.Concat(Enumerable.Repeat("\U0001F600", 100)),
            "control" => "a\u0000\u001F\u007Fb",
            "lone" => "a\uD83D\uDE00"[..2] + "b\uDC00",
            _ => what,
        };
    }

    [Fact]
    public async Task A_User_Agent_of_any_characters_signs_in()
    {
        var (client, name) = await PersonAsync();
        using var _ = client;
        var body = System.Text.Encoding.UTF8.GetBytes($$"""{"username":"{{name}}","password":"{{TestClient.Password}}"}""");
        foreach (var agent in (string[])[new string('a', 199) + "\U0001F600 and more", "\uFFFE\uFFFF\U0010FFFF"])
            (await RawHttp.SendAsync(server.Url, RawHttp.Request("POST", SignIn, ["Content-Type: application/json", "User-Agent: " + agent], body)))!.Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_name_counts_as_it_stands_before_its_key_and_is_not_trimmed()
    {
        var (client, name) = await PersonAsync();
        using var _ = client;
        (await client.TokenAsync(name.ToUpperInvariant())).EnsureOk(); // The key: clients that never knew the case.

        // Imported: a blank name, one with a space behind it, and case twins of which one holds the key.
        using var other = server.NewClient();
        foreach (var imported in (string[])["", " ", name + " ", name.ToUpperInvariant(), "A.user@example.com", "R\u00E9n\u00E9 \U0001F600"])
        {
            (await other.RegisterAsync()).EnsureOk();
            await server.ExecuteAsync("update users set username = $2, username_key = null where id = $1", other.UserId, imported);
            (await other.TokenAsync(imported)).EnsureOk();
            (await other.GetAsync(Me)).EnsureOk().Json["id"]!.GetValue<long>().ShouldBe(other.UserId, imported);
            await server.ExecuteAsync("update users set username = null where id = $1", other.UserId);
            other.Token = null;
        }
    }

    [Theory]
    [InlineData(null, "Authentication credentials were not provided.")]
    [InlineData("", "Authentication credentials were not provided.")]
    [InlineData("Basic dTpw", "Authentication credentials were not provided.")]
    [InlineData("Bearer x.y.z", "Authentication credentials were not provided.")]
    [InlineData("Tokenx", "Authentication credentials were not provided.")]
    [InlineData("Token", "Invalid token header. No credentials provided.")]
    [InlineData("Token ", "Invalid token header. No credentials provided.")]
    [InlineData("Token a b", "Invalid token header. Token string should not contain spaces.")]
    [InlineData("Token 9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b", "Invalid token.")]
    [InlineData("Bearer 9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b", "Invalid token.")]
    public async Task A_401_says_what_the_old_server_said(string? header, string text)
    {
        using var client = server.NewClient();
        foreach (var path in (string[])[Me, "/api/v1/music-profiles/somebody/", "/api/v1/genres/featured/"])
        {
            var reply = await AskAsync(client, path, header);
            reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
            reply.Json.Text("detail").ShouldBe(text);
            reply.Code.ShouldBe("UNAUTHORIZED");
            reply.Headers.WwwAuthenticate.ToString().ShouldBe("Token");
        }
        (await AskAsync(client, "/auth/me", header)).Json.Text("detail").ShouldBe("Unauthorized");
    }

    [Fact]
    public async Task A_disabled_account_is_told_to_who_holds_its_token()
    {
        var (client, name) = await PersonAsync();
        using var _ = client;
        (await client.TokenAsync(name)).EnsureOk();
        await server.ExecuteAsync("update users set state = 'disabled' where id = $1", client.UserId);
        var reply = await client.GetAsync(Me);
        reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
        reply.Json.Text("detail").ShouldBe("User inactive or deleted.");
    }

    [Fact]
    public async Task Signing_out_is_204_and_ends_this_token_and_no_other()
    {
        var (client, name) = await PersonAsync();
        using var _ = client;
        var phone = (await client.TokenAsync(name)).Json.Text("token")!;
        (await client.TokenAsync(name)).EnsureOk();
        var reply = await client.PostAsync("/api/v1/auth/session/logout/");
        reply.Status.ShouldBe(HttpStatusCode.NoContent);
        reply.Body.ShouldBeEmpty();
        (await client.GetAsync(Me)).Json.Text("detail").ShouldBe("Invalid token.");
        (await client.PostAsync("/api/v1/auth/session/logout/")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        client.Token = phone;
        (await client.GetAsync(Me)).EnsureOk();
        // With a body of any kind, as Android and the web send it.
        (await client.PostAsync("/api/v1/auth/session/logout/", new JsonObject())).Status.ShouldBe(HttpStatusCode.NoContent);
        (await client.GetAsync(Me)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Signing_out_without_a_credential_is_401()
    {
        using var client = server.NewClient();
        (await client.PostAsync("/api/v1/auth/session/logout/")).Json.Text("detail").ShouldBe("Authentication credentials were not provided.");
    }

    [Fact]
    public async Task A_token_lives_90_days_unused_and_a_year_at_most()
    {
        await using var own = await JukeServer.StartAsync();
        using var client = own.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        var name = TestClient.NewName();
        (await client.CompleteAsync(name)).EnsureOk();
        (await client.TokenAsync(name)).EnsureOk();
        for (var days = 89; days < 365; days += 89)
        {
            own.Clock.Advance(TimeSpan.FromDays(89));
            (await client.GetAsync(Me)).EnsureOk();
        }
        own.Clock.Advance(TimeSpan.FromDays(9));
        (await client.GetAsync(Me)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.TokenAsync(name)).EnsureOk();
        own.Clock.Advance(TimeSpan.FromDays(90));
        (await client.GetAsync(Me)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Guessing_is_slowed_down_together_with_the_core_door_and_says_when_to_come_back()
    {
        await using var own = await JukeServer.StartAsync(s => s with { IdentifierRate = new Rate(3, TimeSpan.FromMinutes(1)) });
        using var client = own.NewClient();
        await client.PostAsync("/auth/login", new { emailOrUsername = "Somebody", password = "wrong password" });
        for (var i = 0; i < 2; i++) (await client.TokenAsync("somebody", "wrong password")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var reply = await client.TokenAsync("somebody", "wrong password");
        reply.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        var seconds = reply.Headers.GetValues("Retry-After").Single();
        reply.Json.Text("detail").ShouldBe($"Request was throttled. Expected available in {seconds} seconds.");
        (await client.TokenAsync("somebody else", "wrong password")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<(TestClient Client, string Name)> PersonAsync()
    {
        var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        var name = TestClient.NewName();
        (await client.CompleteAsync(name)).EnsureOk();
        return (client, name);
    }

    private static Task<Reply> AskAsync(TestClient client, string path, string? header) => client.SendAsync(HttpMethod.Get, path, change: r => Authorize(r, header));

    private static void Authorize(HttpRequestMessage request, string? header)
    {
        request.Headers.Remove("Authorization");
        if (header is not null) request.Headers.TryAddWithoutValidation("Authorization", header);
    }
}
