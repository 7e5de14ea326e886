using System.CommandLine;
using System.Net.Sockets;
using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Fixtures;
using Juke.Server.Import;
using Juke.Server.Passwords;
using Juke.Server.Plumbing;
using Juke.Server.SignUp;
using Microsoft.AspNetCore.Connections;

namespace Juke.Server;

/// <summary>What the server can do beside serving. Exit codes: 0 done, 1 refused or failed, 2 wrong settings or words.</summary>
internal static class Verbs
{
    /// <summary>Exit code for settings or words that cannot be.</summary>
    public const int WrongWords = 2;

    public static RootCommand Build(Func<Settings, Task<int>> serve)
    {
        var root = new RootCommand("Juke's server. Without a verb it serves. Settings are environment variables: see the README.");
        root.SetAction((_, _) => WithSettings(serve));
        var serving = new Command("serve", "Serve, as without a verb.");
        serving.SetAction((_, _) => WithSettings(serve));
        root.Add(serving);
        root.Add(Migrate());
        root.Add(UsersVerb());
        root.Add(FixturesVerb());
        root.Add(ImportVerb.Build(WithSettings, Refuse));
        return root;
    }

    private static Command Migrate()
    {
        var verb = new Command("migrate", "Bring the database to this build, then end.");
        verb.SetAction((_, cancellation) => WithSettings(async settings =>
        {
            await using var database = Database.Open(settings);
            var applied = await Migrations.ApplyAsync(database, TimeProvider.System, cancellation);
            Console.WriteLine(applied.Count == 0 ? "The database is up to date." : "Applied: " + string.Join(", ", applied));
            return 0;
        }));
        return verb;
    }

    private static Command UsersVerb()
    {
        var email = new Option<string?>("--email") { Description = "Address, taken as proved." };
        var username = new Option<string?>("--username") { Description = "Username; onboarding asks for it otherwise." };
        var name = new Option<string?>("--name") { Description = "Display name." };
        var role = new Option<string>("--role") { Description = "user or admin.", DefaultValueFactory = _ => "user" };
        role.AcceptOnlyFromAmong("user", "admin");
        var password = new Option<bool>("--password-stdin") { Description = "Read the password from standard input (first line). Without it the person uses 'forgot password'." };

        var create = new Command("create", "Make an account, through the same path as every sign-up. It goes through onboarding like every other.") { email, username, name, role, password };
        create.SetAction((words, cancellation) => WithSettings(async settings =>
        {
            var complaints = new List<string>();
            string? address = null, chosen = null, secret = null;
            if (words.GetValue(email) is { } e && EmailAddress.Check(e, out address) is { } badEmail) complaints.Add("--email: " + badEmail);
            if (words.GetValue(username) is { } u && Username.Check(u, out chosen) is { } badUsername) complaints.Add("--username: " + badUsername);
            if (words.GetValue(password))
            {
                secret = await Console.In.ReadLineAsync(cancellation);
                if (NewPassword.Check(secret) is { } badPassword) complaints.Add("--password-stdin: " + badPassword);
            }
            if (address is null && chosen is null) complaints.Add("Give --email or --username: an account that nobody can name is of no use.");
            if (complaints.Count > 0) return Refuse(complaints);

            await using var provider = Services(settings);
            var hash = secret is null ? null : (await provider.GetRequiredService<PasswordHashing>().HashAsync(secret, cancellation)).Value;
            var made = await provider.GetRequiredService<AccountCreation>().CreateAsync(
                new NewAccount("admin", address, EmailIsProved: address is not null, chosen, words.GetValue(name), hash, words.GetValue(role)!), session: null, cancellation);
            if (made.Failed) return Refuse([made.Problem.Detail]);
            Console.WriteLine(made.Value.Id);
            return 0;
        }));
        return new Command("users", "Accounts.") { create };
    }

    private static Command FixturesVerb()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "JSON lines: one fixture a line, as GET /fixtures/upcoming shows it." };
        var import = new Command("import", "Insert or replace fixtures: all of the file, or nothing.") { file };
        import.SetAction((words, cancellation) => WithSettings(async settings =>
        {
            var path = words.GetValue(file)!;
            if (!path.Exists) return Refuse([$"There is no file {path}."]);
            await using var database = Database.Open(settings);
            using var lines = path.OpenText();
            var (count, complaint) = await ImportFixtures.RunAsync(database, lines, cancellation);
            if (complaint is not null) return Refuse([complaint]);
            Console.WriteLine($"{count} fixtures.");
            return 0;
        }));
        return new Command("fixtures", "Upcoming fixtures.") { import };
    }

    private static ServiceProvider Services(Settings settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddJuke(settings);
        return services.BuildServiceProvider();
    }

    private static async Task<int> WithSettings(Func<Settings, Task<int>> work)
    {
        var (settings, complaints) = Settings.Read(Environment.GetEnvironmentVariable);
        if (settings is null)
        {
            Refuse(complaints);
            return WrongWords;
        }
        try
        {
            return await work(settings);
        }
        catch (Npgsql.NpgsqlException e)
        {
            // The class of the trouble, not the driver's text: that may quote data or the connection string.
            return Refuse([e is Npgsql.PostgresException p ? $"PostgreSQL refused: {p.SqlState} {p.MessageText}" : "PostgreSQL cannot be reached with JUKE_DATABASE."]);
        }
        catch (Exception e) when (e is IOException { InnerException: AddressInUseException } or SocketException)
        {
            return Refuse([$"JUKE_URL: cannot listen at {settings.Url}: {(e is SocketException ? e.Message : "something else listens there already")}."]);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            return Refuse([e.Message]);
        }
    }

    /// <summary>Says which setting forbids what was asked: exit code 2.</summary>
    public static int RefuseSettings(string complaint)
    {
        Refuse([complaint]);
        return 2;
    }

    private static int Refuse(IEnumerable<string> complaints)
    {
        foreach (var complaint in complaints) Console.Error.WriteLine("juke-server: " + complaint);
        return 1;
    }
}
