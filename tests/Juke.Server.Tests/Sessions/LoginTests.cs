using System.Net;
using Juke.Server.Passwords;
using Juke.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Sessions;

public sealed class LoginTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task The_answer_is_the_one_of_every_door()
    {
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email)).EnsureOk();
        var reply = (await client.LoginAsync(email)).EnsureOk();
        reply.Json.Keys().ShouldBe(Shapes.AuthResult);
        reply.Json["user"]!.Keys().ShouldBe(Shapes.User);
        reply.Json.Flag("isNewUser").ShouldBeFalse();
        (await client.GetAsync("/auth/me")).Body.ShouldBe(reply.Json["user"]!.ToJsonString());
    }

    [Fact]
    public async Task Address_and_username_sign_in_in_any_case_and_with_spaces_around()
    {
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        var name = "Élodie" + TestClient.NewName();
        (await client.RegisterAsync(email)).EnsureOk();
        (await client.CompleteAsync(name)).EnsureOk();
        foreach (var identifier in new[] { email, email.ToUpperInvariant(), $"  {email} ", name, name.ToLowerInvariant(), name.ToUpperInvariant(), $"\t{name}\n", name.Normalize(System.Text.NormalizationForm.FormD) })
            (await client.LoginAsync(identifier)).EnsureOk().Json["user"]!["id"]!.GetValue<long>().ShouldBe(client.UserId);
    }

    [Fact]
    public async Task Unknown_wrong_pending_without_password_and_disabled_cannot_be_told_apart_and_cost_the_same_work()
    {
        using var client = server.NewClient();
        var hashing = server.Services.GetRequiredService<PasswordHashing>();
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (what, change) in new (string, string?)[]
        {
            ("wrong password", null),
            ("unknown", "update users set email = null, email_key = null where id = $1"),
            ("pending", "update users set state = 'pending' where id = $1"),
            ("no password", "update users set password_hash = null where id = $1"),
            ("disabled", "update users set state = 'disabled' where id = $1"),
            ("keyless address", "update users set email_key = null where id = $1"),
        })
        {
            var email = TestClient.NewEmail();
            (await client.RegisterAsync(email)).EnsureOk();
            if (change is not null) await server.ExecuteAsync(change, client.UserId);
            var before = hashing.Count;
            var reply = await client.LoginAsync(email, "not the password at all");
            (hashing.Count - before).ShouldBe(1, what);
            answers[what] = reply.Everything();
        }
        answers.Values.Distinct(StringComparer.Ordinal).ShouldHaveSingleItem().ShouldContain("\"code\":\"INVALID_CREDENTIALS\"");
        answers["unknown"].ShouldContain("\"message\":\"Invalid credentials\"");
    }

    [Fact]
    public async Task A_pending_account_with_the_right_password_is_refused_like_a_wrong_one()
    {
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email)).EnsureOk();
        var wrong = await client.LoginAsync(email, "not the password at all");
        await server.ExecuteAsync("update users set state = 'pending' where id = $1", client.UserId);
        (await client.LoginAsync(email)).Everything().ShouldBe(wrong.Everything());
    }

    [Fact]
    public async Task Disabled_is_said_only_after_the_right_password()
    {
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email)).EnsureOk();
        await server.ExecuteAsync("update users set state = 'disabled' where id = $1", client.UserId);
        (await client.LoginAsync(email, "not the password at all")).Code.ShouldBe("INVALID_CREDENTIALS");
        var right = await client.LoginAsync(email);
        right.Status.ShouldBe(HttpStatusCode.Forbidden);
        right.Code.ShouldBe("ACCOUNT_DISABLED");
        (await client.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.RefreshAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Imported_case_twins_reach_their_own_account_by_exact_text()
    {
        using var client = server.NewClient();
        var name = TestClient.NewName();
        var (lower, upper) = (await MakeAsync(name, name), await MakeAsync(name.ToUpperInvariant(), key: null));
        (await IdAsync(name)).ShouldBe(lower);
        (await IdAsync(name.ToUpperInvariant())).ShouldBe(upper);
        (await IdAsync("N" + name[1..])).ShouldBe(lower, "neither text: whoever holds the key");

        async Task<long> MakeAsync(string username, string? key)
        {
            (await client.RegisterAsync()).EnsureOk();
            await server.ExecuteAsync("update users set username = $2, username_key = $3 where id = $1", client.UserId, username, (object?)key ?? DBNull.Value);
            return client.UserId;
        }

        async Task<long> IdAsync(string identifier) => (await client.LoginAsync(identifier)).EnsureOk().Json["user"]!["id"]!.GetValue<long>();
    }

    [Fact]
    public async Task A_noncharacter_in_a_name_is_just_wrong()
    {
        using var client = server.NewClient();
        (await client.LoginAsync("ann\uFFFE\uFFFF")).Code.ShouldBe("INVALID_CREDENTIALS");
        (await client.RegisterAsync()).EnsureOk();
        (await client.CompleteAsync("ann\uFFFE\uFFFF")).Code.ShouldBe("VALIDATION_FAILED");
    }

    [Fact]
    public async Task Both_fields_are_asked_for()
    {
        using var client = server.NewClient();
        (await client.PostAsync("/auth/login", new { })).Fields.ShouldBe(["emailOrUsername", "password"]);
        (await client.PostAsync("/auth/login", new { emailOrUsername = "", password = "" })).Code.ShouldBe("VALIDATION_FAILED");
    }

    [Fact]
    public async Task A_text_longer_than_any_name_or_password_is_just_wrong()
    {
        using var client = server.NewClient();
        (await client.LoginAsync(new string('a', 301))).Code.ShouldBe("INVALID_CREDENTIALS");
        (await client.LoginAsync("a", new string('p', 65 * 1024))).Code.ShouldBe("INVALID_CREDENTIALS");
    }

    [Fact]
    public async Task Each_sign_in_is_a_session_of_its_own()
    {
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email)).EnsureOk();
        var first = client.AccessToken;
        (await client.LoginAsync(email)).EnsureOk();
        client.AccessToken.ShouldNotBe(first);
        (await server.AskAsync<long>("select count(*) from sessions where user_id = $1 and ended_at is null", client.UserId)).ShouldBe(2);
    }
}
