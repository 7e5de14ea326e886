using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>One old user at a time: what it may do here afterwards.</summary>
public sealed class ImportTests : IAsyncLifetime
{
    private JukeServer server = null!;

    public async ValueTask InitializeAsync() => server = await JukeServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_user_signs_in_with_the_old_password_and_the_old_token_and_is_through_the_gate()
    {
        var person = OldPerson.Typical(42, "Ann.B") with { FirstName = "Ann", LastName = "Bee" };
        await using var old = await OldJuke.WithAsync(person);
        (await server.ImportAsync(old)).Arrived.ShouldBe(1);

        using var client = server.NewClient();
        var user = (await client.LoginAsync("Ann.B", person.Typed!)).EnsureOk().Json["user"]!;
        user.ToJsonString().ShouldBe("""{"id":42,"email":"user42@example.com","username":"Ann.B","name":"Ann Bee","image":null,"role":"user","onboardingRequired":false,"hasPassword":true}""");
        (await client.GetAsync("/fixtures/upcoming")).EnsureOk();
        (await client.LoginAsync("USER42@example.com", person.Typed!)).EnsureOk();
        (await server.AskAsync<bool>("select password_hash like 'pbkdf2%' from users where id = 42")).ShouldBeFalse("the sign-in stored a hash of ours");
        (await client.LoginAsync("Ann.B", person.Typed!)).EnsureOk();
        (await client.LoginAsync("Ann.B", "another password")).Code.ShouldBe("INVALID_CREDENTIALS");

        var reply = (await WithTokenAsync(person.Token!, "/api/v1/music-profiles/me/")).EnsureOk();
        reply.Json["onboarding_completed_at"]!.GetValue<string>().ShouldBe("2026-03-01T08:30:00.500Z");
        reply.Json["favorite_genres"]!.ToJsonString().ShouldBe("""["rock"]""");
        (await server.AskAsync<long>("select count(*) from sessions where encode(secret_hash, 'escape') like '%' || $1 || '%'", person.Token!)).ShouldBe(0, "stored hashed");

        var (totals, lines) = await server.CertifyAsync(old);
        totals.IsWhole.ShouldBeTrue();
        totals.Fields.ShouldBe(totals.Mapped + totals.NewerHere + totals.Conflicts + totals.FieldsAside + totals.FieldsRejected + totals.FieldsMissing);
        lines[42]["status"]!.GetValue<string>().ShouldBe("complete");
    }

    [Theory]
    [InlineData("2026-01-01T01:01:01Z", """{"onboarding_completed_at": "2026-02-02T02:02:02Z"}""", "2026-01-01T01:01:01Z")]
    [InlineData(null, """{"onboarding_completed_at": "2026-02-02T02:02:02Z"}""", "2026-02-02T02:02:02Z")]
    [InlineData(null, """{"onboarding_completed_at": "soon"}""", "2026-03-03T03:03:03Z")]
    [InlineData(null, "{}", "2026-03-03T03:03:03Z")]
    public async Task The_date_of_completion_is_the_column_then_custom_data_then_the_last_change(string? column, string customData, string date)
    {
        var person = OldPerson.Typical(42) with
        {
            Profile = new(StringComparer.Ordinal)
            {
                ["favorite_genres"] = """["rock"]""",
                ["onboarding_completed_at"] = column,
                ["custom_data"] = customData,
                ["created_at"] = "2026-01-01Z",
                ["modified_at"] = "2026-03-03T03:03:03Z",
            },
        };
        await using var old = await OldJuke.WithAsync(person);
        await server.ImportAsync(old);
        (await WithTokenAsync(person.Token!, "/api/v1/music-profiles/me/")).EnsureOk().Json["onboarding_completed_at"]!.GetValue<string>().ShouldBe(date);
        // Later changes there do not move it.
        await old.ExecuteAsync("update juke_auth_musicprofile set modified_at = now(), bio = 'changed there'");
        await server.ImportAsync(old);
        (await WithTokenAsync(person.Token!, "/api/v1/music-profiles/me/")).EnsureOk().Json["onboarding_completed_at"]!.GetValue<string>().ShouldBe(date);
    }

    [Fact]
    public async Task The_verb_imports_verifies_and_says_what_it_did()
    {
        await using var old = await OldJuke.WithAsync([.. Enumerable.Range(1, 25).Select(i => OldPerson.Typical(i))]);
        var missing = await Importing.RunVerbAsync(server.ConnectionString, old, "--verify");
        missing.ExitCode.ShouldBe(1);
        missing.Errors.ShouldContain("25 with something missing");

        var dry = await Importing.RunVerbAsync(server.ConnectionString, old, "--dry-run");
        dry.ExitCode.ShouldBe(0, dry.Errors);
        dry.Errors.ShouldContain("Would be: 25 users: 25 new");
        (await server.AskAsync<long>("select (select count(*) from users) + (select count(*) from imported_users) + (select count(*) from import_remarks)")).ShouldBe(0);

        var run = await Importing.RunVerbAsync(server.ConnectionString, old, "--certificate", "-");
        run.ExitCode.ShouldBe(0, run.Errors);
        run.Errors.ShouldContain("25 users: 25 new");
        run.Errors.ShouldContain("Everything is accounted for.");
        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(25);

        var again = await Importing.RunVerbAsync(server.ConnectionString, old);
        again.ExitCode.ShouldBe(0, again.Errors);
        again.Errors.ShouldContain("0 new, 0 changed, 25 unchanged");
    }

