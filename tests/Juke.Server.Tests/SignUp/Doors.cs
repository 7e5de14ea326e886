using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Juke.Desk.Google;
using Juke.Desk.Spotify;
using Juke.Server.Plumbing;
using Juke.Testing;
using Xunit;

namespace Juke.Server.Tests.SignUp;

/// <summary>A server with both providers behind it, as stand-ins on real HTTP and by the server's own clock.</summary>
public sealed class Doors : IAsyncLifetime
{
    /// <summary>Where an app on a computer listens; the server allows the loopback IP with any port.</summary>
    internal const string AppRedirect = "http://127.0.0.1:7777/callback";

    /// <summary>Ahead of the cookie jar of <see cref="Browser"/>.</summary>
    internal ManualClock Clock { get; } = ManualClock.Tomorrow();

    internal JukeServer Server { get; private set; } = null!;

    internal SpotifyStandIn Spotify { get; private set; } = null!;

    internal GoogleStandIn Google { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Spotify = await SpotifyStandIn.StartAsync(time: Clock);
        Google = await GoogleStandIn.StartAsync(time: Clock);
        Server = await AnotherServerAsync(connectionString: null);
        var pages = Server.Services.GetService(typeof(Settings)) is Settings s ? s.PublicUrl : throw new InvalidOperationException();
        foreach (var path in (string[])["/auth/spotify/callback", "/api/v1/social-auth/complete/spotify/"]) Spotify.RedirectUris.Add(new Uri(pages, path).AbsoluteUri);
        Google.RedirectUris.Add(new Uri(pages, "/auth/google/callback").AbsoluteUri);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Spotify.DisposeAsync();
        await Google.DisposeAsync();
    }

    /// <summary>One more server on the same database.</summary>
    internal Task<JukeServer> AnotherServerAsync(string? connectionString, Func<Settings, Settings>? change = null) => JukeServer.StartAsync(
        s => (change ?? (same => same))(s with
        {
            // So that a test can tell its own lines in the log by an address.
            Proxies = [System.Net.IPNetwork.Parse("127.0.0.0/8")],
            Spotify = new SpotifySettings
            {
                ClientId = SpotifyStandIn.ClientId,
                ClientSecret = SpotifyStandIn.ClientSecret,
                Accounts = Spotify.Address,
                Api = Spotify.Address,
                Redirects = ["http://127.0.0.1/callback"],
                AcceptAccessTokens = true,
            },
            Google = new GoogleSettings
            {
                ClientIds = [GoogleStandIn.WebClientId, GoogleStandIn.IosClientId],
                ClientSecret = GoogleStandIn.ClientSecret,
                Parties = [GoogleStandIn.AndroidClientId],
                Elsewhere = Google.Address,
            },
        }), connectionString, Clock, quiet: true);

    internal SpotifyPerson Listener(string? name = "Nia Okafor", Action<SpotifyPerson>? also = null)
    {
        var person = new SpotifyPerson { DisplayName = name };
        also?.Invoke(person);
        return Spotify.Add(person);
    }

    /// <summary>Somebody with a mailbox at Google itself: the one place where Google's word about an address is final.</summary>
    internal GooglePerson Gmail(string? email = null, string? name = "Ada Lovelace") => Google.Add(new() { Email = email ?? NewGmail(), Name = name });

    /// <summary>An address that nobody else comes from.</summary>
    internal static string NewAddress() => new System.Net.IPAddress([.. (byte[])[0x20, 0x01, 0x0d, 0xb8], .. Guid.NewGuid().ToByteArray()[..12]]).ToString();

    internal static string NewGmail() => $"u{Guid.NewGuid():N}@gmail.com";

    /// <summary>A body for the Spotify door, with a fresh code of this person.</summary>
    internal (string Code, string Verifier, string Redirect) Code(SpotifyPerson person, string scope = "", string redirect = AppRedirect)
    {
        var verifier = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var code = Spotify.IssueCode(person, redirect, ChallengeOf(verifier), scope);
        SecretWatch.Remember(code);
        SecretWatch.Remember(verifier);
        return (code, verifier, redirect);
    }

    internal static string ChallengeOf(string verifier) => System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    internal async Task<Reply> WithSpotifyAsync(TestClient client, SpotifyPerson person, string scope = "")
    {
        var (code, codeVerifier, redirectUri) = Code(person, scope);
        return Keep(client, await client.PostAsync("/auth/spotify", new { code, codeVerifier, redirectUri }));
    }

    internal async Task<Reply> WithGoogleAsync(TestClient client, GooglePerson person)
    {
        var idToken = Google.IdToken(person);
        SecretWatch.Remember(idToken);
        return Keep(client, await client.PostAsync("/auth/google", new { idToken }));
    }

    /// <summary>The Juke dialect's door with a code.</summary>
    internal async Task<Reply> WithSocialLoginAsync(TestClient client, SpotifyPerson person, string scope = "")
    {
        var (code, code_verifier, redirect_uri) = Code(person, scope);
        return Remembered(await client.PostAsync("/api/v1/auth/social-login/", new { code, code_verifier, redirect_uri }));
    }

    /// <summary>The Juke dialect's door with a bare access token.</summary>
    internal async Task<Reply> WithAccessTokenAsync(TestClient client, SpotifyPerson person, bool ofAnotherApp = false)
    {
        var access_token = Spotify.IssueAccessToken(person, ofAnotherApp);
        SecretWatch.Remember(access_token);
        return Remembered(await client.PostAsync("/api/v1/auth/social-login/", new { access_token }));
    }

    /// <summary>A request with a token of the Juke dialect.</summary>
    internal static Task<Reply> AsAsync(TestClient client, string token, HttpMethod method, string path) =>
        client.SendAsync(method, path, change: r => r.Headers.Authorization = new AuthenticationHeaderValue("Token", token));

    private static Reply Remembered(Reply reply)
    {
        if (reply.Status == System.Net.HttpStatusCode.OK) SecretWatch.Remember(reply.Json["token"]!.GetValue<string>());
        return reply;
    }

    private static Reply Keep(TestClient client, Reply reply)
    {
        if (reply.Status != System.Net.HttpStatusCode.OK) return reply;
        client.AccessToken = reply.Json["accessToken"]!.GetValue<string>();
        client.RefreshToken = reply.Json["refreshToken"]!.GetValue<string>();
        SecretWatch.Remember(client.AccessToken);
        SecretWatch.Remember(client.RefreshToken);
        return reply;
    }
}
