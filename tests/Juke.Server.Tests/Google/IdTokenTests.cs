using Juke.Contract;
using Juke.Desk.Google;
using Juke.Desk.StandIns;
using Juke.Server.Google;
using Juke.Server.Plumbing;
using Juke.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Juke.Server.Tests.Google;

public sealed class IdTokenTests
{
    public static TheoryData<string> Forgeries() => new(Forge.All.Select(f => f.Name));

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Forged_tokens_are_refused_alike_and_good_ones_pass(string name)
    {
        await using var world = await GoogleWorld.StartAsync();
        var forgery = Forge.All.Single(f => f.Name == name);
        var outcome = await world.VerifyAsync(forgery.Token(world.StandIn, world.Person("gmail")), forgery.Nonce);
        if (forgery.ShouldPass)
        {
            outcome.Problem.ShouldBeNull();
            outcome.Value!.Subject.ShouldBe(world.Person("gmail").Subject);
        }
        else
        {
            outcome.Problem.ShouldBe(new Problem(ProblemCode.InvalidProviderToken, "Invalid Google ID token"));
        }
    }

    [Fact]
    public void There_are_forty_forgeries_and_more() => Forge.All.Count(f => !f.ShouldPass).ShouldBeGreaterThanOrEqualTo(40);

    [Theory]
    [InlineData("gmail", "Authoritative")]
    [InlineData("workspace", "Verified")]
    [InlineData("third-party", "Verified")]
    [InlineData("unverified", "Hint")]
    [InlineData("no-email", "Hint")]
    public async Task The_word_about_an_address_is_worth_what_Google_can_know(string key, string word)
    {
        await using var world = await GoogleWorld.StartAsync();
        var person = (await world.VerifyAsync(world.StandIn.IdToken(world.Person(key)))).Value!;
        person.EmailWord.ToString().ShouldBe(word);
        person.Email.ShouldBe(world.Person(key).Email);
    }

    [Theory]
    [InlineData("A.B@GMAIL.COM", true, true, "Authoritative")]
    [InlineData("a@gmail.com", false, true, "Hint")]
    [InlineData("a@googlemail.com", true, true, "Verified")]
    [InlineData("a@gmail.com.example", true, false, "Verified")]
    [InlineData("a@office.example", true, true, "Authoritative")]
    [InlineData("a@office.example", false, true, "Hint")]
    public async Task Hosted_domains_count_only_where_the_operator_says_so(string email, bool verified, bool hosted, string word)
    {
        await using var world = await GoogleWorld.StartAsync(s => s with { LinkHostedDomains = true });
        var person = world.StandIn.Add(new GooglePerson { Email = email, EmailVerified = verified, HostedDomain = hosted && !email.Contains("gmail", StringComparison.Ordinal) && !email.Contains("googlemail", StringComparison.Ordinal) ? "office.example" : null });
        (await world.VerifyAsync(world.StandIn.IdToken(person))).Value!.EmailWord.ToString().ShouldBe(word);
    }

    [Theory]
    [InlineData("true", "Authoritative")]
    [InlineData("\"true\"", "Authoritative")]
    [InlineData("\"True\"", "Hint")]
    [InlineData("1", "Hint")]
    [InlineData("\"1\"", "Hint")]
    [InlineData("[true]", "Hint")]
    [InlineData("null", "Hint")]
    [InlineData("false", "Hint")]
    public async Task Verified_is_true_and_nothing_like_it(string raw, string word)
    {
        await using var world = await GoogleWorld.StartAsync();
        var token = Forge.Claims(claims => claims["email_verified"] = System.Text.Json.Nodes.JsonNode.Parse(raw))(world.StandIn, world.Person("gmail"));
        (await world.VerifyAsync(token)).Value!.EmailWord.ToString().ShouldBe(word);
    }

    [Fact]
    public async Task Time_is_the_servers_own_to_the_second()
    {
        await using var world = await GoogleWorld.StartAsync();
        var token = world.StandIn.IdToken(world.Person("gmail"));
        world.Clock.Advance(TimeSpan.FromSeconds(3599));
        (await world.VerifyAsync(token)).Failed.ShouldBeFalse();
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        (await world.VerifyAsync(token)).Problem!.Code.ShouldBe("INVALID_PROVIDER_TOKEN");

        foreach (var claim in (string[])["iat", "nbf"])
        {
            (await world.VerifyAsync(Ahead(claim, 30))).Failed.ShouldBeFalse();
            (await world.VerifyAsync(Ahead(claim, 31))).Problem!.Code.ShouldBe("INVALID_PROVIDER_TOKEN");
        }

        string Ahead(string claim, int seconds) => Forge.Claims((claims, now) => claims[claim] = now + seconds)(world.StandIn, world.Person("gmail"));
    }

