using System.Net;
using System.Text.Json.Nodes;
using Juke.Server.Plumbing;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.JukeApi;

/// <summary>Registering and verifying in the Juke dialect: the rows of legacy-wire A.2.</summary>
public sealed class RegistrationTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Accounts = "/api/v1/auth/accounts/";

    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task A_registration_is_201_with_five_keys_and_nobody_is_signed_in()
    {
        using var client = server.NewClient();
        var (name, email) = (TestClient.NewName(), "Ada." + TestClient.NewEmail());
        var reply = await client.PostAsync(Accounts + "register/", Body("  " + name + " ", email.Replace("example.com", "Example.COM", StringComparison.Ordinal)));
        reply.Status.ShouldBe(HttpStatusCode.Created);
        var id = reply.Json["id"]!.GetValue<long>();
        reply.Body.ShouldBe($$"""{"id":{{id}},"username":"{{name}}","first_name":"","last_name":"","email":"{{email}}"}""");
        reply.SetCookies().ShouldBeEmpty();
        (await server.AskAsync<string>("select state from users where id = $1", id)).ShouldBe("pending");
        (await server.AskAsync<long>("select count(*) from sessions where user_id = $1", id)).ShouldBe(0);

        // Before verification every door refuses it like a wrong password.
        (await client.TokenAsync(name)).Json["non_field_errors"]!.AsArray().Single()!.GetValue<string>().ShouldBe("Unable to log in with provided credentials.");
        (await client.LoginAsync(email)).Code.ShouldBe("INVALID_CREDENTIALS");
        (await client.LoginAsync(name)).Code.ShouldBe("INVALID_CREDENTIALS");
        (await client.PostAsync("/auth/forgot-password", new { email })).EnsureOk();
        await server.Mailbox.WaitForAsync(email, "Welcome to Juke! Please verify your Account");
        // The mail of a reset would come after its answer, its row is there before.
        (await server.AskAsync<string>("select string_agg(purpose, ',') from email_tokens where email_key = $1", email.ToLowerInvariant())).ShouldBe("registration");
    }

    [Theory]
    [InlineData(null, null, "http://127.0.0.1:5080")]
    [InlineData("https://app.example", null, "https://app.example")]
    [InlineData(null, "https://app.example/signup?x=1", "https://app.example")]
    [InlineData("https://evil.example", "https://evil.example/", "http://127.0.0.1:5080")]
    [InlineData("null", "nonsense", "http://127.0.0.1:5080")]
    public async Task The_mailed_link_leads_to_the_app_that_asked_if_it_is_one_of_ours(string? origin, string? referer, string start)
    {
        using var client = server.NewClient();
        var (name, email) = (TestClient.NewName(), TestClient.NewEmail());
        var reply = await client.SendAsync(HttpMethod.Post, Accounts + "register/", Body(name, email), r =>
        {
            if (origin is not null) r.Headers.TryAddWithoutValidation("Origin", origin);
            if (referer is not null) r.Headers.TryAddWithoutValidation("Referer", referer);
        });
        var mail = await server.Mailbox.WaitForAsync(email, "verify your Account");
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        mail.Body.ShouldMatch($@"{start}/verify-user/\?user_id={reply.Json["id"]}&timestamp={now}&signature=[A-Za-z0-9_-]{{64}}\r\n");
    }

    [Fact]
    public async Task The_link_signs_in_once_and_the_gate_stands_in_front_as_for_everybody()
    {
        using var client = server.NewClient();
        var (name, email) = (TestClient.NewName(), TestClient.NewEmail());
        (await client.PostAsync(Accounts + "register/", Body(name, email))).Status.ShouldBe(HttpStatusCode.Created);
        var link = await LinkAsync(email);
        var reply = await client.PostAsync(Accounts + "verify-registration/", link);
        reply.EnsureOk();
        reply.Json.Keys().ShouldBe(["detail", "token", "username"]);
        reply.Json.Text("detail").ShouldBe("Account verified.");
        reply.Json.Text("username").ShouldBe(name);
        reply.SetCookies().ShouldBeEmpty();
        client.Token = reply.Json.Text("token");
        SecretWatch.Remember(client.Token);

        var me = (await client.GetAsync("/api/v1/music-profiles/me/")).EnsureOk();
        me.Json["onboarding_completed_at"].ShouldBeNull();
        (await client.GetAsync($"/api/v1/music-profiles/{name}/")).Code.ShouldBe("ONBOARDING_REQUIRED");
        (await client.GetAsync("/auth/me")).Json.Flag("onboardingRequired").ShouldBeTrue();
        (await server.AskAsync<bool>("select email_proved_at is not null from users where username = $1", name)).ShouldBeTrue();

        (await client.PostAsync(Accounts + "verify-registration/", link)).Json.Text("detail").ShouldBe("Invalid signature");
        (await client.TokenAsync(name)).EnsureOk();
        using var core = server.NewClient();
        (await core.LoginAsync(email)).EnsureOk();
        (await client.PostAsync(Accounts + "resend-registration/", new { email })).Json.Text("detail").ShouldBe("Account is already verified. Please sign in.");
    }

    [Fact]
    public async Task Numbers_and_their_digits_make_the_same_link_and_forms_do_too()
    {
        using var client = server.NewClient();
        foreach (var asForm in (bool[])[false, true])
        {
            var email = TestClient.NewEmail();
            (await client.PostAsync(Accounts + "register/", Body(TestClient.NewName(), email))).Status.ShouldBe(HttpStatusCode.Created);
            var link = await LinkAsync(email);
            object body = asForm
                ? new FormUrlEncodedContent(link.Select(p => KeyValuePair.Create(p.Key, (string)p.Value!)))
                : new JsonObject { ["user_id"] = long.Parse((string)link["user_id"]!), ["timestamp"] = long.Parse((string)link["timestamp"]!), ["signature"] = link["signature"]!.DeepClone() };
            (await client.PostAsync(Accounts + "verify-registration/", body)).EnsureOk();
        }
    }

    [Fact]
    public async Task A_link_that_is_not_this_one_is_an_invalid_signature()
    {
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.PostAsync(Accounts + "register/", Body(TestClient.NewName(), email))).Status.ShouldBe(HttpStatusCode.Created);
        var link = await LinkAsync(email);
        foreach (var (member, value) in new[] { ("user_id", "1000000000000"), ("user_id", "x"), ("timestamp", "1"), ("signature", "nonsense"), ("signature", new string('A', 64)) })
        {
            var other = link.DeepClone();
            other[member] = value;
            var reply = await client.PostAsync(Accounts + "verify-registration/", other);
            reply.Status.ShouldBe(HttpStatusCode.BadRequest);
            reply.Json.Text("detail").ShouldBe("Invalid signature");
            reply.Code.ShouldBe("INVALID_LINK");
        }
        // A link of another kind is none of these.
        using var core = server.NewClient();
        var reset = TestClient.NewEmail();
        (await core.RegisterAsync(reset)).EnsureOk();
        var verify = (await server.Mailbox.WaitForAsync(reset, "Confirm")).Token;
        (await client.PostAsync(Accounts + "verify-registration/", new { user_id = core.UserId, timestamp = server.Clock.GetUtcNow().ToUnixTimeSeconds(), signature = verify }))
            .Json.Text("detail").ShouldBe("Invalid signature");
        (await client.PostAsync(Accounts + "verify-registration/", link)).EnsureOk();
    }

    [Fact]
    public async Task Missing_and_wrong_members_of_a_link_are_named()
    {
        using var client = server.NewClient();
        var reply = await client.PostAsync(Accounts + "verify-registration/", new { });
        foreach (var field in (string[])["user_id", "timestamp", "signature"]) Messages(reply, field).ShouldBe(["This field is required."]);
        Messages(await client.PostAsync(Accounts + "verify-registration/", new { user_id = "1", timestamp = "soon", signature = "x" }), "timestamp").ShouldBe(["A valid integer is required."]);
    }

    [Fact]
    public async Task All_missing_fields_are_named_at_once()
    {
        using var client = server.NewClient();
        var reply = await client.PostAsync(Accounts + "register/", new { });
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        foreach (var field in (string[])["username", "email", "password", "password_confirm"]) Messages(reply, field).ShouldBe(["This field is required."]);
        reply.Code.ShouldBe("VALIDATION_FAILED");
    }

    [Theory]
    [InlineData("username", "", "This field may not be blank.")]
    [InlineData("username", "   ", "This field may not be blank.")]
    [InlineData("username", null, "This field may not be null.")]
    [InlineData("username", "a b c", "Enter a valid username. This value may contain only letters, numbers, and -/_ characters.")]
    [InlineData("username", "ada@example", "Enter a valid username. This value may contain only letters, numbers, and -/_ characters.")]
    [InlineData("username", "ab", "Ensure this field has at least 3 characters.")]
    [InlineData("username", "LONG", "Ensure this field has no more than 50 characters.")]
    [InlineData("username", "globe", "Enter a valid username. Username is reserved.")]
    [InlineData("username", "p\u0430ul", "Enter a valid username. Username cannot mix Latin, Greek and Cyrillic letters.")]
    [InlineData("username", "a\0bcd", "Null characters are not allowed.")]
    [InlineData("email", "", "This field may not be blank.")]
    [InlineData("email", null, "This field may not be null.")]
    [InlineData("email", "nonsense", "Enter a valid email address.")]
    [InlineData("email", "LONG@example.com", "Ensure this field has no more than 254 characters.")]
    [InlineData("password", "", "This field may not be blank.")]
    [InlineData("password_confirm", "", "This field may not be blank.")]
    [InlineData("password", null, "This field may not be null.")]
    public async Task A_wrong_field_is_named_in_the_old_words(string field, string? value, string message)
    {
        using var client = server.NewClient();
        var body = Body(TestClient.NewName(), TestClient.NewEmail());
        body[field] = value?.Replace("LONG", new string('x', 260), StringComparison.Ordinal);
        var reply = await client.PostAsync(Accounts + "register/", body);
        Messages(reply, field).ShouldBe([message]);
        reply.Json.Text("detail").ShouldBe(message);
        reply.Json["non_field_errors"].ShouldBeNull();
        if (value is null || field.StartsWith("password", StringComparison.Ordinal)) return;
        reply.Body.ShouldNotContain("exists", Case.Insensitive, "the web would offer to resend a mail");
    }

    [Theory]
    [InlineData("password_confirm", "another long evening", "Passwords don't match")]
    [InlineData("password", "short1!", "This password is too short. It must contain at least 8 characters.")]
    [InlineData("password", "password1", "This password is too common.")]
    [InlineData("password", "738291046512", "This password is entirely numeric.")]
    [InlineData("password", "USERNAME", "The password is too similar to the username.")]
    [InlineData("password", "EMAIL", "The password is too similar to the email.")]
    public async Task Rules_about_the_password_come_when_the_fields_are_fine(string field, string value, string message)
    {
        using var client = server.NewClient();
        var (name, email) = (TestClient.NewName(), TestClient.NewEmail());
        value = value.Replace("USERNAME", "x" + name.ToUpperInvariant(), StringComparison.Ordinal).Replace("EMAIL", email, StringComparison.Ordinal);
        var body = Body(name, email);
        body[field] = value;
        if (field == "password") body["password_confirm"] = value;
        var reply = await client.PostAsync(Accounts + "register/", body);
        Messages(reply, field).ShouldBe([message]);
        reply.Json["non_field_errors"]!.AsArray().ShouldBeEmpty();

        body["email"] = "nonsense";
        reply = await client.PostAsync(Accounts + "register/", body);
        reply.Fields.ShouldBe(["email"]);
    }

    [Theory]
    [InlineData("12345678", "This password is too common.", "This password is entirely numeric.")]
    [InlineData("1234567", "This password is too short. It must contain at least 8 characters.", "This password is too common.", "This password is entirely numeric.")]
    [InlineData("7382910", "This password is too short. It must contain at least 8 characters.", "This password is entirely numeric.")]
    [InlineData("NAME", "The password is too similar to the username.", "This password is too short. It must contain at least 8 characters.")]
    public async Task Everything_that_is_wrong_with_a_password_is_said_in_the_old_order(string password, params string[] messages)
    {
        using var client = server.NewClient();
        var name = TestClient.NewName()[..6];
        password = password.Replace("NAME", name, StringComparison.Ordinal);
        var body = Body(name, TestClient.NewEmail());
        (body["password"], body["password_confirm"]) = (password, password + "!");
        var reply = await client.PostAsync(Accounts + "register/", body);
        Messages(reply, "password").ShouldBe(messages);
        Messages(reply, "password_confirm").ShouldBe(["Passwords don't match"]);
        reply.Json.Text("detail").ShouldBe(string.Join(' ', [.. messages, "Passwords don't match"]));
    }

    [Fact]
    public async Task The_detail_is_in_the_order_of_the_fields_whichever_check_came_first()
    {
        using var client = server.NewClient();
        var (name, email) = (TestClient.NewName(), TestClient.NewEmail());
        (await client.PostAsync(Accounts + "register/", Body(name, email))).Status.ShouldBe(HttpStatusCode.Created);
        var body = Body(name, email);
        body["password"] = "";
        body.Remove("password_confirm");
        (await client.PostAsync(Accounts + "register/", body)).Json.Text("detail")
            .ShouldBe("A user with that username already exists. user with this email already exists. This field may not be blank. This field is required.");
    }

    [Fact]
    public async Task What_is_taken_is_said_in_the_old_words_whatever_its_case()
    {
        using var client = server.NewClient();
        var (name, email) = (TestClient.NewName(), TestClient.NewEmail());
        (await client.PostAsync(Accounts + "register/", Body(name, email))).Status.ShouldBe(HttpStatusCode.Created);
        var reply = await client.PostAsync(Accounts + "register/", Body(name.ToUpperInvariant(), email.ToUpperInvariant()));
        Messages(reply, "username").ShouldBe(["A user with that username already exists."]);
        Messages(reply, "email").ShouldBe(["user with this email already exists."]);
        reply.Json.Text("detail").ShouldBe("A user with that username already exists. user with this email already exists.");
    }

    [Fact]
    public async Task Resending_takes_address_or_name_in_any_case_and_spoils_the_earlier_link()
    {
        using var client = server.NewClient();
        var (name, email) = (TestClient.NewName(), TestClient.NewEmail());
        (await client.PostAsync(Accounts + "register/", Body(name, email))).Status.ShouldBe(HttpStatusCode.Created);
        var first = await LinkAsync(email);
        (await client.PostAsync(Accounts + "resend-registration/", new { email = email.ToUpperInvariant() })).EnsureOk().Body
            .ShouldBe("""{"detail":"Verification email sent. Please check your inbox."}""");
        await LinkAsync(email, 2);
        (await client.PostAsync(Accounts + "resend-registration/", new { username = name.ToUpperInvariant(), email = "" })).EnsureOk();
        var third = await LinkAsync(email, 3);
        (await client.PostAsync(Accounts + "verify-registration/", first)).Json.Text("detail").ShouldBe("Invalid signature");
        (await client.PostAsync(Accounts + "verify-registration/", third)).EnsureOk();
    }

    [Fact]
    public async Task Resending_refuses_in_the_old_words()
    {
        using var client = server.NewClient();
        foreach (var body in (object[])[new { }, new { email = "" }, new { email = (string?)null, username = "  " }])
            await ShouldSayAsync(body, "Email or username is required.");
        await ShouldSayAsync(new { email = TestClient.NewEmail() }, "No account found for that email or username.");
        await ShouldSayAsync(new { username = TestClient.NewName() }, "No account found for that email or username.");
        using var other = server.NewClient();
        var email = TestClient.NewEmail();
        (await other.RegisterAsync(email)).EnsureOk();
        await ShouldSayAsync(new { email }, "Account is already verified. Please sign in.");
        await server.ExecuteAsync("update users set state = 'disabled' where id = $1", other.UserId);
        await ShouldSayAsync(new { email }, "No account found for that email or username.");

        async Task ShouldSayAsync(object body, string text)
        {
            var reply = await client.PostAsync(Accounts + "resend-registration/", body);
            reply.Status.ShouldBe(HttpStatusCode.BadRequest);
            reply.Json.Text("detail").ShouldBe(text);
        }
    }

    [Fact]
    public async Task Registration_can_be_switched_off_at_every_door_with_a_password()
    {
        await using var own = await JukeServer.StartAsync(s => s with { RegistrationIsOff = true });
        using var client = own.NewClient();
        foreach (var reply in new[]
        {
            await client.PostAsync(Accounts + "register/", Body(TestClient.NewName(), TestClient.NewEmail())), await client.PostAsync(Accounts + "resend-registration/", new { }),
            await client.RegisterAsync(),
        })
        {
            reply.Status.ShouldBe(HttpStatusCode.Forbidden);
            reply.Json.Text("detail").ShouldBe("Registration is temporarily disabled. Please try again later.");
            reply.Code.ShouldBe("REGISTRATION_OFF");
        }
        (await own.AskAsync<long>("select count(*) from users")).ShouldBe(0);
    }

    [Fact]
    public async Task Asking_again_and_again_is_limited_for_each_address()
    {
        await using var own = await JukeServer.StartAsync(s => s with { IdentifierRate = new Rate(2, TimeSpan.FromMinutes(1)) });
        using var client = own.NewClient();
        var email = TestClient.NewEmail();
        for (var i = 0; i < 2; i++) (await client.PostAsync(Accounts + "resend-registration/", new { email })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsync(Accounts + "resend-registration/", new { email = email.ToUpperInvariant() })).Json.Text("detail").ShouldBe("Request was throttled. Expected available in 30 seconds.");
        (await client.PostAsync(Accounts + "resend-registration/", new { email = TestClient.NewEmail() })).Status.ShouldBe(HttpStatusCode.BadRequest);
        for (var i = 0; i < 2; i++) await client.PostAsync(Accounts + "register/", Body(TestClient.NewName(), email));
        (await client.PostAsync(Accounts + "register/", Body(TestClient.NewName(), email))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Without_an_address_names_are_asked_for_no_quicker()
    {
        await using var own = await JukeServer.StartAsync(s => s with { IdentifierRate = new Rate(3, TimeSpan.FromMinutes(1)) });
        using var client = own.NewClient();
        (await client.PostAsync(Accounts + "register/", Body("taken-name", TestClient.NewEmail()))).Status.ShouldBe(HttpStatusCode.Created);
        foreach (var body in (object[])[new { username = "taken-name" }, new { username = "taken-name", email = "nonsense" }, new { username = "other-name", email = "" }])
            (await client.PostAsync(Accounts + "register/", body)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsync(Accounts + "register/", new { username = "third-name" })).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await client.PostAsync(Accounts + "register/", Body("third-name", TestClient.NewEmail()))).Status.ShouldBe(HttpStatusCode.Created, "whole registrations count by their address");
    }

    [Fact]
    public async Task What_is_longer_than_any_name_is_nobodys_and_becomes_no_counter()
    {
        await using var own = await JukeServer.StartAsync(s => s with { IdentifierRate = new Rate(1, TimeSpan.FromMinutes(1)) });
        using var client = own.NewClient();
        var text = string.Concat(Enumerable.Repeat("\uFDFA", 301));
        foreach (var body in (object[])[new { email = text }, new { email = text }, new { username = text }, new { email = "a@example.com", username = text }])
        {
            var reply = await client.PostAsync(Accounts + "resend-registration/", body);
            reply.Status.ShouldBe(HttpStatusCode.BadRequest, "a counted one would be 429 the second time");
            reply.Json.Text("detail").ShouldBe("No account found for that email or username.");
        }
    }

    private static JsonObject Body(string username, string email) =>
        new() { ["username"] = username, ["email"] = email, ["password"] = TestClient.Password, ["password_confirm"] = TestClient.Password };

    private Task<JsonObject> LinkAsync(string email, int count = 1) => RegistrationLinks.WaitForAsync(server, email, count);

    private static IEnumerable<string?> Messages(Reply reply, string field) => reply.Json[field]?.AsArray().Select(m => (string?)m) ?? [$"nothing about {field}: {reply.Body}"];
}
