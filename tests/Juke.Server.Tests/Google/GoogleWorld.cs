using Juke.Desk.Google;
using Juke.Desk.StandIns;
using Juke.Server.Google;
using Juke.Server.Plumbing;
using Juke.Testing;
using Microsoft.Extensions.Logging;

namespace Juke.Server.Tests.Google;

/// <summary>The service against the stand-in over HTTP, on one clock. What it logs is watched for secrets.</summary>
internal sealed class GoogleWorld : IAsyncDisposable
{
    public const string Redirect = "http://127.0.0.1/callback";
    public static readonly string Verifier = new('v', 64);

    public required GoogleStandIn StandIn { get; init; }

    public required ManualClock Clock { get; init; }

    public required GoogleService Service { get; init; }

    public static async Task<GoogleWorld> StartAsync(Func<GoogleSettings, GoogleSettings>? change = null)
    {
        var clock = new ManualClock();
        var standIn = await GoogleStandIn.StartAsync(time: clock);
        SecretWatch.Remember(GoogleStandIn.ClientSecret);
        var settings = TestSettings.Of(s => s with { Google = change?.Invoke(Settings(standIn)) ?? Settings(standIn) });
        var loggers = LoggerFactory.Create(b => b.AddProvider(new SecretWatch.Provider()));
        return new GoogleWorld { StandIn = standIn, Clock = clock, Service = new GoogleService(settings, clock, loggers.CreateLogger<GoogleService>()) };
    }

    public static GoogleSettings Settings(GoogleStandIn standIn) => new()
    {
        ClientIds = [GoogleStandIn.WebClientId, GoogleStandIn.IosClientId],
        ClientSecret = GoogleStandIn.ClientSecret,
        Parties = [GoogleStandIn.AndroidClientId],
        Elsewhere = standIn.Address,
    };

    public GooglePerson Person(string key) => StandIn.People.Single(p => p.Key == key);

    public Task<Outcome<ProviderPerson>> VerifyAsync(string token, string? nonce = null)
    {
        SecretWatch.Remember(token);
        return Service.VerifyAsync(token, nonce, default);
    }

    public string Code(string key, string? nonce) => StandIn.IssueCode(Person(key), Redirect, Pkce.Challenge(Verifier), nonce);

    public int Calls(string endpoint) => StandIn.Calls.Count(c => c.Endpoint == endpoint);

    public async ValueTask DisposeAsync()
    {
        Service.Dispose();
        await StandIn.DisposeAsync();
    }
}
