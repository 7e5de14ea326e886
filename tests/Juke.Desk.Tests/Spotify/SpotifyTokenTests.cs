using System.Net;
using Juke.Desk.Spotify;
using Juke.Desk.StandIns;
using Juke.Desk.Tests.StandIns;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests.Spotify;

public sealed class SpotifyTokenTests : SpotifyTest
{
    /// <summary>What is changed in a good exchange, to what (null: left out), and the flat error.</summary>
    public static TheoryData<string, string?, string, string> Refusals => new()
    {
        { "client_id", null, "invalid_client", "Invalid client" },
        { "client_id", "somebody-else", "invalid_client", "Invalid client" },
        { "client_secret", "wrong", "invalid_client", "Invalid client secret" },
        { "grant_type", null, "unsupported_grant_type", "grant_type must be client_credentials, authorization_code or refresh_token" },
        { "grant_type", "password", "unsupported_grant_type", "grant_type must be client_credentials, authorization_code or refresh_token" },
        { "code", null, "invalid_grant", "Invalid authorization code" },
        { "code", "AQinvented", "invalid_grant", "Invalid authorization code" },
        { "redirect_uri", null, "invalid_grant", "Invalid redirect URI" },
        { "redirect_uri", "http://127.0.0.1:4712/callback", "invalid_grant", "Invalid redirect URI" },
        { "code_verifier", null, "invalid_grant", "code_verifier was incorrect" },
        { "code_verifier", "another-verifier-that-is-long-enough-to-be-one-01", "invalid_grant", "code_verifier was incorrect" },
        { "code_verifier", "short", "invalid_grant", "code_verifier was incorrect" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_wrong_exchange_is_refused_with_a_flat_error(string name, string? value, string error, string description)
    {
        var answer = await ExchangeAsync(Code(), (name, value));
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer["error"].ShouldBe(error);
        answer["error_description"].ShouldBe(description);
        answer.Type.ShouldBe("application/json");
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        var code = Code();
        (await ExchangeAsync(code)).Status.ShouldBe(HttpStatusCode.OK);
        (await ExchangeAsync(code))["error_description"].ShouldBe("Invalid authorization code");
    }

    [Fact]
    public async Task A_code_that_was_tried_with_the_wrong_verifier_is_spent()
    {
        var code = Code();
        await ExchangeAsync(code, ("code_verifier", null));
        (await ExchangeAsync(code))["error_description"].ShouldBe("Invalid authorization code");
    }

    [Fact]
    public async Task Two_at_once_get_one_answer_between_them()
    {
        var code = Code();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ExchangeAsync(code)));
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Fact]
    public async Task A_code_lives_ten_minutes()
    {
        var (early, late) = (Code(), Code());
        Clock.Now += Codes<CodeGrant>.Lifetime - TimeSpan.FromTicks(1);
        (await ExchangeAsync(early)).Status.ShouldBe(HttpStatusCode.OK);
        Clock.Now += TimeSpan.FromTicks(1);
        (await ExchangeAsync(late))["error"].ShouldBe("invalid_grant");
    }

    [Theory]
    [InlineData(true, true, HttpStatusCode.OK)] // Secret in Basic.
    [InlineData(true, false, HttpStatusCode.BadRequest)]
    [InlineData(false, true, HttpStatusCode.BadRequest)]
    public async Task Basic_says_who_the_client_is(bool rightId, bool rightSecret, HttpStatusCode status)
    {
        var form = App.With(SpotifyRequests.Exchange, ("code", Code()), ("client_id", null), ("client_secret", null));
        var answer = await App.FormAsync("/api/token", form, App.Basic(rightId ? SpotifyStandIn.ClientId : "x", rightSecret ? SpotifyStandIn.ClientSecret : "x"));
        answer.Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("Basic !!!")]
    [InlineData("Basic bm8tY29sb24=")]
    [InlineData("Bearer abc")]
    public async Task A_header_that_says_nothing_is_nobody(string header) =>
        (await App.FormAsync("/api/token", App.With(SpotifyRequests.Exchange, ("code", Code())), header))["error_description"].ShouldBe("Invalid client");

    [Fact]
    public async Task The_proof_of_possession_does_without_a_secret()
    {
        var answer = await ExchangeAsync(Code(), ("client_secret", null));
        answer.Status.ShouldBe(HttpStatusCode.OK);
        var refresh = answer["refresh_token"]!;
        (await RefreshAsync(refresh, ("client_secret", null))).Status.ShouldBe(HttpStatusCode.OK);
        (await RefreshAsync(await RefreshTokenAsync(), ("client_secret", null)))["error"].ShouldBe("invalid_client");
    }

