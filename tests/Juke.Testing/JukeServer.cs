using Juke.Server.Data;
using Juke.Server.Mail;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Juke.Testing;

/// <summary>
/// The real server in this process: real Kestrel on a free port, real PostgreSQL, a clock that the test moves, a mailbox
/// that it reads. Nothing else is replaced.
/// </summary>
internal sealed class JukeServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private JukeServer(WebApplication app, ManualClock clock, TestMailbox mailbox, string connectionString)
    {
        (this.app, Clock, Mailbox, ConnectionString) = (app, clock, mailbox, connectionString);
        Database = app.Services.GetRequiredService<NpgsqlDataSource>();
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public Uri Url { get; }

    public ManualClock Clock { get; }

    public TestMailbox Mailbox { get; }

    public string ConnectionString { get; }

    /// <summary>The server's own pool, for looking at rows.</summary>
    public NpgsqlDataSource Database { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>One random key of today, base64; tests that change keys give their own.</summary>
    public static byte[] Secret { get; } = System.Security.Cryptography.RandomNumberGenerator.GetBytes(32);

    /// <summary>
    /// Starts a server on a database of its own, or on the given one (a restart, or a second server). A quiet one logs only what
    /// production logs: for tests with so many requests that the framework's lines would fill the memory.
    /// </summary>
    public static async Task<JukeServer> StartAsync(
        Func<Settings, Settings>? change = null, string? connectionString = null, ManualClock? clock = null, TestMailbox? mailbox = null, bool quiet = false)
    {
        connectionString ??= await TestCluster.NewDatabaseAsync();
        clock ??= new ManualClock();
        mailbox ??= new TestMailbox();
        for (var tries = 1; ; tries++)
        {
            var app = Build(change, connectionString, clock, mailbox, quiet);
            try
            {
                await Migrations.ApplyAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), clock);
                await app.StartAsync();
                return new JukeServer(app, clock, mailbox, connectionString);
            }
            catch (Exception e)
            {
                await app.DisposeAsync();
                // Who asks for a free port asks anew each time.
                if (tries == 3 || e is not IOException { InnerException: AddressInUseException }) throw;
            }
        }
    }

    /// <summary>A client without cookies and without redirects: it does exactly what it is told.</summary>
    public TestClient NewClient(bool web = false) => new(Url, web);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static WebApplication Build(Func<Settings, Settings>? change, string connectionString, ManualClock clock, TestMailbox mailbox, bool quiet)
    {
        var settings = new Settings
        {
            IsProduction = false,
            Url = new Uri("http://127.0.0.1:0"),
            PublicUrl = new Uri("http://127.0.0.1:5080"),
            Database = connectionString,
            Secrets = [Secret],
            Origins = ["https://app.example"],
            HashIterations = 1000,
            // Tests come from one address and in no time at all; those about limits set their own.
            IdentifierRate = new Rate(1_000_000, TimeSpan.FromMinutes(1)),
            AddressRate = new Rate(1_000_000, TimeSpan.FromMinutes(1)),
        };
        return Program.Build(change?.Invoke(settings) ?? settings, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(new SecretWatch.Provider()).SetMinimumLevel(LogLevel.Information);
            if (quiet) builder.Logging.AddFilter("", LogLevel.Warning).AddFilter("Juke", LogLevel.Information);
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Services.AddSingleton<IMailTransport>(mailbox);
        });
    }
}
