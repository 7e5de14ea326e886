using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Juke.Server.Gate;
using Juke.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Gate;

/// <summary>Every route that is served is called, so that a new one is behind the gate without anybody thinking of it.</summary>
public sealed partial class GateCoverageTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly JukeServer server = fixture.Server;

    /// <summary>Every served route, once per method.</summary>
    private List<Route> Served => [.. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .SelectMany(e => OnboardingGate.NamesOf(e).Select(name => new Route(name, OnboardingGate.LevelOf(e), IsPage(e))))
        .DistinctBy(r => r.Name)];

    [Fact]
    public void There_are_routes_to_try() => Served.Count.ShouldBeGreaterThanOrEqualTo(22);

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer garbage")]
    [InlineData("Basic dTpw")]
    [InlineData("Token 0123456789012345678901234567890123456789")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")]
    [InlineData("Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public async Task Without_a_good_credential_only_the_anonymous_list_is_open(string? authorization)
    {
        using var client = server.NewClient();
        foreach (var route in Served.Where(r => r.Level != Level.Anonymous))
        {
            var reply = await client.SendAsync(route.Method, route.Path, change: r =>
            {
                if (authorization is not null) r.Headers.TryAddWithoutValidation("Authorization", authorization);
                r.Headers.TryAddWithoutValidation("Cookie", "juke_session=" + new string('x', 43));
            });
            if (route.IsPage) ShouldRedirect(route, reply, "/login");
            else
            {
                reply.Status.ShouldBe(HttpStatusCode.Unauthorized, route.Name);
                reply.Code.ShouldBe("UNAUTHORIZED", route.Name);
            }
        }
    }

    [Fact]
    public async Task A_fresh_account_passes_the_two_lists_and_is_sent_to_onboarding_by_everything_else()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        var closed = Served.Where(r => r.Level == Level.Onboarded && !r.IsPage).ToList();
        closed.Select(r => r.Name).ShouldContain("GET /fixtures/upcoming");
        foreach (var route in closed)
        {
            var reply = await client.SendAsync(route.Method, route.Path);
            reply.Status.ShouldBe(HttpStatusCode.Forbidden, route.Name);
            reply.Code.ShouldBe("ONBOARDING_REQUIRED", route.Name);
            reply.Json["missing"]!.AsArray().Select(m => m!.GetValue<string>()).ShouldBe(["username"], route.Name);
            reply.Json["contractVersion"]!.GetValue<string>().ShouldBe(reply.Headers.GetValues("Juke-Contract").Single());
            reply.Json["message"]!.GetValue<string>().ShouldBe("Onboarding required. Please complete onboarding first.");
        }

        // What the second list holds says something else than 403 to the same account. One account each: some of them end it.
        foreach (var route in Served.Where(r => r.Level == Level.SignedIn && !r.IsPage))
        {
            using var own = server.NewClient();
            (await own.RegisterAsync()).EnsureOk();
            var reply = await own.SendAsync(route.Method, route.Path, route.Method == HttpMethod.Post ? new JsonObject() : null);
            reply.Code.ShouldNotBe("ONBOARDING_REQUIRED", route.Name);
            reply.Status.ShouldNotBe(HttpStatusCode.Unauthorized, route.Name);
        }
    }

    [Fact]
    public async Task Pages_send_a_fresh_account_to_onboarding()
    {
        var pages = Served.Where(r => r is { Level: Level.Onboarded, IsPage: true }).ToList();
        if (pages.Count == 0) return; // The pages come from another room; without them there is nothing to try.
        var (cookie, _) = await PageSession.OpenAsync(server);
        using var client = server.NewClient();
        foreach (var route in pages)
            ShouldRedirect(route, await client.SendAsync(route.Method, route.Path, change: r => r.Headers.Add("Cookie", cookie)), "/onboarding");
    }

    [Fact]
    public async Task Cookies_open_no_api_route_and_tokens_no_page()
    {
        var (cookie, token) = await PageSession.OpenAsync(server);
        using var client = server.NewClient();
        foreach (var route in Served.Where(r => r.Level != Level.Anonymous))
        {
            var reply = await client.SendAsync(route.Method, route.Path, change: r => r.Headers.TryAddWithoutValidation(
                route.IsPage ? "Authorization" : "Cookie", route.IsPage ? "Bearer " + token : cookie));
            if (route.IsPage) ShouldRedirect(route, reply, "/login");
            else reply.Status.ShouldBe(HttpStatusCode.Unauthorized, route.Name);
        }
    }

    [Fact]
    public void Every_line_of_the_two_lists_is_a_served_route()
    {
        var served = Served;
        var pagesAreServed = served.Exists(r => r.IsPage);
        bool IsApi(string name) => ApiPath().IsMatch(name);
        var dead = OpenRoutes.Anonymous.Concat(OpenRoutes.SignedIn)
            .Where(name => pagesAreServed || IsApi(name))
            .Except(served.Select(r => r.Name), StringComparer.Ordinal);
        dead.ShouldBeEmpty("these lines of OpenRoutes open nothing: take them out, or they open something one day");
        OpenRoutes.Anonymous.Intersect(OpenRoutes.SignedIn, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/fixtures/upcoming/")]
    [InlineData("/FIXTURES/Upcoming")]
    [InlineData("/fixtures/upcoming?x=/auth/login")]
    [InlineData("/fixtures//upcoming")]
    [InlineData("//fixtures/upcoming")]
    [InlineData("/auth/login/../../fixtures/upcoming")]
    [InlineData("/auth/login/%2e%2e/%2e%2e/fixtures/upcoming")]
    [InlineData("/./fixtures/upcoming")]
    [InlineData("/fixtures%2fupcoming")]
    [InlineData("/fixtures/upcoming;/auth/login")]
    [InlineData("/fixtures/upcoming%00")]
    [InlineData("/fixtures\\upcoming")]
    public async Task Another_spelling_of_a_path_opens_nothing(string target)
    {
        var reply = await RawHttp.SendAsync(server.Url, RawHttp.Request("GET", target, []));
        reply!.Status.ShouldBeOneOf(400, 401, 404);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("PUT")]
    [InlineData("TRACE")]
    [InlineData("BREW")]
    public async Task Another_method_opens_nothing(string method)
    {
        using var client = server.NewClient();
        (await client.SendAsync(new HttpMethod(method), "/fixtures/upcoming")).Status
            .ShouldBeOneOf(HttpStatusCode.MethodNotAllowed, HttpStatusCode.Unauthorized, HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task The_gate_opens_and_shuts_on_one_access_token_as_the_row_changes()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        var token = client.AccessToken;
        await ShouldBeAsync(HttpStatusCode.Forbidden, required: true);

        await server.ExecuteAsync("update users set username = 'Row', username_key = 'row' where id = $1", client.UserId);
        await server.ExecuteAsync("update user_profiles set onboarding_done = true, onboarding_done_at = now() where user_id = $1", client.UserId);
        await ShouldBeAsync(HttpStatusCode.OK, required: false);

        // A name of nothing but white space is none; the row may come from an import.
        await server.ExecuteAsync("update users set username = U&'\\3000\\2003 ', username_key = null where id = $1", client.UserId);
        await ShouldBeAsync(HttpStatusCode.Forbidden, required: true);

        await server.ExecuteAsync("update users set username = 'Row', username_key = 'row' where id = $1", client.UserId);
        await ShouldBeAsync(HttpStatusCode.OK, required: false);

        await server.ExecuteAsync("update user_profiles set onboarding_done = false, onboarding_done_at = null where user_id = $1", client.UserId);
        var shut = await ShouldBeAsync(HttpStatusCode.Forbidden, required: true);
        shut.Json["missing"]!.AsArray().ShouldBeEmpty("nothing is asked, but completion was undone");

        await server.ExecuteAsync("update users set state = 'disabled' where id = $1", client.UserId);
        (await client.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        async Task<Reply> ShouldBeAsync(HttpStatusCode status, bool required)
        {
            client.AccessToken.ShouldBe(token);
            (await client.GetAsync("/auth/me")).EnsureOk().Json["onboardingRequired"]!.GetValue<bool>().ShouldBe(required);
            var reply = await client.GetAsync("/fixtures/upcoming");
            reply.Status.ShouldBe(status);
            return reply;
        }
    }

    private static void ShouldRedirect(Route route, Reply reply, string to)
    {
        ((int)reply.Status).ShouldBeInRange(301, 303, route.Name);
        reply.Headers.Location!.OriginalString.ShouldStartWith(to, customMessage: route.Name);
    }

    private bool IsPage(RouteEndpoint endpoint) => server.Services.GetService<IPageGate>()?.IsPage(endpoint) ?? false;

    [GeneratedRegex("^[A-Z]+ /(auth|api|fixtures|health)/")]
    private static partial Regex ApiPath();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    private sealed record Route(string Name, Level Level, bool IsPage)
    {
        public HttpMethod Method => new(Name.Split(' ')[0] is "ANY" ? "GET" : Name.Split(' ')[0]);

        // The Juke dialect's paths end in a slash; without it a GET is redirected there before the gate is asked.
        public string Path => Parameter().Replace(Name.Split(' ')[1], "username") + (Name.Contains(" /api/v1/", StringComparison.Ordinal) ? "/" : "");
    }
}
