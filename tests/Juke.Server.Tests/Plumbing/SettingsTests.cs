using System.Net.Sockets;
using Juke.Server.Plumbing;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Plumbing;

public sealed class SettingsTests
{
    private static readonly string Key = Convert.ToBase64String(new byte[32]);

    [Theory]
    [InlineData("JUKE_ENVIRONMENT", "prod")]
    [InlineData("JUKE_ENVIRONMENT", "Development")]
    [InlineData("JUKE_URL", "127.0.0.1:5080")]
    [InlineData("JUKE_URL", "ftp://127.0.0.1")]
    [InlineData("JUKE_URL", "http://127.0.0.1:5080/juke")]
    [InlineData("JUKE_URL", "http://127.0.0.1:5080/?a=b")]
    [InlineData("JUKE_URL", "http://127.0.0.1:99999")]
    [InlineData("JUKE_URL", "garbage")]
    [InlineData("JUKE_PUBLIC_URL", "juke.example")]
    [InlineData("JUKE_PUBLIC_URL", "https://juke.example/app")]
    [InlineData("JUKE_DATABASE", null)]
    [InlineData("JUKE_DATABASE", "   ")]
    [InlineData("JUKE_DATABASE", "postgres://u:p@h/db")]
    [InlineData("JUKE_DATABASE", "Database=juke")]
    [InlineData("JUKE_DATABASE", "Host=x;Colour=blue")]
    [InlineData("JUKE_DATABASE", "Host=x;Port=many")]
    [InlineData("JUKE_SECRETS", null)]
    [InlineData("JUKE_SECRETS", "")]
    [InlineData("JUKE_SECRETS", ",")]
    [InlineData("JUKE_SECRETS", "hush-hush")]
    [InlineData("JUKE_SECRETS", "AAAA")]
    [InlineData("JUKE_SECRETS", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")] // 34 bytes
    [InlineData("JUKE_ORIGINS", "*")]
    [InlineData("JUKE_ORIGINS", "app.example")]
    [InlineData("JUKE_ORIGINS", "https://app.example/")]
    [InlineData("JUKE_ORIGINS", "https://*.example")]
    [InlineData("JUKE_ORIGINS", "https://a.example,https://b.example/x")]
    [InlineData("JUKE_ORIGINS", "null")]
    [InlineData("JUKE_MAIL", null)]
    [InlineData("JUKE_MAIL", "mail.example")]
    [InlineData("JUKE_MAIL", "http://mail.example")]
    [InlineData("JUKE_MAIL", "smtp://")]
    [InlineData("JUKE_MAIL_FROM", "Juke")]
    [InlineData("JUKE_MAIL_FROM", "a@b\nBcc: c@d")]
    [InlineData("JUKE_HASH_ITERATIONS", "219999")]
    [InlineData("JUKE_HASH_ITERATIONS", "0")]
    [InlineData("JUKE_HASH_ITERATIONS", "many")]
    [InlineData("JUKE_HASH_ITERATIONS", "-220000")]
    [InlineData("JUKE_HASH_ITERATIONS", "99999999999")]
    [InlineData("JUKE_LIMIT_IDENTIFIER", "10")]
    [InlineData("JUKE_LIMIT_IDENTIFIER", "0/60")]
    [InlineData("JUKE_LIMIT_ADDRESS", "10/0")]
    [InlineData("JUKE_LIMIT_ADDRESS", "10/60/60")]
    [InlineData("JUKE_LIMIT_ADDRESS", "ten/60")]
    [InlineData("JUKE_LIMIT_DELAY_MS", "-1")]
    [InlineData("JUKE_LIMIT_DELAY_MS", "60001")]
    [InlineData("JUKE_PROXIES", "proxy.example")]
    [InlineData("JUKE_PROXIES", "10.0.0.0/33")]
    [InlineData("JUKE_PROXIES", "*")]
    [InlineData("JUKE_DISABLE_REGISTRATION", "yes")]
    public void A_bad_setting_is_one_line_that_names_the_variable_and_never_shows_its_value(string name, string? value)
    {
        var (settings, complaints) = Read((name, value));
        settings.ShouldBeNull();
        var line = complaints.ShouldHaveSingleItem();
        line.ShouldStartWith(name + " ");
        line.ShouldNotContain("\n");
        if (name is "JUKE_SECRETS" or "JUKE_DATABASE" && value is { Length: > 4 }) line.ShouldNotContain(value);
    }

    [Theory]
    [InlineData("JUKE_URL", "http://0.0.0.0:8080")]
    [InlineData("JUKE_PUBLIC_URL", "https://juke.example")]
    [InlineData("JUKE_DISABLE_REGISTRATION", "1")]
    [InlineData("JUKE_ORIGINS", "")]
    [InlineData("JUKE_ORIGINS", "https://a.example, http://localhost:3000")]
    [InlineData("JUKE_MAIL", "smtp://u%40x:p%3Aw@mail.example:2525")]
    [InlineData("JUKE_MAIL", "file:///tmp/mail")]
    [InlineData("JUKE_MAIL_FROM", "no-reply@juke.example")]
    [InlineData("JUKE_HASH_ITERATIONS", "220000")]
    [InlineData("JUKE_LIMIT_IDENTIFIER", "1000000/1")]
    [InlineData("JUKE_LIMIT_DELAY_MS", "0")]
    [InlineData("JUKE_PROXIES", "10.0.0.0/8, 192.0.2.1, 2001:db8::/32, ::1")]
    public void A_good_one_is_taken(string name, string value) => Read((name, value)).Complaints.ShouldBeEmpty();

    [Fact]
    public void All_that_is_wrong_is_said_at_once() =>
        Settings.Read(_ => null).Complaints.Select(c => c.Split(' ')[0]).ShouldBe(["JUKE_DATABASE", "JUKE_SECRETS", "JUKE_MAIL"], ignoreOrder: true);

    [Fact]
    public void Production_is_what_one_gets_without_asking()
    {
        Read().Settings!.IsProduction.ShouldBeTrue();
        Read().Settings!.HashIterations.ShouldBe(220_000);
        Read(("JUKE_ENVIRONMENT", "development"), ("JUKE_HASH_ITERATIONS", "1"), ("JUKE_MAIL", null)).Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Several_keys_are_read_newest_first()
    {
        var newer = Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 32)]);
        Read(("JUKE_SECRETS", $" {newer} , {Key} ")).Settings!.Secrets.Select(s => s[0]).ShouldBe([(byte)7, (byte)0]);
    }

