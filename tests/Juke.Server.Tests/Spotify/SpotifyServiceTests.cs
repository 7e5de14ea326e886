using Juke.Contract;
using Juke.Desk.Spotify;
using Juke.Desk.StandIns;
using Juke.Server.Plumbing;
using Juke.Server.Spotify;
using Juke.Testing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging.Abstractions;

namespace Juke.Server.Tests.Spotify;

public sealed class SpotifyServiceTests
{
    [Fact]
    public async Task A_code_becomes_tokens_and_the_token_a_person()
    {
        await using var world = await SpotifyWorld.StartAsync();
        var tokens = await world.TokensAsync();
        tokens.ExpiresIn.ShouldBe(TimeSpan.FromHours(1));
        tokens.RefreshToken.ShouldNotBeNull();
        tokens.Scopes.ShouldBe(["streaming", "user-read-email"]);

        var person = (await world.Service.WhoIsAsync(tokens.AccessToken, default)).Value.ShouldNotBeNull();
        person.Provider.ShouldBe("spotify");
        person.Subject.ShouldBe(world.Nia.AccountId);
        person.ExternalId.ShouldBe(world.Nia.Id);
        person.Name.ShouldBe("Nia Okafor");
        person.Image.ShouldBe("https://i.scdn.co/image/first-timer");
        person.Email.ShouldBeNull(); // A small app is told no address (changes/february-2026).
    }

    [Fact]
    public async Task An_address_is_never_more_than_a_hint()
    {
        await using var world = await SpotifyWorld.StartAsync();
        world.StandIn.Mode = SpotifyMode.Extended;
        var person = (await world.Service.WhoIsAsync((await world.TokensAsync()).AccessToken, default)).Value!;
        person.Email.ShouldBe(world.Nia.Email);
        person.EmailWord.ShouldBe(EmailWord.Hint);
    }

    [Fact]
    public async Task A_code_is_good_once_and_only_with_its_verifier_and_address()
    {
        await using var world = await SpotifyWorld.StartAsync();
        var code = world.Code();
        (await world.Service.ExchangeAsync(code, SpotifyWorld.Verifier, SpotifyWorld.Redirect, default)).Failed.ShouldBeFalse();
        (await world.Service.ExchangeAsync(code, SpotifyWorld.Verifier, SpotifyWorld.Redirect, default)).Problem!.Code.ShouldBe("INVALID_PROVIDER_TOKEN");
        (await world.Service.ExchangeAsync(world.Code(), new string('w', 64), SpotifyWorld.Redirect, default)).Problem!.Code.ShouldBe("INVALID_PROVIDER_TOKEN");
        (await world.Service.ExchangeAsync(world.Code(), SpotifyWorld.Verifier, SpotifyWorld.Redirect + "/", default)).Problem!.Code.ShouldBe("INVALID_PROVIDER_TOKEN");
        (await world.Service.ExchangeAsync("never issued", SpotifyWorld.Verifier, SpotifyWorld.Redirect, default)).Problem!.Code.ShouldBe("INVALID_PROVIDER_TOKEN");
    }

    [Fact]
    public async Task A_refresh_keeps_or_replaces_the_refresh_token_as_the_answer_says()
    {
        await using var world = await SpotifyWorld.StartAsync();
        var first = await world.TokensAsync();
        var kept = (await world.Service.RefreshAsync(first.RefreshToken!, default)).Value!;
        kept.RefreshToken.ShouldBeNull();
        kept.AccessToken.ShouldNotBe(first.AccessToken);

        world.StandIn.RotateRefreshTokens = true;
        var rotated = (await world.Service.RefreshAsync(first.RefreshToken!, default)).Value!;
        rotated.RefreshToken.ShouldNotBeNull().ShouldNotBe(first.RefreshToken);
        (await world.Service.RefreshAsync(first.RefreshToken!, default)).Problem!.Code.ShouldBe("SPOTIFY_REFRESH_FAILED");
    }

    [Fact]
    public async Task A_refresh_token_dies_six_months_after_consent_and_when_it_is_revoked()
    {
        await using var world = await SpotifyWorld.StartAsync();
        var (old, revoked) = (await world.TokensAsync(), await world.TokensAsync(world.StandIn.People[2]));
        world.Clock.Advance(world.Clock.GetUtcNow().AddMonths(6).AddTicks(-1) - world.Clock.GetUtcNow());
        (await world.Service.RefreshAsync(old.RefreshToken!, default)).Failed.ShouldBeFalse();
        world.Clock.Advance(TimeSpan.FromTicks(1));
        (await world.Service.RefreshAsync(old.RefreshToken!, default)).Problem!.Code.ShouldBe("SPOTIFY_REFRESH_FAILED");

        world.StandIn.RevokeRefreshTokens(world.StandIn.People[2]);
        (await world.Service.RefreshAsync(revoked.RefreshToken!, default)).Problem!.Code.ShouldBe("SPOTIFY_REFRESH_FAILED");
    }

