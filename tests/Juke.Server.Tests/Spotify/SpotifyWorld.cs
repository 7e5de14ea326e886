using Juke.Desk.Spotify;
using Juke.Desk.StandIns;
using Juke.Server.Plumbing;
using Juke.Server.Spotify;
using Juke.Testing;
using Microsoft.Extensions.Logging;

namespace Juke.Server.Tests.Spotify;

/// <summary>The service against the stand-in over HTTP, on one clock. What it logs is watched for secrets.</summary>
internal sealed class SpotifyWorld : IAsyncDisposable
{
    public const string Redirect = "http://127.0.0.1/callback";
    public static readonly string Verifier = new('v', 64);

    public required SpotifyStandIn StandIn { get; init; }

    public required ManualClock Clock { get; init; }

    public required SpotifyService Service { get; init; }

    public SpotifyPerson Nia => StandIn.People[0];

    public static async Task<SpotifyWorld> StartAsync(Func<SpotifySettings, SpotifySettings>? change = null)
    {
        var clock = new ManualClock();
        var standIn = await SpotifyStandIn.StartAsync(time: clock);
        SecretWatch.Remember(SpotifyStandIn.ClientSecret);
        var settings = TestSettings.Of(s => s with { Spotify = change?.Invoke(Settings(standIn)) ?? Settings(standIn) });
        var loggers = LoggerFactory.Create(b => b.AddProvider(new SecretWatch.Provider()));
        return new SpotifyWorld { StandIn = standIn, Clock = clock, Service = new SpotifyService(settings, clock, loggers.CreateLogger<SpotifyService>()) };
    }

    public static SpotifySettings Settings(SpotifyStandIn standIn) => new()
    {
        ClientId = SpotifyStandIn.ClientId,
        ClientSecret = SpotifyStandIn.ClientSecret,
        Accounts = standIn.Address,
        Api = standIn.Address,
    };

    public string Code(SpotifyPerson? person = null, string scope = "streaming user-read-email") => StandIn.IssueCode(person ?? Nia, Redirect, Pkce.Challenge(Verifier), scope);

    public async Task<SpotifyTokens> TokensAsync(SpotifyPerson? person = null)
    {
        var tokens = (await Service.ExchangeAsync(Code(person), Verifier, Redirect, default)).Value!;
        SecretWatch.Remember(tokens.AccessToken);
        SecretWatch.Remember(tokens.RefreshToken);
        return tokens;
    }

    public int Calls(string endpoint) => StandIn.Calls.Count(c => c.Endpoint == endpoint);

    public async ValueTask DisposeAsync()
    {
        Service.Dispose();
        await StandIn.DisposeAsync();
    }
}
