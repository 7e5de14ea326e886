using Juke.Desk.Spotify;
using Juke.Desk.StandIns;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Server.Spotify;
using Juke.Server.Tests.Spotify;
using Juke.Testing;
using Microsoft.Extensions.DependencyInjection;
using Reply = Juke.Testing.Reply;

namespace Juke.Server.Tests.Connections;

/// <summary>Servers on one database, the stand-in, one clock; people whose Spotify account is connected.</summary>
internal sealed class ConnectedWorld : IAsyncDisposable
{
    private readonly List<JukeServer> servers = [];

    public required SpotifyStandIn StandIn { get; init; }

    public required ManualClock Clock { get; init; }

    public JukeServer Server => servers[0];

    public static async Task<ConnectedWorld> StartAsync(int count = 1)
    {
        var clock = new ManualClock();
        var standIn = await SpotifyStandIn.StartAsync(time: clock);
        SecretWatch.Remember(SpotifyStandIn.ClientSecret);
        var world = new ConnectedWorld { StandIn = standIn, Clock = clock };
        for (var i = 0; i < count; i++)
            world.servers.Add(await JukeServer.StartAsync(s => s with { Spotify = SpotifyWorld.Settings(standIn) }, i == 0 ? null : world.Server.ConnectionString, clock));
        return world;
    }

    public JukeServer ServerOf(int i) => servers[i % servers.Count];

    public async Task<TestClient> NewcomerAsync()
    {
        var client = Server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        return client;
    }

    /// <summary>The same user at another server.</summary>
    public TestClient At(int server, TestClient client) => new(ServerOf(server).Url) { AccessToken = client.AccessToken };

    /// <summary>A person with a password and a connected Spotify account.</summary>
    public async Task<TestClient> ConnectedAsync(string scope = "streaming user-read-email")
    {
        var client = await NewcomerAsync();
        await ConnectAsync(client.UserId, StandIn.Add(new SpotifyPerson { DisplayName = "Nia" }), scope);
        return client;
    }

    public async Task<SpotifyTokens> ConnectAsync(long userId, SpotifyPerson person, string scope = "streaming user-read-email")
    {
        await Server.ExecuteAsync(
            "insert into identities (user_id, provider, subject, external_id, created_at, seen_at) values ($1, 'spotify', $2, $3, $4, $4)", userId, person.AccountId!, person.Id, Clock.GetUtcNow());
        var tokens = await TokensAsync(person, scope);
        await StoreAsync(userId, tokens, isConnect: true);
        return tokens;
    }

    public async Task<SpotifyTokens> TokensAsync(SpotifyPerson person, string scope = "streaming user-read-email")
    {
        var code = StandIn.IssueCode(person, SpotifyWorld.Redirect, Pkce.Challenge(SpotifyWorld.Verifier), scope);
        var tokens = (await Server.Services.GetRequiredService<SpotifyService>().ExchangeAsync(code, SpotifyWorld.Verifier, SpotifyWorld.Redirect, default)).Value!;
        SecretWatch.Remember(tokens.AccessToken);
        SecretWatch.Remember(tokens.RefreshToken);
        return tokens;
    }

    public Task StoreAsync(long userId, SpotifyTokens tokens, bool isConnect) =>
        Sql.ExecuteAsync(Server.Database, [ProviderCredentials.Store(userId, "spotify", Server.Services.GetRequiredService<TokenSeal>().Seal(tokens, Clock.GetUtcNow()), isConnect)], default);

    public Task<CredentialRow?> RowAsync(long userId) => ProviderCredentials.FindAsync(Server.Database, userId, "spotify", default);

    public string? Open(string? sealedToken) => Server.Services.GetRequiredService<TokenSeal>().Open(sealedToken);

    public int Refreshes => StandIn.Calls.Count(c => c.GrantType == "refresh_token");

    public static async Task<Reply> TokenAsync(TestClient client)
    {
        var reply = await client.PostAsync("/api/v1/auth/spotify/token/");
        if (reply.Code is null) SecretWatch.Remember(reply.Json["access_token"]!.GetValue<string>());
        return reply;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers) await server.DisposeAsync();
        await StandIn.DisposeAsync();
    }
}
