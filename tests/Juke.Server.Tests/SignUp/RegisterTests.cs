using System.Net;
using Juke.Server.Passwords;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

public sealed class RegisterTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task The_answer_is_a_sign_in_whose_user_is_what_me_says()
    {
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        var reply = (await client.RegisterAsync(email, name: "  Ada  ")).EnsureOk();
        reply.Json.Keys().ShouldBe(Shapes.AuthResult);
        reply.Json.Flag("isNewUser").ShouldBeTrue();
        reply.Json["expiresIn"]!.GetValue<int>().ShouldBe(900);
        var user = reply.Json["user"]!;
        user.Keys().ShouldBe(Shapes.User);
        user.ToJsonString().ShouldBe($$"""{"id":{{client.UserId}},"email":"{{email}}","username":null,"name":"Ada","image":null,"role":"user","onboardingRequired":true,"hasPassword":true}""");
        (await client.GetAsync("/auth/me")).Body.ShouldBe(user.ToJsonString());
        client.UserId.ShouldBeGreaterThanOrEqualTo(1_000_000_000);
        reply.SetCookies().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_username_at_sign_up_does_not_open_the_gate()
    {
        using var client = server.NewClient();
        var name = TestClient.NewName();
        var reply = (await client.PostAsync("/auth/register", new { email = TestClient.NewEmail(), password = TestClient.Password, username = "  " + name + " " })).EnsureOk();
        reply.Json["user"].Text("username").ShouldBe(name);
        reply.Json["user"].Flag("onboardingRequired").ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    public async Task A_blank_display_name_is_none(string? name)
    {
        using var client = server.NewClient();
        var reply = (await client.PostAsync("/auth/register", new { email = TestClient.NewEmail(), password = TestClient.Password, name, username = (string?)null })).EnsureOk();
        reply.Json["user"].Text("name").ShouldBeNull();
    }

    [Theory]
    [InlineData("Twin.One@Example.com", "twin.one@example.COM")]
    [InlineData("twin.two@example.com", "  twin.two@example.com ")]
    [InlineData("ｔwin.three@example.com", "twin.three@example.com")]
    [InlineData("STRASSE@example.com", "strasse@example.com")]
    public async Task An_address_is_taken_whatever_its_case_or_width(string first, string second)
    {
        using var client = server.NewClient();
        (await client.RegisterAsync(first)).EnsureOk().Json["user"].Text("email").ShouldBe(first.Trim());
        var again = await client.RegisterAsync(second);
        again.Status.ShouldBe(HttpStatusCode.Conflict);
        again.Code.ShouldBe("EMAIL_TAKEN");
        again.Json.Text("message").ShouldBe("Email already registered");
    }

    [Fact]
    public async Task Dots_and_plus_signs_make_another_address()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync("a.b@example.com")).EnsureOk();
        (await client.RegisterAsync("ab@example.com")).EnsureOk();
        (await client.RegisterAsync("ab+1@example.com")).EnsureOk();
    }

    [Fact]
    public async Task A_taken_username_answers_with_a_free_one_and_leaves_nothing_behind()
    {
        using var client = server.NewClient();
        var name = "Taken" + TestClient.NewName();
        (await client.PostAsync("/auth/register", new { email = TestClient.NewEmail(), password = TestClient.Password, username = name })).EnsureOk();
        var before = await CountsAsync();
        var reply = await client.PostAsync("/auth/register", new { email = TestClient.NewEmail(), password = TestClient.Password, username = name.ToUpperInvariant() });
        reply.Status.ShouldBe(HttpStatusCode.Conflict);
        reply.Code.ShouldBe("USERNAME_TAKEN");
        reply.Json.Text("message").ShouldBe("Username already taken");
        (await CountsAsync()).ShouldBe(before);
        var suggestion = reply.Json.Text("suggestion")!;
        (await client.PostAsync("/auth/register", new { email = TestClient.NewEmail(), password = TestClient.Password, username = suggestion })).EnsureOk()
            .Json["user"].Text("username").ShouldBe(suggestion);
    }

    [Fact]
    public async Task Every_wrong_field_is_named_and_detail_is_their_texts_in_order()
    {
        using var client = server.NewClient();
        var reply = await client.PostAsync("/auth/register", new { email = "x", password = "1234", username = "a b", name = new string('n', 256) });
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Code.ShouldBe("VALIDATION_FAILED");
        reply.Fields.ShouldBe(["email", "name", "password", "username"], ignoreOrder: true);
        reply.Json.Text("detail").ShouldBe(
            "Enter a valid e-mail address The password must be at least 8 characters long Username can only contain letters, numbers, underscores, and hyphens The name must be at most 255 characters long");
    }

    [Fact]
    public async Task Twenty_at_once_with_one_address_make_one_account()
    {
        var email = TestClient.NewEmail();
        using var client = server.NewClient();
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.PostAsync("/auth/register", new { email, password = TestClient.Password })));
        replies.Count(r => r.Status == HttpStatusCode.OK).ShouldBe(1);
        replies.Count(r => r.Code == "EMAIL_TAKEN").ShouldBe(19);
        (await server.AskAsync<long>("select count(*) from users u join user_profiles p on p.user_id = u.id where email = $1", email)).ShouldBe(1);
    }

    [Fact]
    public async Task A_browser_app_gets_the_refresh_token_as_a_cookie_too()
    {
        using var client = server.NewClient(web: true);
        var reply = (await client.RegisterAsync()).EnsureOk();
        var cookie = reply.SetCookies().ShouldHaveSingleItem();
        cookie.ShouldStartWith($"user_refresh_token={client.RefreshToken}; expires=");
        cookie.ShouldEndWith("; path=/auth; samesite=lax; httponly");
    }

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("паролик мой")]
    [InlineData("密码密码密码密码")]
    [InlineData("😀😁😂🤣😃😄😅😆")]
    [InlineData("        ")]
    [InlineData(" leading and trailing ")]
    [InlineData("1234567x")]
    [InlineData("\u0001\u0002tab\tbell\u0007")]
    public async Task Any_unicode_makes_a_password_and_it_is_used_exactly_as_typed(string password)
    {
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email, password)).EnsureOk();
        (await client.LoginAsync(email, password)).EnsureOk();
        foreach (var other in new[] { password + " ", " " + password, password.Trim(), password.ToUpperInvariant(), password.Normalize(System.Text.NormalizationForm.FormD) })
            if (other != password && other.Length > 0) (await client.LoginAsync(email, other)).Code.ShouldBe("INVALID_CREDENTIALS");
    }

    [Theory]
    [InlineData("e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", "éééééééé")] // Not normalised: ASVS 6.2.8 before NIST.
    [InlineData("ﬁﬁﬁﬁﬁﬁﬁﬁ", "fifififififififi")]
    public async Task Passwords_that_look_alike_are_not_alike(string set, string typed)
    {
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email, set)).EnsureOk();
        (await client.LoginAsync(email, typed)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Two_hundred_characters_are_fine_whatever_they_weigh_and_all_of_them_count()
    {
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        var password = string.Concat(Enumerable.Repeat("😀", 199));
        (await client.RegisterAsync(email, password + "a")).EnsureOk();
        (await client.LoginAsync(email, password + "a")).EnsureOk();
        (await client.LoginAsync(email, password + "b")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("password1")]
    [InlineData("PassWord1")]
    [InlineData("iloveyou1")]
    [InlineData("qwertyuiop")]
    public async Task The_commonest_are_refused_with_the_reason(string password)
    {
        using var client = server.NewClient();
        var reply = await client.RegisterAsync(password: password);
        reply.Fields.ShouldBe(["password"]);
        reply.Json.Text("detail").ShouldBe("The password is too common");
    }

    [Fact]
    public void The_blocklist_ships_and_is_long_enough()
    {
        // ASVS 6.2.4: at least the top 3,000 of those that would otherwise pass.
        NewPassword.ListLength.ShouldBeGreaterThanOrEqualTo(3000);
        NewPassword.Check("trustno1").ShouldBe("The password is too common");
        NewPassword.Check("Tr0ub4dor and three").ShouldBeNull();
    }

    private async Task<string?> CountsAsync() =>
        await server.AskAsync<string>("select concat_ws(' ', (select count(*) from users), (select count(*) from user_profiles), (select count(*) from sessions), (select count(*) from email_tokens))");
}
