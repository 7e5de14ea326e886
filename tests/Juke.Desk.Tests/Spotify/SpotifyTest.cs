using Juke.Desk.Spotify;
using Juke.Desk.Tests.StandIns;
using Xunit;

namespace Juke.Desk.Tests.Spotify;

/// <summary>A stand-in of one test, on a clock that stands, and an app before it.</summary>
public abstract class SpotifyTest : IAsyncLifetime
{
    private protected StoppedClock Clock { get; } = new();

    private protected SpotifyStandIn Spotify { get; private set; } = null!;

    private protected App App { get; private set; } = null!;

    private protected SpotifyPerson Somebody { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Spotify = await SpotifyStandIn.StartAsync(time: Clock);
        App = new(Spotify.Address);
        Somebody = Spotify.Add(new() { DisplayName = "Somebody", Email = "somebody@listeners.example" });
    }

    public async ValueTask DisposeAsync()
    {
        App.Dispose();
        await Spotify.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected string Code(string scope = "") => Spotify.IssueCode(Somebody, App.Callback, App.Challenge, scope);

    /// <summary>Exchanges this code, with the request changed.</summary>
    private protected Task<Answer> ExchangeAsync(string code, params (string Name, string? Value)[] changes) =>
        App.FormAsync("/api/token", App.With(App.With(SpotifyRequests.Exchange, ("code", code)), changes));

    private protected async Task<string> RefreshTokenAsync() => (await ExchangeAsync(Code()))["refresh_token"]!;

    private protected Task<Answer> RefreshAsync(string token, params (string Name, string? Value)[] changes) =>
        App.FormAsync("/api/token", App.With(App.With(SpotifyRequests.Refresh, ("refresh_token", token)), changes));

    private protected Task<Answer> MeAsync(string token) => App.GetAsync("/v1/me", "Bearer " + token);
}