    [Fact]
    public async Task Without_challenge_the_secret_is_needed_and_a_verifier_is_refused()
    {
        string Plain() => Spotify.IssueCode(Somebody, App.Callback);
        (await ExchangeAsync(Plain(), ("code_verifier", null))).Status.ShouldBe(HttpStatusCode.OK);
        (await ExchangeAsync(Plain(), ("code_verifier", null), ("client_secret", null)))["error"].ShouldBe("invalid_client");
        (await ExchangeAsync(Plain()))["error"].ShouldBe("invalid_grant", "somebody took the challenge out of the request");
    }

    [Fact]
    public async Task Json_is_not_a_form() => (await App.JsonAsync("/api/token", "{}")).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);

    [Fact]
    public async Task Fewer_scopes_may_be_granted_than_were_asked_for()
    {
        Spotify.GrantOnly = "user-read-email user-top-read";
        (await ExchangeAsync(Code("user-read-private user-read-email")))["scope"].ShouldBe("user-read-email");
    }

    [Fact]
    public async Task The_app_itself_gets_a_token_without_a_user()
    {
        var form = App.With(SpotifyRequests.Refresh, ("grant_type", "client_credentials"));
        var answer = await App.FormAsync("/api/token", form);
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer["refresh_token"].ShouldBeNull();
        (await MeAsync(answer["access_token"]!)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await App.FormAsync("/api/token", App.With(form, ("client_secret", null))))["error"].ShouldBe("invalid_client");
    }

    [Fact]
    public async Task A_refresh_gives_no_new_refresh_token_and_the_old_one_stays()
    {
        var refresh = await RefreshTokenAsync();
        for (var time = 0; time < 2; time++)
        {
            var answer = await RefreshAsync(refresh);
            answer.Status.ShouldBe(HttpStatusCode.OK);
            answer["refresh_token"].ShouldBeNull();
            (await MeAsync(answer["access_token"]!)).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task With_rotation_the_old_one_ends_and_six_months_still_count_from_consent()
    {
        Spotify.RotateRefreshTokens = true;
        var (first, consent) = (await RefreshTokenAsync(), Clock.Now);
        Clock.Now += TimeSpan.FromDays(100);
        var next = (await RefreshAsync(first))["refresh_token"].ShouldNotBeNull();
        (await RefreshAsync(first))["error_description"].ShouldBe("Refresh token revoked");
        Clock.Now = consent.AddMonths(6);
        (await RefreshAsync(next))["error_description"].ShouldBe("Refresh token expired");
    }

    [Fact]
    public async Task A_refresh_token_dies_six_months_after_consent_however_often_it_is_used()
    {
        var (refresh, consent) = (await RefreshTokenAsync(), Clock.Now);
        Clock.Now = consent.AddMonths(6) - TimeSpan.FromTicks(1);
        (await RefreshAsync(refresh)).Status.ShouldBe(HttpStatusCode.OK);
        Clock.Now = consent.AddMonths(6);
        var dead = await RefreshAsync(refresh);
        dead.Status.ShouldBe(HttpStatusCode.BadRequest);
        dead["error"].ShouldBe("invalid_grant");
        dead["error_description"].ShouldBe("Refresh token expired");
        (await RefreshAsync(await RefreshTokenAsync())).Status.ShouldBe(HttpStatusCode.OK, "a new consent counts anew");
    }

    [Fact]
    public async Task Revoked_and_invented_refresh_tokens_are_refused()
    {
        var refresh = await RefreshTokenAsync();
        var other = Spotify.Add(new());
        var others = (await ExchangeAsync(Spotify.IssueCode(other, App.Callback, App.Challenge)))["refresh_token"]!;
        Spotify.RevokeRefreshTokens(Somebody);
        (await RefreshAsync(refresh))["error_description"].ShouldBe("Refresh token revoked");
        (await RefreshAsync(others)).Status.ShouldBe(HttpStatusCode.OK);
        (await RefreshAsync("AQinvented"))["error_description"].ShouldBe("Invalid refresh token");
        (await RefreshAsync(""))["error"].ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Whose_exchange_fails_gets_a_page_of_503()
    {
        var answer = await ExchangeAsync(Spotify.IssueCode(Spotify.Find("outage-token")!, App.Callback, App.Challenge));
        answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Type.ShouldBe("text/html");
    }
}