    private static readonly (string, string?)[] Providers =
    [
        ("JUKE_SPOTIFY_CLIENT_ID", "an-id"), ("JUKE_SPOTIFY_CLIENT_SECRET", "a-secret"), ("JUKE_GOOGLE_CLIENT_IDS", "web, ios"), ("JUKE_GOOGLE_CLIENT_SECRET", "another"),
    ];

    [Fact]
    public void Providers_are_off_until_they_are_registered_and_then_their_own_addresses()
    {
        var without = Read().Settings!;
        (without.Spotify, without.Google).ShouldBe((null, null));
        var settings = Read([.. Providers, ("JUKE_GOOGLE_PARTIES", "android"), ("JUKE_SPOTIFY_REDIRECTS", "http://127.0.0.1/cb, juke://spotify-callback")]).Settings!;
        settings.Spotify!.Accounts.ShouldBe(new Uri("https://accounts.spotify.com"));
        settings.Spotify.Api.ShouldBe(new Uri("https://api.spotify.com"));
        settings.Spotify.Redirects.ShouldBe(["http://127.0.0.1/cb", "juke://spotify-callback"]);
        settings.Spotify.AcceptAccessTokens.ShouldBeFalse();
        settings.Google!.ClientIds.ShouldBe(["web", "ios"]);
        settings.Google.Parties.ShouldBe(["android"]);
        settings.Google.Elsewhere.ShouldBeNull();
        settings.Google.LinkHostedDomains.ShouldBeFalse();
        Read([.. Providers, ("JUKE_GOOGLE_URL", "https://accounts.google.com")]).Settings!.Google!.Elsewhere.ShouldBeNull();
        Read([.. Providers, ("JUKE_SPOTIFY_ACCEPT_ACCESS_TOKENS", "1"), ("JUKE_GOOGLE_LINK_HOSTED", "1")]).Settings!.ShouldSatisfyAllConditions(
            s => s.Spotify!.AcceptAccessTokens.ShouldBeTrue(), s => s.Google!.LinkHostedDomains.ShouldBeTrue());
    }

    [Fact]
    public void Development_may_speak_with_stand_ins_and_takes_bare_access_tokens()
    {
        var settings = Read([.. Providers, ("JUKE_ENVIRONMENT", "development"), ("JUKE_SPOTIFY_ACCOUNTS", "http://127.0.0.1:1"), ("JUKE_SPOTIFY_API", "http://127.0.0.1:2"), ("JUKE_GOOGLE_URL", "http://127.0.0.1:3")]).Settings!;
        (settings.Spotify!.Accounts.Port, settings.Spotify.Api.Port, settings.Google!.Elsewhere!.Port).ShouldBe((1, 2, 3));
        settings.Spotify.AcceptAccessTokens.ShouldBeTrue();
    }