    [Fact]
    public async Task A_wrong_secret_of_ours_costs_nobody_their_token()
    {
        await using var world = await SpotifyWorld.StartAsync();
        var tokens = await world.TokensAsync();
        using var misconfigured = new SpotifyService(
            TestSettings.Of(s => s with { Spotify = SpotifyWorld.Settings(world.StandIn) with { ClientSecret = "another secret" } }), world.Clock, NullLogger<SpotifyService>.Instance);
        (await misconfigured.RefreshAsync(tokens.RefreshToken!, default)).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
        (await misconfigured.ExchangeAsync(world.Code(), SpotifyWorld.Verifier, SpotifyWorld.Redirect, default)).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
        (await misconfigured.SearchArtistsAsync("velvet", 10, default)).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
    }

    [Fact]
    public async Task Either_id_is_enough_and_none_is_no_person()
    {
        await using var world = await SpotifyWorld.StartAsync();
        var token = (await world.TokensAsync()).AccessToken;
        world.StandIn.GiveAccountId = false;
        var old = (await world.Service.WhoIsAsync(token, default)).Value!;
        (old.Subject, old.ExternalId).ShouldBe((null, world.Nia.Id));

        (await MeAsync("""{"account_id":"a1"}""")).Value!.Subject.ShouldBe("a1");
        (await MeAsync("""{"id":null,"display_name":"Nobody"}""")).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");

        async Task<Outcome<ProviderPerson>> MeAsync(string body)
        {
            world.StandIn.Faults.Next("me", Fault.Status(200, body));
            return await world.Service.WhoIsAsync(token, default);
        }
    }

    [Theory]
    [InlineData("""{"id":"x","account_id":7,"display_name":["a"],"email":true,"images":{"url":"https://x.example/a"}}""")]
    [InlineData("""{"id":"x","display_name":"   ","email":"no address","images":[null,7,{"url":"http://x.example/a"},{"url":"javascript:alert(1)"},{"href":"https://x.example/a"}]}""")]
    [InlineData("""{"id":"x","account_id":"","display_name":"\ud800","email":"a\u0000@x.example","images":null}""")]
    [InlineData("""{"id":"x","account_id":{},"display_name":null,"email":null,"images":[]}""")]
    public async Task Fields_of_the_wrong_kind_count_as_absent(string body)
    {
        await using var world = await SpotifyWorld.StartAsync();
        world.StandIn.Faults.Next("me", Fault.Status(200, body));
        (await world.Service.WhoIsAsync("any-token", default)).Value.ShouldBe(new ProviderPerson("spotify", null, "x"));
    }

    [Fact]
    public async Task The_first_picture_with_an_https_address_is_taken()
    {
        await using var world = await SpotifyWorld.StartAsync();
        world.StandIn.Faults.Next("me", Fault.Status(200, """{"id":"x","images":[{"url":null},{"url":"https://x.example/a"},{"url":"https://x.example/b"}]}"""));
        (await world.Service.WhoIsAsync("any-token", default)).Value!.Image.ShouldBe("https://x.example/a");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("tök")]
    public async Task What_cannot_be_a_token_is_not_sent(string token)
    {
        await using var world = await SpotifyWorld.StartAsync();
        (await world.Service.WhoIsAsync(token, default)).Problem!.Code.ShouldBe("INVALID_PROVIDER_TOKEN");
        world.StandIn.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_of_another_app_is_taken_for_ours_because_Spotify_does_not_tell()
    {
        await using var world = await SpotifyWorld.StartAsync();
        (await world.Service.WhoIsAsync(world.StandIn.IssueAccessToken(world.Nia, ofAnotherApp: true), default)).Value!.Subject.ShouldBe(world.Nia.AccountId);
    }

    [Fact]
    public async Task The_address_to_sign_in_at_says_what_Spotify_asks_for()
    {
        await using var world = await SpotifyWorld.StartAsync();
        var query = QueryHelpers.ParseQuery(world.Service.AuthorizeUrl(SpotifyWorld.Redirect, "the state", "the-challenge", "user-read-email streaming", showDialog: true).Query);
        query.ToDictionary(q => q.Key, q => q.Value.ToString()).ShouldBe(new Dictionary<string, string>
        {
            ["client_id"] = SpotifyStandIn.ClientId,
            ["response_type"] = "code",
            ["redirect_uri"] = SpotifyWorld.Redirect,
            ["state"] = "the state",
            ["scope"] = "user-read-email streaming",
            ["show_dialog"] = "true",
            ["code_challenge_method"] = "S256",
            ["code_challenge"] = "the-challenge",
        }, ignoreOrder: true);
        var plain = QueryHelpers.ParseQuery(world.Service.AuthorizeUrl(SpotifyWorld.Redirect, "s", "c", "", showDialog: false).Query);
        plain.ShouldNotContainKey("scope");
        plain.ShouldNotContainKey("show_dialog");
    }

    [Fact]
    public async Task Without_settings_every_call_says_so_and_none_is_made()
    {
        using var service = new SpotifyService(TestSettings.Of(), new ManualClock(), NullLogger<SpotifyService>.Instance);
        service.IsSetUp.ShouldBeFalse();
        foreach (var problem in (Problem?[])[
            (await service.ExchangeAsync("c", "v", "r", default)).Problem, (await service.WhoIsAsync("t", default)).Problem,
            (await service.RefreshAsync("t", default)).Problem, (await service.SearchArtistsAsync("x", 10, default)).Problem])
        {
            problem!.Code.ShouldBe(ProblemCode.ProviderUnavailable);
            problem.Detail.ShouldBe("Spotify is not set up here. Please use another way.");
        }
    }
}
