using System.Net;
using Juke.Contract;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Plumbing;

public sealed class HeadersTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Origin = "https://app.example";

    private readonly JukeServer server = fixture.Server;

    [Theory]
    [InlineData("GET", "/health/live", 200)]
    [InlineData("GET", "/health/ready", 200)]
    [InlineData("GET", "/auth/me", 401)]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("GET", "/auth/login", 405)]
    [InlineData("POST", "/auth/login", 415)]
    [InlineData("POST {", "/auth/login", 400)]
    [InlineData("POST {}", "/auth/login", 400)]
    [InlineData("POST {\"emailOrUsername\":\"a\",\"password\":\"b\"}", "/auth/login", 401)]
    [InlineData("POST {}", "/auth/logout", 200)]
    [InlineData("POST large", "/auth/login", 413)]
    [InlineData("OPTIONS", "/auth/login", 204)]
    public async Task Every_kind_of_reply_carries_the_headers(string request, string path, int status)
    {
        using var client = server.NewClient();
        var parts = request.Split(' ', 2);
        var body = parts.ElementAtOrDefault(1) is { } text ? Json(text == "large" ? new string(' ', 200_000) : text) : null;
        var reply = await client.SendAsync(new HttpMethod(parts[0]), path, body ?? (parts[0] == "POST" ? new StringContent("x") : null), r =>
        {
            if (parts[0] == "OPTIONS") Preflight(r, Origin, "POST", "content-type");
        });
        ((int)reply.Status).ShouldBe(status);
        ShouldCarryAll(reply);
    }

    [Fact]
    public async Task A_reply_behind_the_gate_and_a_refusal_of_it_carry_them_too()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        ShouldCarryAll(await client.GetAsync("/fixtures/upcoming"));
        (await client.CompleteAsync()).EnsureOk();
        ShouldCarryAll((await client.GetAsync("/fixtures/upcoming")).EnsureOk());
    }

    [Fact]
    public async Task A_fault_of_ours_says_nothing_but_its_trace_id_and_carries_them_too()
    {
        await using var broken = await JukeServer.StartAsync();
        using var client = broken.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        await broken.ExecuteAsync("drop view accounts");
        var reply = await client.SendAsync(HttpMethod.Get, "/auth/me", change: r => r.Headers.Add("Origin", Origin));
        reply.Status.ShouldBe(HttpStatusCode.InternalServerError);
        reply.Body.ShouldBe("""{"type":"urn:juke:problem:internal","title":"Internal error","status":500,"detail":"Something went wrong on our side.","code":"INTERNAL","message":"Something went wrong on our side.","error":"internal"}""");
        ShouldCarryAll(reply);
        One(reply, "Access-Control-Allow-Origin").ShouldBe(Origin);
    }

    [Fact]
    public async Task Production_asks_for_https_from_then_on_and_development_does_not()
    {
        await using var production = await JukeServer.StartAsync(s => s with { IsProduction = true });
        using var there = production.NewClient(web: true);
        One(await there.GetAsync("/nowhere"), "Strict-Transport-Security").ShouldBe("max-age=63072000; includeSubDomains");
        (await there.RegisterAsync()).EnsureOk().SetCookies().ShouldHaveSingleItem().ShouldContain("; secure;");
        using var here = server.NewClient();
        (await here.GetAsync("/nowhere")).Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
    }

    [Fact]
    public async Task A_preflight_of_a_listed_origin_is_answered_in_full()
    {
        using var client = server.NewClient();
        var reply = await client.SendAsync(HttpMethod.Options, "/api/users/profile", change: r => Preflight(r, Origin, "PATCH", "authorization,content-type,juke-contract,x-client,if-match,if-none-match,x-requested-with"));
        reply.Status.ShouldBe(HttpStatusCode.NoContent);
        One(reply, "Access-Control-Allow-Origin").ShouldBe(Origin);
        One(reply, "Access-Control-Allow-Credentials").ShouldBe("true");
        One(reply, "Access-Control-Allow-Methods").Split(',').ShouldBe(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"], ignoreOrder: true);
        var headers = One(reply, "Access-Control-Allow-Headers").Split(',');
        foreach (var header in new[] { "Content-Type", "Authorization", "X-Requested-With", "X-Client", "Juke-Contract", "If-Match", "If-None-Match" }) headers.ShouldContain(header);
    }

    [Fact]
    public async Task A_reply_to_a_listed_origin_may_be_read_with_its_headers()
    {
        using var client = server.NewClient();
        foreach (var path in new[] { "/auth/me", "/nowhere", "/health/live" })
        {
            var reply = await client.SendAsync(HttpMethod.Get, path, change: r => r.Headers.Add("Origin", Origin));
            One(reply, "Access-Control-Allow-Origin").ShouldBe(Origin);
            One(reply, "Access-Control-Allow-Credentials").ShouldBe("true");
            One(reply, "Access-Control-Expose-Headers").Split(',').ShouldBe(["ETag", "Juke-Contract", "Retry-After", "Trace-Id"]);
        }
    }

    [Theory]
    [InlineData("https://app.example.evil.example")]
    [InlineData("http://app.example")]
    [InlineData("https://app.example:8443")]
    [InlineData("https://www.app.example")]
    [InlineData("null")]
    [InlineData("http://localhost:3000")]
    public async Task Another_origin_may_read_nothing(string origin)
    {
        using var client = server.NewClient();
        var reply = await client.SendAsync(HttpMethod.Get, "/health/live", change: r => r.Headers.TryAddWithoutValidation("Origin", origin));
        reply.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        var preflight = await client.SendAsync(HttpMethod.Options, "/auth/login", change: r => Preflight(r, origin, "POST", "content-type"));
        preflight.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task An_unknown_contract_is_refused_legibly_and_a_known_one_or_none_passes()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        var reply = await AskAsync("2019-01-01");
        (reply.Status, reply.Code).ShouldBe((HttpStatusCode.BadRequest, "UNSUPPORTED_CONTRACT_VERSION"));
        reply.Body.ShouldContain(ContractVersion.Current);
        One(reply, "Access-Control-Allow-Origin").ShouldBe(Origin);
        ShouldCarryAll(reply);
        // Without the header it is the oldest frozen version. No change broke another yet, so every known one has this same shape.
        var none = (await client.GetAsync("/auth/me")).EnsureOk().Body;
        foreach (var version in ContractVersion.All) (await AskAsync(version)).EnsureOk().Body.ShouldBe(none, version);

        Task<Reply> AskAsync(string version) => client.SendAsync(HttpMethod.Get, "/auth/me", change: r =>
        {
            r.Headers.Add("Juke-Contract", version);
            r.Headers.Add("Origin", Origin);
        });
    }

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/problem+json", "application/problem+json")]
    [InlineData("application/json, application/problem+json", "application/problem+json")]
    [InlineData("text/html", "application/json")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json")]
    public async Task A_problem_comes_as_json_unless_its_own_type_is_asked_for(string? accept, string type)
    {
        using var client = server.NewClient();
        foreach (var path in new[] { "/auth/me", "/auth/nowhere", "/api/nowhere", "/api/v1/nowhere/", "/api/v1/music-profiles/me/", "/auth/login", "/fixtures/upcoming" })
        {
            var reply = await client.SendAsync(HttpMethod.Get, path, change: r =>
            {
                if (accept is not null) r.Headers.Add("Accept", accept);
            });
            reply.ContentHeaders.ContentType!.MediaType.ShouldBe(type);
        }
    }

    [Fact]
    public async Task Equal_refusals_have_equal_bodies_and_trace_ids_of_their_own()
    {
        using var client = server.NewClient();
        var (one, two) = (await client.GetAsync("/auth/me"), await client.GetAsync("/auth/me"));
        one.Everything().ShouldBe(two.Everything());
        One(one, "Trace-Id").ShouldNotBe(One(two, "Trace-Id"));
        one.Body.ShouldBe("""{"type":"urn:juke:problem:unauthorized","title":"Unauthorized","status":401,"detail":"Unauthorized","code":"UNAUTHORIZED","message":"Unauthorized","error":"unauthorized"}""");
        One(one, "WWW-Authenticate").ShouldBe("Bearer");
    }

    [Fact]
    public async Task The_server_does_not_say_what_it_is()
    {
        using var client = server.NewClient();
        var reply = await client.GetAsync("/health/live");
        reply.Headers.Contains("Server").ShouldBeFalse();
        reply.Headers.Contains("X-Powered-By").ShouldBeFalse();
    }

    /// <summary>ASVS 3.4.3–3.4.6, 14.3.2, and what the contract puts on every reply.</summary>
    internal static void ShouldCarryAll(Reply reply)
    {
        One(reply, "Juke-Contract").ShouldBe(ContractVersion.Current);
        One(reply, "Trace-Id").ShouldNotBeEmpty();
        One(reply, "X-Content-Type-Options").ShouldBe("nosniff");
        One(reply, "X-Frame-Options").ShouldBe("DENY");
        One(reply, "Referrer-Policy").ShouldBe("no-referrer");
        One(reply, "Cache-Control").ShouldStartWith("no-store");
        One(reply, "Cross-Origin-Opener-Policy").ShouldBe("same-origin");
        reply.Headers.Contains("Permissions-Policy").ShouldBeTrue();
        var policy = One(reply, "Content-Security-Policy");
        foreach (var part in new[] { "default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'" }) policy.ShouldContain(part);
        policy.ShouldNotContain("unsafe");
    }

    private static string One(Reply reply, string name) => string.Join(", ", reply.Headers.GetValues(name));

    private static void Preflight(HttpRequestMessage request, string origin, string method, string headers)
    {
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", headers);
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");
}
