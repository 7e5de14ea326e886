using System.Net;
using System.Net.Sockets;
using Juke.Desk.Google;
using Juke.Desk.Spotify;
using Juke.Desk.Tests.Google;
using Juke.Desk.Tests.Spotify;
using Juke.Desk.Up;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests.StandIns;

/// <summary>The stand-ins as <c>./dev up</c> starts them.</summary>
public sealed class ProvidersTests
{
    [Fact]
    public async Task They_take_the_two_ports_after_the_servers_and_know_its_callbacks()
    {
        var settings = Settings();
        await using var providers = await Providers.StartAsync(settings);
        var (spotify, google) = ($"http://127.0.0.1:{settings.Url.Port + 1}", $"http://127.0.0.1:{settings.Url.Port + 2}");
        providers.Environment.ShouldBe(new Dictionary<string, string>
        {
            ["JUKE_SPOTIFY_CLIENT_ID"] = SpotifyStandIn.ClientId,
            ["JUKE_SPOTIFY_CLIENT_SECRET"] = SpotifyStandIn.ClientSecret,
            ["JUKE_SPOTIFY_ACCOUNTS"] = spotify,
            ["JUKE_SPOTIFY_API"] = spotify,
            ["JUKE_SPOTIFY_REDIRECTS"] = "http://127.0.0.1/callback,juke://spotify-callback",
            ["JUKE_GOOGLE_CLIENT_IDS"] = $"{GoogleStandIn.WebClientId},{GoogleStandIn.IosClientId}",
            ["JUKE_GOOGLE_CLIENT_SECRET"] = GoogleStandIn.ClientSecret,
            ["JUKE_GOOGLE_PARTIES"] = GoogleStandIn.AndroidClientId,
            ["JUKE_GOOGLE_URL"] = google,
        }, ignoreOrder: true);
        string.Join('\n', providers.Lines).ShouldContain($"{spotify}/desk/");
        string.Join('\n', providers.Lines).ShouldContain($"{google}/desk/");

        using var atSpotify = new App(new(spotify));
        using var atGoogle = new App(new(google));
        foreach (var uri in new[] { "https://juke.example/auth/spotify/callback", "https://juke.example/api/v1/social-auth/complete/spotify/", "http://127.0.0.1:4711/callback", "juke://spotify-callback" })
            (await atSpotify.GetAsync(App.Query("/authorize", App.With(SpotifyRequests.Authorize, ("redirect_uri", uri))))).Status.ShouldBe(HttpStatusCode.OK, uri);
        foreach (var uri in new[] { "https://juke.example/auth/google/callback", "http://127.0.0.1:4711/callback" })
            (await atGoogle.GetAsync(App.Query(GoogleRequests.Page, App.With(GoogleRequests.Authorize, ("redirect_uri", uri))))).Status.ShouldBe(HttpStatusCode.OK, uri);
        (await atSpotify.GetAsync("/desk/")).Body.ShouldContain("<option selected>Extended</option>");
        await atSpotify.JsonAsync("/desk/reset", "{}");
        (await atSpotify.GetAsync("/desk/")).Body.ShouldContain("<option selected>Extended</option>", customMessage: "as it was at the start");
    }

    [Theory]
    [InlineData("JUKE_SPOTIFY_CLIENT_ID", "JUKE_SPOTIFY", "JUKE_GOOGLE")]
    [InlineData("JUKE_GOOGLE_CLIENT_IDS", "JUKE_GOOGLE", "JUKE_SPOTIFY")]
    public async Task Where_somebody_has_an_app_of_their_own_no_stand_in_starts(string set, string theirs, string ours)
    {
        await using var providers = await Providers.StartAsync(Settings((set, "my-own")));
        providers.Environment.Keys.ShouldAllBe(name => name.StartsWith(ours));
        providers.Environment.Keys.ShouldNotBeEmpty();
        providers.Lines.Count(line => line.Contains(theirs) && line.Contains("no stand-in")).ShouldBe(1);
    }

    [Fact]
    public async Task In_production_there_are_none()
    {
        await using var providers = await Providers.StartAsync(Settings(("JUKE_ENVIRONMENT", "production")));
        providers.Environment.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_taken_port_is_one_line_that_says_what_to_do(int offset)
    {
        var settings = Settings();
        using var somebody = new TcpListener(IPAddress.Loopback, settings.Url.Port + offset);
        somebody.Start();
        var taken = await Should.ThrowAsync<DeskException>(() => Providers.StartAsync(settings));
        taken.Message.ShouldContain($"Port {settings.Url.Port + offset} is taken");
        taken.Message.ShouldNotContain("\n");
        somebody.Stop();
        await using var again = await Providers.StartAsync(settings);
        again.Environment.ShouldNotBeEmpty("the failed start left nothing behind");
    }

    [Fact]
    public async Task There_must_be_two_more_ports()
    {
        var settings = DeskSettings.Read(name => name == "JUKE_URL" ? "http://127.0.0.1:65534" : null);
        (await Should.ThrowAsync<DeskException>(() => Providers.StartAsync(settings))).ExitCode.ShouldBe(2);
    }

    private static DeskSettings Settings(params (string Name, string Value)[] set)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal) { ["JUKE_URL"] = $"http://127.0.0.1:{FreePorts()}", ["JUKE_PUBLIC_URL"] = "https://juke.example" };
        foreach (var (name, value) in set) all[name] = value;
        return DeskSettings.Read(all.GetValueOrDefault);
    }

    /// <summary>A port with two free ones behind it, below those that the machine gives to others.</summary>
    private static int FreePorts()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            try
            {
                foreach (var offset in new[] { 1, 2 })
                {
                    using var probe = new TcpListener(IPAddress.Loopback, port + offset);
                    probe.Start();
                }
                return port;
            }
            catch (SocketException)
            {
                // Somebody has one of them: another three.
            }
        }
    }
}
