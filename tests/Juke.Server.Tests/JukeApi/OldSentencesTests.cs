using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.JukeApi;

/// <summary>Paths, methods, origins: what legacy-wire A.1 says of every endpoint.</summary>
public sealed class OldSentencesTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly JukeServer server = fixture.Server;

    [Theory]
    [InlineData("/api/v1/")]
    [InlineData("/api/v1/nothing/")]
    [InlineData("/api/v1/auth/accounts/login/")]
    [InlineData("/api/v1/cities/autocomplete/")]
    public async Task An_unknown_path_is_404_in_the_old_words(string path)
    {
        using var client = await server.NewClient().OnboardedAsync();
        var reply = await client.GetAsync(path);
        reply.Status.ShouldBe(HttpStatusCode.NotFound);
        reply.Json.Text("detail").ShouldBe("Not found.");
        reply.Code.ShouldBe("NOT_FOUND");
    }

    [Theory]
    [InlineData("/API/V1/music-profiles/me/")]
    [InlineData("/Api/v1/genres/featured/")]
    [InlineData("/api/V1/genres/featured/")]
    [InlineData("/api/v1/Genres/featured/")]
    public async Task Paths_are_matched_letter_by_letter(string path)
    {
        using var client = await server.NewClient().OnboardedAsync();
        var reply = await client.GetAsync(path);
        reply.Status.ShouldBe(HttpStatusCode.NotFound);
        reply.Json.Text("detail").ShouldBe("Not found.");
    }

    [Theory]
    [InlineData("GET", "/api/v1/auth/api-auth-token/", "POST")]
    [InlineData("GET", "/api/v1/auth/session/logout/", "POST")]
    [InlineData("PUT", "/api/v1/auth/accounts/register/", "POST")]
    [InlineData("DELETE", "/api/v1/music-profiles/me/", "GET, PATCH, POST, PUT")]
    [InlineData("POST", "/api/v1/onboarding/", "GET")]
    [InlineData("DELETE", "/api/v1/genres/featured/", "GET")]
    public async Task A_wrong_method_is_405_by_name_with_the_right_ones(string method, string path, string allow)
    {
        using var client = await server.NewClient().OnboardedAsync();
        var reply = await client.SendAsync(new HttpMethod(method), path);
        reply.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        reply.Json.Text("detail").ShouldBe($"Method \"{method}\" not allowed.");
        reply.ContentHeaders.Allow.Order(StringComparer.Ordinal).ShouldBe(allow.Split(", "));
    }

    [Fact]
    public async Task A_get_without_the_slash_is_301_to_it_and_other_methods_are_served()
    {
        using var client = await server.NewClient().OnboardedAsync();
        foreach (var (path, to) in new[] { ("/api/v1/music-profiles/me", "/api/v1/music-profiles/me/"), ("/api/v1/music-profiles/search?q=a%20b", "/api/v1/music-profiles/search/?q=a%20b") })
        {
            var reply = await client.GetAsync(path);
            reply.Status.ShouldBe(HttpStatusCode.MovedPermanently);
            reply.Headers.Location!.OriginalString.ShouldBe(to);
        }
        (await client.PatchAsync("/api/v1/music-profiles/me", new { tagline = "kept" })).EnsureOk().Json.Text("tagline").ShouldBe("kept");
    }

    [Fact]
    public async Task A_browser_app_of_our_origins_may_call_with_what_the_shipped_web_sends()
    {
        using var client = await server.NewClient().OnboardedAsync();
        var asked = await client.SendAsync(HttpMethod.Options, "/api/v1/music-profiles/me/", change: r =>
        {
            r.Headers.Add("Origin", "https://app.example");
            r.Headers.Add("Access-Control-Request-Method", "PATCH");
            r.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-csrftoken");
        });
        asked.Status.ShouldBe(HttpStatusCode.NoContent);
        asked.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://app.example"]);
        asked.Headers.GetValues("Access-Control-Allow-Credentials").ShouldBe(["true"]);
        asked.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("X-CSRFToken");

        // The token of no session cookie is neither needed nor looked at, and a cookie opens nothing.
        var saved = await client.SendAsync(HttpMethod.Patch, "/api/v1/music-profiles/me/", new { tagline = "web" }, r =>
        {
            r.Headers.Add("Origin", "https://app.example");
            r.Headers.Add("X-CSRFToken", "whatever");
            r.Headers.Add("Cookie", "csrftoken=something-else; sessionid=old");
        });
        saved.EnsureOk().Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://app.example"]);
        using var guest = server.NewClient();
        var refused = await guest.SendAsync(HttpMethod.Get, "/api/v1/music-profiles/me/", change: r =>
        {
            r.Headers.Add("Origin", "https://app.example");
            r.Headers.Add("Cookie", "sessionid=old");
        });
        refused.Status.ShouldBe(HttpStatusCode.Unauthorized);
        refused.Headers.Contains("Access-Control-Allow-Origin").ShouldBeTrue("else the app cannot read why");
        var stranger = await guest.SendAsync(HttpMethod.Get, "/api/v1/music-profiles/me/", change: r => r.Headers.Add("Origin", "https://evil.example"));
        stranger.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }
}
