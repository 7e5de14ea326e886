using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Juke.Desk.Google;
using Juke.Desk.Spotify;
using Juke.Server.Plumbing;
using Juke.Testing;
using Shouldly;

namespace Juke.Ledger.Tests;

/// <summary>The part of the tour that leads through the doors of Spotify and Google.</summary>
internal static class DoorsTour
{
    private const string Redirect = "http://127.0.0.1:7777/callback";
    private const string Verifier = "0123456789012345678901234567890123456789012";
    private const string SocialLogin = "/api/v1/auth/social-login/";

    private static readonly string Challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public static async Task RunAsync()
    {
        var clock = new ManualClock();
        await using var spotify = await SpotifyStandIn.StartAsync(time: clock);
        await using var google = await GoogleStandIn.StartAsync(time: clock);
        await using var server = await JukeServer.StartAsync(s => WithProviders(s, spotify, google, acceptTokens: true), clock: clock);
        await using var strict = await JukeServer.StartAsync(s => WithProviders(s, spotify, google, acceptTokens: false), clock: clock);
        using var client = server.NewClient(web: true);

        var listener = spotify.Add(new() { DisplayName = "Ada" });
        (await WithCodeAsync(client, spotify, listener)).EnsureOk();
        (await WithCodeAsync(client, spotify, spotify.Find("not-listed")!)).Code.ShouldBe("PROVIDER_REFUSED");
        (await WithCodeAsync(client, spotify, spotify.Find("outage-me")!)).Code.ShouldBe("PROVIDER_UNAVAILABLE");
        (await client.PostAsync("/auth/spotify", new { code = "made-up", codeVerifier = Verifier, redirectUri = Redirect })).Code.ShouldBe("INVALID_PROVIDER_TOKEN");

        var token = (await WithTokenAsync(client, spotify, spotify.Add(new()))).EnsureOk().Json["token"]!.GetValue<string>();
        SecretWatch.Remember(token);
        (await client.PostAsync(SocialLogin, new { code = spotify.IssueCode(listener, Redirect, Challenge), code_verifier = Verifier, redirect_uri = Redirect })).EnsureOk();
        (await client.SendAsync(HttpMethod.Post, SocialLogin, new { }, r => r.Headers.Authorization = new AuthenticationHeaderValue("Token", token))).Code.ShouldBe("ALREADY_SIGNED_IN");
        (await WithTokenAsync(client, spotify, spotify.Find("not-listed")!)).Code.ShouldBe("PROVIDER_REFUSED");
        (await WithTokenAsync(client, spotify, spotify.Find("outage-me")!)).Code.ShouldBe("PROVIDER_UNAVAILABLE");
        (await client.PostAsync(SocialLogin, new { access_token = "made-up" })).Code.ShouldBe("INVALID_PROVIDER_TOKEN");
        (await client.PostAsync(SocialLogin, new { code_verifier = "short" })).Code.ShouldBe("VALIDATION_FAILED");
        (await WithTokenAsync(strict.NewClient(), spotify, listener)).Code.ShouldBe("ACCESS_TOKEN_SIGN_IN_OFF");

        var person = google.Add(new() { Email = TestClient.NewEmail() });
        (await WithGoogleAsync(client, google, person)).EnsureOk();
        (await WithGoogleAsync(client, google, google.Add(new() { Email = person.Email }))).Code.ShouldBe("EMAIL_TAKEN");
        (await client.PostAsync("/auth/google", new { idToken = "made.up.token" })).Code.ShouldBe("INVALID_PROVIDER_TOKEN");
        await using var plain = await JukeServer.StartAsync();
        using var unset = plain.NewClient();
        (await unset.PostAsync("/auth/google", new { idToken = "made.up.token" })).Code.ShouldBe("PROVIDER_UNAVAILABLE");

        await using (var disable = server.Database.CreateCommand("update users set state = 'disabled'")) await disable.ExecuteNonQueryAsync();
        (await WithCodeAsync(client, spotify, listener)).Code.ShouldBe("ACCOUNT_DISABLED");
        (await WithTokenAsync(client, spotify, listener)).Code.ShouldBe("ACCOUNT_DISABLED");
        (await WithGoogleAsync(client, google, person)).Code.ShouldBe("ACCOUNT_DISABLED");
    }

    private static Settings WithProviders(Settings settings, SpotifyStandIn spotify, GoogleStandIn google, bool acceptTokens) => settings with
    {
        Spotify = new()
        {
            ClientId = SpotifyStandIn.ClientId,
            ClientSecret = SpotifyStandIn.ClientSecret,
            Accounts = spotify.Address,
            Api = spotify.Address,
            Redirects = ["http://127.0.0.1/callback"],
            AcceptAccessTokens = acceptTokens,
        },
        Google = new() { ClientIds = [GoogleStandIn.WebClientId], ClientSecret = GoogleStandIn.ClientSecret, Elsewhere = google.Address },
    };

    private static Task<Reply> WithCodeAsync(TestClient client, SpotifyStandIn spotify, SpotifyPerson person) =>
        client.PostAsync("/auth/spotify", new { code = spotify.IssueCode(person, Redirect, Challenge), codeVerifier = Verifier, redirectUri = Redirect });

    private static Task<Reply> WithTokenAsync(TestClient client, SpotifyStandIn spotify, SpotifyPerson person) =>
        client.PostAsync(SocialLogin, new { access_token = spotify.IssueAccessToken(person) });

    private static Task<Reply> WithGoogleAsync(TestClient client, GoogleStandIn google, GooglePerson person) =>
        client.PostAsync("/auth/google", new { idToken = google.IdToken(person) });
}
