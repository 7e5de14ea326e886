using System.Net;
using System.Text;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Plumbing;

/// <summary>How much a body may be: more where a whole music profile comes with it (contract rule E9).</summary>
public sealed class BodySizeTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("POST", "/auth/login", 128)]
    [InlineData("PATCH", "/api/users/profile", 128)]
    [InlineData("POST", "/auth/onboarding/complete", 512)]
    [InlineData("POST", "/api/v1/music-profiles/", 512)]
    [InlineData("POST", "/api/v1/music-profiles/me/", 512)]
    [InlineData("PUT", "/api/v1/music-profiles/me/", 512)]
    [InlineData("PATCH", "/api/v1/music-profiles/me/", 512)]
    public async Task A_body_of_the_limit_is_read_and_one_byte_more_is_413(string method, string path, int kibibytes)
    {
        using var client = await fixture.Server.NewClient().OnboardedAsync();
        foreach (var (bytes, isRead) in new[] { (kibibytes * 1024, true), ((kibibytes * 1024) + 1, false) })
        {
            var reply = await client.SendAsync(new HttpMethod(method), path, new StringContent("{}".PadRight(bytes), Encoding.UTF8, "application/json"), r => r.Headers.ExpectContinue = true); // Asked first: a refusal may come before the body is through.
            (reply.Status == HttpStatusCode.RequestEntityTooLarge).ShouldBe(!isRead, $"{bytes}: {reply.Body}");
        }
    }
}
