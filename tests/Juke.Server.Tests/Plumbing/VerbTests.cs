using System.Globalization;
using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Plumbing;

/// <summary>The verbs beside serving, each as the process that it is.</summary>
public sealed class VerbTests
{
    [Fact]
    public async Task Migrate_brings_a_new_database_up_and_says_so_and_then_has_nothing_to_do()
    {
        var environment = ServerProcess.Environment(await TestCluster.NewEmptyDatabaseAsync());
        var first = await ServerProcess.RunAsync(environment, null, "migrate");
        first.ExitCode.ShouldBe(0, first.Errors);
        first.Output.ShouldStartWith("Applied: 0001-accounts, ");
        (await ServerProcess.RunAsync(environment, null, "migrate")).ShouldBe((0, "The database is up to date.\n", ""));
    }

    [Fact]
    public async Task Words_that_cannot_be_end_with_2_and_say_what_can()
    {
        var environment = ServerProcess.Environment("Host=127.0.0.1;Port=1;Database=x");
        var unknown = await ServerProcess.RunAsync(environment, null, "frobnicate");
        unknown.ExitCode.ShouldBe(2);
        (unknown.Output + unknown.Errors).ShouldContain("frobnicate");
        (await ServerProcess.RunAsync(environment, null, "users", "create", "--role", "god")).ExitCode.ShouldBe(2);

        var help = await ServerProcess.RunAsync(environment, null, "--help");
        help.ExitCode.ShouldBe(0);
        foreach (var verb in new[] { "migrate", "users", "fixtures" }) help.Output.ShouldContain(verb);
    }

    [Fact]
    public async Task An_administrator_makes_an_account_that_is_behind_the_gate_like_every_other()
    {
        const string password = "a password from standard input ";
        SecretWatch.Remember(password);
        await using var server = await JukeServer.StartAsync();
        var environment = ServerProcess.Environment(server.ConnectionString);

        var made = await ServerProcess.RunAsync(environment, password + "\nsecond line\n", "users", "create", "--email", "Ada@Example.com", "--username", "Ada", "--name", "Ada L", "--role", "admin", "--password-stdin");
        made.ExitCode.ShouldBe(0, made.Errors);
        var id = long.Parse(made.Output.Trim(), CultureInfo.InvariantCulture);
        using var client = server.NewClient();
        var user = (await client.LoginAsync("ada@example.com", password)).EnsureOk().Json["user"]!;
        user.ToJsonString().ShouldBe($$"""{"id":{{id}},"email":"Ada@Example.com","username":"Ada","name":"Ada L","image":null,"role":"admin","onboardingRequired":true,"hasPassword":true}""");
        (await client.GetAsync("/fixtures/upcoming")).Code.ShouldBe("ONBOARDING_REQUIRED");
        (await client.CompleteAsync("Ada")).EnsureOk();
        (await client.GetAsync("/fixtures/upcoming")).EnsureOk();

        // Without a password the person sets one by mail: the address is taken as proved, and no mail is sent unasked.
        var bare = await ServerProcess.RunAsync(environment, null, "users", "create", "--email", "grace@example.com");
        bare.ExitCode.ShouldBe(0, bare.Errors);
        using var guest = server.NewClient();
        (await guest.LoginAsync("grace@example.com")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await guest.PostAsync("/auth/forgot-password", new { email = "grace@example.com" })).EnsureOk();
        var token = (await server.Mailbox.WaitForAsync("grace@example.com", "Set a new password")).Token;
        (await guest.PostAsync("/auth/reset-password", new { token, newPassword = TestClient.Password })).EnsureOk();
        (await guest.LoginAsync("grace@example.com")).EnsureOk().Json["user"].Flag("onboardingRequired").ShouldBeTrue();
        server.Mailbox.All.ShouldNotContain(m => m.Subject.Contains("Confirm", StringComparison.Ordinal));

        var taken = await ServerProcess.RunAsync(environment, null, "users", "create", "--email", "GRACE@example.com");
        (taken.ExitCode, taken.Errors).ShouldBe((1, "juke-server: Email already registered\n"));
    }

    [Fact]
    public async Task An_account_that_cannot_be_is_refused_with_all_that_is_wrong()
    {
        var database = await TestCluster.NewDatabaseAsync();
        var environment = ServerProcess.Environment(database);
        var all = await ServerProcess.RunAsync(environment, "12345678\n", "users", "create", "--email", "x", "--username", "a b", "--password-stdin");
        all.ExitCode.ShouldBe(1);
        all.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[1]).ShouldBe(["--email:", "--username:", "--password-stdin:"]);
        all.Errors.ShouldNotContain("12345678");
        var nameless = await ServerProcess.RunAsync(environment, null, "users", "create");
        (nameless.ExitCode, nameless.Errors).ShouldBe((1, "juke-server: Give --email or --username: an account that nobody can name is of no use.\n"));
        await using var source = Npgsql.NpgsqlDataSource.Create(database);
        await using var count = source.CreateCommand("select count(*) from users");
        (await count.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task Fixtures_are_imported_all_or_none_and_again_replaces()
    {
        await using var server = await JukeServer.StartAsync();
        var environment = ServerProcess.Environment(server.ConnectionString);
        var file = Path.Combine(Directory.CreateTempSubdirectory("juke-fixtures-").FullName, "fixtures.jsonl");
        try
        {
            await File.WriteAllTextAsync(file, Line(1, "A vs B") + "\n\n" + Line(2, "C vs D"));
            (await RunAsync()).ShouldBe((0, "2 fixtures.\n", ""));
            await File.WriteAllTextAsync(file, Line(1, "A vs Z") + "\n" + Line(3, "E vs F") + "\n");
            (await RunAsync()).ShouldBe((0, "2 fixtures.\n", ""));
            var names = await NamesAsync();
            names.ShouldBe("A vs Z, C vs D, E vs F");

            foreach (var bad in new[] { "{}", "garbage", Line(9, "a\\u0000b"), "{\"id\":9,\"surprise\":1}" })
            {
                await File.WriteAllTextAsync(file, Line(1, "Changed") + "\n" + bad + "\n");
                await using var lines = File.OpenRead(file);
                using var reader = new StreamReader(lines);
                (await Juke.Server.Fixtures.ImportFixtures.RunAsync(server.Database, reader, default)).Complaint.ShouldStartWith("line 2 ");
                (await NamesAsync()).ShouldBe(names, "nothing changed");
            }
            var refused = await RunAsync();
            refused.ExitCode.ShouldBe(1);
            refused.Errors.ShouldStartWith("juke-server: line 2 is not a fixture");
            File.Delete(file);
            (await RunAsync()).Errors.ShouldBe($"juke-server: There is no file {file}.\n");
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }

        Task<(int ExitCode, string Output, string Errors)> RunAsync() => ServerProcess.RunAsync(environment, null, "fixtures", "import", file);

        Task<string?> NamesAsync() => server.AskAsync<string>("select string_agg(name, ', ' order by id) from fixtures");

        static string Line(int id, string name) => $$"""{"id":{{id}},"name":"{{name}}","kickoffAt":"2026-11-22T14:00:00Z","startTs":0,"state":"NS"}""";
    }
}