    [Theory]
    [InlineData("JUKE_SPOTIFY_ACCOUNTS", "https://accounts.spotify.example", "JUKE_SPOTIFY_ACCOUNTS can be changed in development only; in production it is https://accounts.spotify.com.")]
    [InlineData("JUKE_SPOTIFY_API", "http://api.spotify.com", "JUKE_SPOTIFY_API can be changed in development only; in production it is https://api.spotify.com.")]
    [InlineData("JUKE_SPOTIFY_API", "https://api.spotify.com/v1", "JUKE_SPOTIFY_API must be an address without a path, for example https://api.spotify.com.")]
    [InlineData("JUKE_GOOGLE_URL", "http://127.0.0.1:3", "JUKE_GOOGLE_URL can be changed in development only; in production it is https://accounts.google.com.")]
    [InlineData("JUKE_SPOTIFY_REDIRECTS", "not an address", "JUKE_SPOTIFY_REDIRECTS must be absolute addresses separated by commas.")]
    [InlineData("JUKE_SPOTIFY_ACCEPT_ACCESS_TOKENS", "yes", "JUKE_SPOTIFY_ACCEPT_ACCESS_TOKENS must be 1 or 0.")]
    [InlineData("JUKE_GOOGLE_LINK_HOSTED", "yes", "JUKE_GOOGLE_LINK_HOSTED must be 1 or 0.")]
    [InlineData("JUKE_SPOTIFY_CLIENT_SECRET", null, "JUKE_SPOTIFY_CLIENT_ID and JUKE_SPOTIFY_CLIENT_SECRET belong together: set both or none.")]
    [InlineData("JUKE_SPOTIFY_CLIENT_ID", null, "JUKE_SPOTIFY_CLIENT_ID and JUKE_SPOTIFY_CLIENT_SECRET belong together: set both or none.")]
    [InlineData("JUKE_GOOGLE_CLIENT_IDS", null, "JUKE_GOOGLE_CLIENT_SECRET needs JUKE_GOOGLE_CLIENT_IDS beside it.")]
    public void A_wrong_setting_of_a_provider_is_named(string name, string? value, string complaint)
    {
        var complaints = Read([.. Providers, (name, value)]).Complaints;
        complaints.ShouldBe([complaint]);
    }

    [Fact]
    public async Task The_process_ends_with_2_and_the_lines_before_it_listens()
    {
        var environment = ServerProcess.Environment("Host=127.0.0.1;Database=x");
        environment["JUKE_ORIGINS"] = "*";
        environment["JUKE_SECRETS"] = "not-a-key";
        var (exit, output, errors) = await ServerProcess.RunAsync(environment, null);
        exit.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.TrimEnd().Split('\n').ShouldAllBe(line => line.StartsWith("juke-server: JUKE_", StringComparison.Ordinal));
        errors.TrimEnd().Split('\n').Length.ShouldBe(2);
        errors.ShouldNotContain("not-a-key");
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_one_line_and_1()
    {
        var (exit, _, errors) = await ServerProcess.RunAsync(ServerProcess.Environment("Host=127.0.0.1;Port=1;Database=x;Username=u;Password=do-not-show-me"), null);
        (exit, errors.Trim()).ShouldBe((1, "juke-server: PostgreSQL cannot be reached with JUKE_DATABASE."));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line_and_1()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var url = new Uri($"http://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}");
        var (exit, output, errors) = await ServerProcess.RunAsync(ServerProcess.Environment(await TestCluster.NewDatabaseAsync(), url), null);
        exit.ShouldBe(1);
        errors.Trim().ShouldBe($"juke-server: JUKE_URL: cannot listen at {url}: something else listens there already.");
        output.ShouldNotContain("   at ");
    }

    private static (Settings? Settings, IReadOnlyList<string> Complaints) Read(params (string Name, string? Value)[] change)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["JUKE_DATABASE"] = "Host=127.0.0.1;Database=juke;Username=juke",
            ["JUKE_SECRETS"] = Key,
            ["JUKE_MAIL"] = "smtp://127.0.0.1",
        };
        foreach (var (name, value) in change) environment[name] = value;
        return Settings.Read(environment.GetValueOrDefault);
    }
}
