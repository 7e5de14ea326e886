using Juke.Desk.Google;
using Juke.Desk.StandIns;
using Juke.Server.Google;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging.Abstractions;

namespace Juke.Server.Tests.Google;

public sealed class CodeExchangeTests
{
    [Fact]
    public async Task A_code_becomes_a_person()
    {
        await using var world = await GoogleWorld.StartAsync();
        var person = (await ExchangeAsync(world, world.Code("gmail", "the-nonce"), "the-nonce")).Value.ShouldNotBeNull();
        (person.Provider, person.Subject, person.ExternalId, person.Name).ShouldBe(("google", world.Person("gmail").Subject, null, "Grace Mailer"));
        person.Image.ShouldBe(world.Person("gmail").Picture);
    }

    [Fact]
    public async Task A_code_is_good_once_with_its_verifier_and_the_token_in_it_with_its_nonce()
    {
        await using var world = await GoogleWorld.StartAsync();
        var code = world.Code("gmail", "n");
        (await ExchangeAsync(world, code, "n")).Failed.ShouldBeFalse();
        (await ExchangeAsync(world, code, "n")).Problem!.Code.ShouldBe("INVALID_PROVIDER_TOKEN");
        (await world.Service.ExchangeAsync(world.Code("gmail", "n"), new string('w', 64), GoogleWorld.Redirect, "n", default)).Problem!.Code.ShouldBe("INVALID_PROVIDER_TOKEN");
        (await ExchangeAsync(world, world.Code("gmail", "another"), "n")).Problem!.Code.ShouldBe("INVALID_PROVIDER_TOKEN");
        (await ExchangeAsync(world, world.Code("gmail", null), "n")).Problem!.Code.ShouldBe("INVALID_PROVIDER_TOKEN");
    }

    [Fact]
    public async Task Our_own_wrong_secret_or_address_is_not_the_persons_fault()
    {
        await using var right = await GoogleWorld.StartAsync();
        (await right.Service.ExchangeAsync(right.Code("gmail", "n"), GoogleWorld.Verifier, "http://127.0.0.1/other", "n", default)).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");

        await using var world = await GoogleWorld.StartAsync(s => s with { ClientSecret = "another secret" });
        (await ExchangeAsync(world, world.Code("gmail", "n"), "n")).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
    }

    public static TheoryData<string, string> Faults() => new()
    {
        { "400 in plain text", "PROVIDER_UNAVAILABLE" }, { "401", "INVALID_PROVIDER_TOKEN" }, { "403", "PROVIDER_REFUSED" }, { "403 in plain text", "PROVIDER_REFUSED" },
        { "429", "PROVIDER_UNAVAILABLE" }, { "500", "PROVIDER_UNAVAILABLE" }, { "page", "PROVIDER_UNAVAILABLE" }, { "drop", "PROVIDER_UNAVAILABLE" }, { "huge", "PROVIDER_UNAVAILABLE" },
        { "broken", "PROVIDER_UNAVAILABLE" }, { "empty", "PROVIDER_UNAVAILABLE" }, { "redirect", "PROVIDER_UNAVAILABLE" }, { "no token in it", "PROVIDER_UNAVAILABLE" },
        { "half a character", "PROVIDER_UNAVAILABLE" }, { "not a token in it", "INVALID_PROVIDER_TOKEN" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Each_fault_of_the_token_endpoint_has_its_answer_and_no_second_try(string fault, string code)
    {
        await using var world = await GoogleWorld.StartAsync();
        world.StandIn.Faults.Always("token", fault switch
        {
            "400 in plain text" => Fault.Status(400, "no", "text/plain"),
            "401" => Fault.Status(401, "{}"),
            "403" => Fault.Status(403, """{"error":"access_denied"}"""),
            "403 in plain text" => Fault.Status(403, "no", "text/plain"),
            "429" => Fault.TooManyRequests("3"),
            "500" => Fault.Status(500),
            "page" => Fault.ServerErrorHtml,
            "drop" => Fault.Drop,
            "huge" => Fault.HugeBody,
            "broken" => Fault.BrokenJson,
            "empty" => Fault.EmptyBody,
            "redirect" => Fault.Redirect("https://elsewhere.example/"),
            "half a character" => Fault.Status(400, """{"\ud800":1}"""),
            "no token in it" => Fault.Status(200, """{"access_token":"x"}"""),
            _ => Fault.Status(200, """{"id_token":"not a token"}"""),
        });
        (await ExchangeAsync(world, world.Code("gmail", "n"), "n")).Problem!.Code.ShouldBe(code);
        world.Calls("token").ShouldBe(1);
    }

    [Theory]
    [InlineData("token", "hang")]
    [InlineData("token", "slow body")]
    [InlineData("certs", "hang")]
    [InlineData("certs", "slow body")]
    public async Task Who_does_not_answer_in_five_seconds_is_unavailable(string endpoint, string fault)
    {
        await using var world = await GoogleWorld.StartAsync();
        world.StandIn.Faults.Always(endpoint, fault == "hang" ? Fault.Hang : Fault.SlowBody);
        var running = ExchangeAsync(world, world.Code("gmail", "n"), "n");
        await Until.TrueAsync(() => world.Calls(endpoint) > 0);
        world.Clock.Advance(ProviderHttp.Patience - TimeSpan.FromTicks(1));
        running.IsCompleted.ShouldBeFalse();
        world.Clock.Advance(TimeSpan.FromTicks(1));
        (await running).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
        world.Calls(endpoint).ShouldBe(1);
    }

    [Fact]
    public async Task The_address_to_sign_in_at_says_what_Google_asks_for()
    {
        await using var world = await GoogleWorld.StartAsync();
        var url = world.Service.AuthorizeUrl(GoogleWorld.Redirect, "the state", "the-challenge", "the-nonce");
        url.GetLeftPart(UriPartial.Path).ShouldBe(new Uri(world.StandIn.Address, "/o/oauth2/v2/auth").AbsoluteUri);
        QueryHelpers.ParseQuery(url.Query).ToDictionary(q => q.Key, q => q.Value.ToString()).ShouldBe(new Dictionary<string, string>
        {
            ["client_id"] = GoogleStandIn.WebClientId,
            ["response_type"] = "code",
            ["redirect_uri"] = GoogleWorld.Redirect,
            ["scope"] = "openid email profile",
            ["state"] = "the state",
            ["nonce"] = "the-nonce",
            ["code_challenge_method"] = "S256",
            ["code_challenge"] = "the-challenge",
        }, ignoreOrder: true);
    }

    [Fact]
    public void Without_another_address_it_is_Googles_own()
    {
        using var service = new GoogleService(
            TestSettings.Of(s => s with { Google = new() { ClientIds = ["web"], ClientSecret = "s" } }), TimeProvider.System, NullLogger<GoogleService>.Instance);
        service.AuthorizeUrl(GoogleWorld.Redirect, "s", "c", "n", chooseAccount: true).AbsoluteUri.ShouldStartWith("https://accounts.google.com/o/oauth2/v2/auth?client_id=web&");
    }

    private static Task<Outcome<ProviderPerson>> ExchangeAsync(GoogleWorld world, string code, string nonce) =>
        world.Service.ExchangeAsync(code, GoogleWorld.Verifier, GoogleWorld.Redirect, nonce, default);
}
