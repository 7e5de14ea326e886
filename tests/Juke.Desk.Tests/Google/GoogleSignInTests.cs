using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Juke.Desk.Google;
using Juke.Desk.Tests.StandIns;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests.Google;

/// <summary>The way through: page, code, ID token, keys.</summary>
public sealed class GoogleSignInTests : IAsyncLifetime
{
    private GoogleStandIn google = null!;
    private App app = null!;

    public async ValueTask InitializeAsync()
    {
        google = await GoogleStandIn.StartAsync();
        app = new(google.Address);
    }

    public async ValueTask DisposeAsync()
    {
        app.Dispose();
        await google.DisposeAsync();
    }

    [Fact]
    public async Task From_the_page_to_a_token_that_the_published_key_proves()
    {
        var page = App.Query(GoogleRequests.Page, GoogleRequests.Authorize);
        (await app.GetAsync(page)).Body.ShouldContain(">Gmail address</button>");
        var back = await app.FormAsync(page, [new("person", "gmail")]);
        back.Location.ShouldNotBeNull().ShouldStartWith(App.Callback + "?code=");
        back.Back("state").ShouldBe("a state & more");
        back.Back("iss").ShouldBe("https://accounts.google.com");

        var tokens = await app.FormAsync("/token", App.With(GoogleRequests.Exchange, ("code", back.Back("code"))));
        tokens.Status.ShouldBe(HttpStatusCode.OK);
        tokens["token_type"].ShouldBe("Bearer");
        tokens["scope"].ShouldBe("openid email profile");
        var token = tokens["id_token"].ShouldNotBeNull();

        var certs = await app.GetAsync("/oauth2/v3/certs");
        certs.Json["keys"]!.AsArray().Count.ShouldBe(2);
        certs.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromHours(6));
        Verified(token, certs.Json).ShouldBeTrue();
        var claims = Claims(token);
        claims["iss"]!.ToString().ShouldBe("https://accounts.google.com");
        claims["aud"]!.ToString().ShouldBe(GoogleStandIn.WebClientId);
        claims["sub"]!.ToString().ShouldBe(google.Find("gmail")!.Subject);
        claims["nonce"]!.ToString().ShouldBe("the nonce");
        claims["email_verified"]!.GetValue<bool>().ShouldBeTrue();
        claims["at_hash"].ShouldNotBeNull();
        google.Calls.Select(call => call.Endpoint).ShouldBe(["authorize", "token", "certs"]);
    }

    internal static JsonObject Claims(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();

    /// <summary>Whether the published key of its kid signed it.</summary>
    internal static bool Verified(string token, JsonNode jwks)
    {
        var parts = token.Split('.');
        var kid = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!["kid"]!.ToString();
        if (jwks["keys"]!.AsArray().FirstOrDefault(key => key!["kid"]!.ToString() == kid) is not { } jwk) return false;
        using var rsa = RSA.Create(new RSAParameters { Modulus = Base64Url.DecodeFromChars(jwk["n"]!.ToString()), Exponent = Base64Url.DecodeFromChars(jwk["e"]!.ToString()) });
        return rsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
