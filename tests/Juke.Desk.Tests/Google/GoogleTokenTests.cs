using System.Net;
using Juke.Desk.Google;
using Juke.Desk.StandIns;
using Juke.Desk.Tests.StandIns;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests.Google;

public sealed class GoogleTokenTests : GoogleTest
{
    public static TheoryData<string, string?, int, string> Refusals => new()
    {
        { "client_id", null, 401, "invalid_client" },
        { "client_id", GoogleStandIn.AndroidClientId, 401, "invalid_client" },
        { "client_secret", "wrong", 401, "invalid_client" },
        { "client_secret", null, 400, "invalid_request" },
        { "grant_type", "password", 400, "unsupported_grant_type" },
        { "code", "invented", 400, "invalid_grant" },
        { "code", null, 400, "invalid_grant" },
        { "redirect_uri", "http://127.0.0.1:4712/callback", 400, "redirect_uri_mismatch" },
        { "code_verifier", null, 400, "invalid_grant" },
        { "code_verifier", "another-verifier-that-is-long-enough-to-be-one-01", 400, "invalid_grant" },
    };

    /// <summary>Who, and email, email_verified, hd, name as the token says them.</summary>
    public static TheoryData<string, string?, bool?, string?, string?> People => new()
    {
        { "gmail", "grace.mailer@gmail.com", true, null, "Grace Mailer" },
        { "workspace", "wim@office.example", true, "office.example", "Wim Kantoor" },
        { "third-party", "thea@mail.example", true, null, "Thea Elsewhere" },
        { "unverified", "ulf@mail.example", false, null, "Ulf Unsure" },
        { "no-email", null, null, null, "Nora Nomail" },
        { "no-name", "nameless@gmail.com", true, null, null },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_wrong_exchange_is_refused_with_a_flat_error(string name, string? value, int status, string error)
    {
        var answer = await ExchangeAsync(Code(), (name, value));
        ((int)answer.Status).ShouldBe(status);
        answer["error"].ShouldBe(error);
        answer["error_description"].ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(People))]
    public async Task A_token_says_who_somebody_is(string key, string? email, bool? verified, string? hosted, string? name)
    {
        var claims = await ClaimsAsync(Google.IssueCode(Google.Find(key)!, App.Callback, App.Challenge));
        (claims["email"]?.ToString()).ShouldBe(email);
        (claims["email_verified"]?.GetValue<bool>()).ShouldBe(verified);
        (claims["hd"]?.ToString()).ShouldBe(hosted);
        (claims["name"]?.ToString()).ShouldBe(name);
        claims.Where(claim => claim.Value is null).ShouldBeEmpty("what is not known is absent, not null");
        (claims.ContainsKey("email"), claims.ContainsKey("hd"), claims.ContainsKey("name")).ShouldBe((email is not null, hosted is not null, name is not null));
    }

    [Fact]
    public async Task A_code_is_good_once_and_for_ten_minutes()
    {
        var (first, late) = (Code(), Code());
        (await ExchangeAsync(first)).Status.ShouldBe(HttpStatusCode.OK);
        (await ExchangeAsync(first))["error"].ShouldBe("invalid_grant");
        Clock.Now += Codes<GoogleCode>.Lifetime;
        (await ExchangeAsync(late))["error"].ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task The_client_may_say_who_it_is_by_basic()
    {
        var form = App.With(GoogleRequests.Exchange, ("code", Code()), ("client_id", null), ("client_secret", null));
        (await App.FormAsync("/token", form, App.Basic(GoogleStandIn.WebClientId, GoogleStandIn.ClientSecret))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_verifier_without_a_challenge_is_refused() =>
        (await ExchangeAsync(Google.IssueCode(Somebody, App.Callback)))["error"].ShouldBe("invalid_grant");

    [Fact]
    public async Task An_address_can_change_while_the_subject_stays()
    {
        var before = await ClaimsAsync(Code());
        Somebody.Email = "another@gmail.com";
        var after = await ClaimsAsync(Code());
        after["email"]!.ToString().ShouldBe("another@gmail.com");
        after["sub"]!.ToString().ShouldBe(before["sub"]!.ToString());
    }

    [Fact]
    public void An_apps_token_says_audience_party_and_issuer_as_told()
    {
        var plain = GoogleSignInTests.Claims(Google.IdToken(Somebody));
        (plain["iss"]!.ToString(), plain["aud"]!.ToString(), plain["azp"]!.ToString(), plain.ContainsKey("nonce")).ShouldBe((GoogleStandIn.Issuer, GoogleStandIn.WebClientId, GoogleStandIn.WebClientId, false));
        (plain["iat"]!.GetValue<long>(), plain["exp"]!.GetValue<long>()).ShouldBe((Clock.Now.ToUnixTimeSeconds(), Clock.Now.ToUnixTimeSeconds() + 3600));
        var android = GoogleSignInTests.Claims(Google.IdToken(Somebody, azp: GoogleStandIn.AndroidClientId, issuer: GoogleStandIn.LegacyIssuer, nonce: "n"));
        (android["iss"]!.ToString(), android["aud"]!.ToString(), android["azp"]!.ToString(), android["nonce"]!.ToString()).ShouldBe(("accounts.google.com", GoogleStandIn.WebClientId, GoogleStandIn.AndroidClientId, "n"));
    }

    [Fact]
    public async Task Keys_rotate_and_the_last_one_stays_published()
    {
        var (old, first) = (Google.IdToken(Somebody), await CertsAsync());
        Google.RotateKeys();
        var (fresh, second) = (Google.IdToken(Somebody), await CertsAsync());
        GoogleSignInTests.Verified(fresh, first.Json).ShouldBeFalse("a cache of yesterday does not know it");
        GoogleSignInTests.Verified(fresh, second.Json).ShouldBeTrue();
        GoogleSignInTests.Verified(old, second.Json).ShouldBeTrue();
        Google.RotateKeys();
        var third = await CertsAsync();
        GoogleSignInTests.Verified(old, third.Json).ShouldBeFalse();
        third.Json["keys"]!.AsArray().Select(key => key!["kid"]!.ToString()).ShouldBeUnique();
    }

    [Fact]
    public async Task Keys_can_be_out_of_reach()
    {
        Google.Faults.Next("certs", Fault.ServerErrorHtml);
        (await CertsAsync()).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await CertsAsync()).Headers.CacheControl!.MaxAge.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_discovery_document_leads_to_everything()
    {
        var document = (await App.GetAsync("/.well-known/openid-configuration")).Json;
        document["issuer"]!.ToString().ShouldBe(GoogleStandIn.Issuer);
        (await App.GetAsync(document["jwks_uri"]!.ToString())).Status.ShouldBe(HttpStatusCode.OK);
        (await App.GetAsync(App.Query(document["authorization_endpoint"]!.ToString(), GoogleRequests.Authorize))).Status.ShouldBe(HttpStatusCode.OK);
        (await App.FormAsync(document["token_endpoint"]!.ToString(), App.With(GoogleRequests.Exchange, ("code", Code())))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whose_exchange_fails_gets_503() =>
        (await ExchangeAsync(Google.IssueCode(Google.Find("outage-token")!, App.Callback, App.Challenge))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);

    private Task<Answer> CertsAsync() => App.GetAsync("/oauth2/v3/certs");
}