    [Fact]
    public async Task A_dry_run_tells_what_does_not_fit_and_writes_nothing()
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1) with { Password = "broken" }, OldPerson.Typical(2) with { Password = "broken too" }, OldPerson.Typical(3));
        var dry = await Importing.RunVerbAsync(server.ConnectionString, old, "--dry-run", "--certificate", "-");
        dry.ExitCode.ShouldBe(0, dry.Errors);
        dry.Errors.ShouldContain("        2  aside     user.password: No format that can be verified");
        var lines = dry.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3);
        lines[0].ShouldBe("""{"id":1,"status":"new","conflicts":[],"aside":[{"field":"user.password","reason":"No format that can be verified: the person sets a new one by mail."}],"rejected":[]}""");

        await server.ImportAsync(old);
        await old.ExecuteAsync("update juke_auth_musicprofile set bio = 'there' where user_id = 3");
        await server.ExecuteAsync("update user_profiles set bio = 'here' where user_id = 3");
        var before = await Importing.DumpAsync(server.ConnectionString);
        dry = await Importing.RunVerbAsync(server.ConnectionString, old, "--dry-run", "--certificate", "-");
        dry.Output.Trim().ShouldBe("""{"id":3,"status":"changed","conflicts":["profile.bio"],"aside":[],"rejected":[]}""");
        (await Importing.DumpAsync(server.ConnectionString)).ShouldBe(before);
    }

    [Fact]
    public async Task Wrong_words_are_2()
    {
        await using var old = await OldJuke.NewAsync();
        foreach (var words in (string[])["--dry-run --verify", "--batch 0", "--batch 10001", "--batch many", "--unknown"])
            (await Importing.RunVerbAsync(server.ConnectionString, old, words.Split(' '))).ExitCode.ShouldBe(2, words);
        (await ServerProcess.RunAsync(ServerProcess.Environment(server.ConnectionString), null, "import", "juke", "--from", "no connection string")).ExitCode.ShouldBe(2);
        (await ServerProcess.RunAsync(ServerProcess.Environment(server.ConnectionString), null, "import", "juke", "--from", "Host=127.0.0.1;Port=1;Database=x;Username=x")).ExitCode.ShouldBe(1, "cannot be reached");
    }

    [Fact]
    public async Task What_is_no_old_Juke_is_refused_with_what_is_missing()
    {
        await using var old = await OldJuke.NewAsync();
        await old.ExecuteAsync("drop table authtoken_token; alter table juke_auth_jukeuser drop column last_login");
        var run = await Importing.RunVerbAsync(server.ConnectionString, old);
        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("Missing: juke_auth_jukeuser.last_login, the table authtoken_token.");
        (await ServerProcess.RunAsync(ServerProcess.Environment(server.ConnectionString), null, "import", "juke")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task An_id_that_belongs_to_accounts_made_here_stops_the_import()
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(7), OldPerson.Typical(1_000_000_000));
        var run = await Importing.RunVerbAsync(server.ConnectionString, old);
        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("id 1000000000");
        (await server.AskAsync<long>("select count(*) from users")).ShouldBe(0);
    }

    [Theory]
    [InlineData("text", "1000000000000000000")]
    [InlineData("text", " +01000000000 ")]
    [InlineData("numeric", "99999999999999999999")]
    public async Task It_does_so_however_long_it_is_or_however_it_is_written(string type, string id)
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(7), OldPerson.Typical(8));
        await old.ExecuteAsync(
            $"""
            alter table juke_auth_jukeuser drop constraint juke_auth_jukeuser_pkey cascade, alter column id type {type};
            update juke_auth_jukeuser set id = '{id}' where id = '8'
            """);
        var run = await Importing.RunVerbAsync(server.ConnectionString, old);
        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("belong to accounts made here");
        (await server.AskAsync<long>("select count(*) from users")).ShouldBe(0);
    }

    private async Task<Reply> WithTokenAsync(string token, string path)
    {
        SecretWatch.Remember(token);
        using var client = server.NewClient();
        return await client.SendAsync(HttpMethod.Get, path, null, request => request.Headers.TryAddWithoutValidation("Authorization", "Token " + token));
    }
}