    [Fact]
    public async Task A_new_key_is_learnt_at_once_and_an_unknown_one_asked_for_once_a_minute()
    {
        await using var world = await GoogleWorld.StartAsync();
        (await world.VerifyAsync(world.StandIn.IdToken(world.Person("gmail")))).Failed.ShouldBeFalse();
        world.StandIn.RotateKeys();
        (await world.VerifyAsync(world.StandIn.IdToken(world.Person("gmail")))).Failed.ShouldBeTrue(); // Asked a moment ago.
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        (await world.VerifyAsync(world.StandIn.IdToken(world.Person("gmail")))).Failed.ShouldBeFalse();
        world.Calls("certs").ShouldBe(2);

        var unknown = Forge.Header(header => header["kid"] = "unheard-of");
        for (var i = 0; i < 20; i++) await world.VerifyAsync(unknown(world.StandIn, world.Person("gmail")));
        world.Calls("certs").ShouldBe(2);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 20; i++) await world.VerifyAsync(unknown(world.StandIn, world.Person("gmail")));
        world.Calls("certs").ShouldBe(3);
    }

    [Fact]
    public async Task Keys_are_kept_as_long_as_Google_says_and_a_withdrawn_one_is_gone_then()
    {
        await using var world = await GoogleWorld.StartAsync();
        (await world.VerifyAsync(world.StandIn.IdToken(world.Person("gmail")))).Failed.ShouldBeFalse();
        var old = world.StandIn.Keys.Keys[0];
        world.StandIn.RotateKeys();
        world.StandIn.RotateKeys();
        string Token() => Jwt.Make(Jwt.Header(old.Id), world.StandIn.Claims(world.Person("gmail")).ToJsonString(), old.Sign);
        world.Clock.Advance(TimeSpan.FromSeconds(21_599));
        (await world.VerifyAsync(Token())).Failed.ShouldBeFalse();
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        (await world.VerifyAsync(Token())).Problem!.Code.ShouldBe("INVALID_PROVIDER_TOKEN");
        world.Calls("certs").ShouldBe(2);
    }

    [Fact]
    public async Task Many_first_tokens_at_once_ask_for_the_keys_once()
    {
        await using var world = await GoogleWorld.StartAsync();
        var token = world.StandIn.IdToken(world.Person("gmail"));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => world.VerifyAsync(token))));
        outcomes.ShouldAllBe(o => !o.Failed);
        world.Calls("certs").ShouldBe(1);
    }

    public static TheoryData<string> KeyFaults() => new("500", "page", "429", "drop", "huge", "broken", "empty", "redirect", "no keys", "403", "half a character");

    [Theory]
    [MemberData(nameof(KeyFaults))]
    public async Task Without_Googles_keys_nobody_is_called_a_forger(string fault)
    {
        await using var world = await GoogleWorld.StartAsync();
        var token = world.StandIn.IdToken(world.Person("gmail"));
        world.StandIn.Faults.Always("certs", fault switch
        {
            "500" => Fault.Status(500),
            "page" => Fault.ServerErrorHtml,
            "429" => Fault.TooManyRequests("9"),
            "drop" => Fault.Drop,
            "huge" => Fault.HugeBody,
            "broken" => Fault.BrokenJson,
            "empty" => Fault.EmptyBody,
            "redirect" => Fault.Redirect("https://elsewhere.example/"),
            "403" => Fault.Status(403, "no", "text/plain"),
            "half a character" => Fault.Status(200, """{"\ud800":1}"""),
            _ => Fault.Status(200, """{"keys":[]}"""),
        });
        (await world.VerifyAsync(token)).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
        var asked = world.Calls("certs");
        (await world.VerifyAsync(token)).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
        world.Calls("certs").ShouldBe(asked); // However many ask in this second.
        world.StandIn.Faults.Clear();
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        (await world.VerifyAsync(token)).Failed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_new_key_cannot_be_learnt_while_Google_is_silent_and_the_known_ones_go_on()
    {
        await using var world = await GoogleWorld.StartAsync();
        var old = world.StandIn.IdToken(world.Person("gmail"));
        (await world.VerifyAsync(old)).Failed.ShouldBeFalse();
        world.StandIn.RotateKeys();
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        world.StandIn.Faults.Always("certs", Fault.ServerErrorHtml);
        (await world.VerifyAsync(world.StandIn.IdToken(world.Person("gmail")))).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
        (await world.VerifyAsync(old)).Failed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_server_that_hangs_holds_nobody_for_more_than_five_seconds()
    {
        await using var world = await GoogleWorld.StartAsync();
        var token = world.StandIn.IdToken(world.Person("gmail"));
        world.StandIn.Faults.Always("certs", Fault.Hang);
        var running = Enumerable.Range(0, 10).Select(_ => world.VerifyAsync(token)).ToArray();
        await Until.TrueAsync(() => world.Calls("certs") > 0);
        world.Clock.Advance(ProviderHttp.Patience);
        foreach (var one in running) (await one).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
        world.Calls("certs").ShouldBe(1);
    }

    [Fact]
    public async Task Without_settings_every_call_says_so()
    {
        using var service = new GoogleService(TestSettings.Of(), new ManualClock(), NullLogger<GoogleService>.Instance);
        service.IsSetUp.ShouldBeFalse();
        service.HasPages.ShouldBeFalse();
        (await service.VerifyAsync("x.y.z", null, default)).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
        (await service.ExchangeAsync("c", "v", "r", "n", default)).Problem!.Code.ShouldBe("PROVIDER_UNAVAILABLE");
    }
}
