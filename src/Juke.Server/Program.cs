using Juke.Contract;
using Juke.Server;
using Juke.Server.Data;
using Juke.Server.Gate;
using Juke.Server.JukeApi;
using Juke.Server.Mail;
using Juke.Server.Plumbing;
using Juke.Server.Published;
using Juke.Server.Web;
using Microsoft.AspNetCore.HttpOverrides;
using Npgsql;

var words = Verbs.Build(async settings =>
{
    if (OpenContract.Refusal(settings, ContractVersion.Open) is { } refusal) return Verbs.RefuseSettings(refusal);
    await using var app = Build(settings);
    OpenContract.Warn(app.Logger, settings, ContractVersion.Open);
    await Migrations.ApplyAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), TimeProvider.System);
    await app.RunAsync();
    return 0;
}).Parse(args);
var exitCode = await words.InvokeAsync();
return words.Errors.Count > 0 ? Verbs.WrongWords : exitCode;

/// <summary>The server: what is registered, and what a request passes, in its order.</summary>
internal static partial class Program
{
    /// <summary>Builds the server. Tests replace the clock or the mail transport with <paramref name="replace"/>.</summary>
    public static WebApplication Build(Settings settings, Action<WebApplicationBuilder>? replace = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(Program).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = settings.IsProduction ? Environments.Production : Environments.Development,
        });
        builder.WebHost.UseUrls(settings.Url.ToString());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 128 * 1024;
        });

        // Logs
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Juke", LogLevel.Information).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        // A start that fails is said in one line by Verbs, not as a stack trace; what stops a running server is Critical.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // A rule of its own, whatever the minimum: the framework's request lines hold the query, and with it the token of a mailed link.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (settings.IsProduction) builder.Logging.AddJsonConsole(json =>
        {
            (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ");
            json.IncludeScopes = true; // They carry the trace id that the reply's Trace-Id names.
        });
        else builder.Logging.AddSimpleConsole(console => console.SingleLine = true);

        // Rooms
        builder.Services.AddJuke(settings);
        builder.Services.AddKeyRing();
        builder.Services.AddPages(settings);
        builder.Services.AddHostedService<MailWorker>();
        builder.Services.AddHostedService<Telemetry>();

        // JSON in and out
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, CoreJson.Default);
            var core = CoreJson.Default.Options;
            options.SerializerOptions.UnmappedMemberHandling = core.UnmappedMemberHandling;
            options.SerializerOptions.AllowDuplicateProperties = core.AllowDuplicateProperties;
            options.SerializerOptions.NumberHandling = core.NumberHandling;
            options.SerializerOptions.PropertyNameCaseInsensitive = core.PropertyNameCaseInsensitive;
            options.SerializerOptions.MaxDepth = core.MaxDepth;
            options.SerializerOptions.Converters.Add(new StorableStringConverter());
            options.SerializerOptions.Converters.Add(new InstantConverter());
        });

        // Browsers of other origins, and proxies
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. settings.Origins]).AllowCredentials()
            .WithMethods("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
            .WithHeaders("Content-Type", "Authorization", "X-Requested-With", "X-Client", "X-CSRFToken", ContractVersion.Header, "If-Match", "If-None-Match")
            .WithExposedHeaders("ETag", ContractVersion.Header, "Retry-After", "Trace-Id")));
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
            foreach (var network in settings.Proxies) options.KnownIPNetworks.Add(network);
        });
        replace?.Invoke(builder);

        var app = builder.Build();
        if (settings.Proxies.Count > 0) app.UseForwardedHeaders();
        app.UseReplyHeaders();
        app.UseProblems();
        app.UseAssets();
        app.UseRouting();
        app.UseCors();
        app.UseContractVersion();
        app.UseTrailingSlash();
        app.UseMiddleware<OnboardingGate>();
        app.UseJsonBody();

        Health.Map(app);
        app.MapCore();
        app.MapJuke();
        app.MapPages();
        app.MapPublished();
        return app;
    }
}
