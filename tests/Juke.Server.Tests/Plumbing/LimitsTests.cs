using System.Net;
using Juke.Server.Gate;
using Juke.Server.Mail;
using Juke.Server.Plumbing;
using Juke.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Plumbing;

public sealed class LimitsTests
{
    private static readonly System.Net.IPNetwork Loopback = System.Net.IPNetwork.Parse("127.0.0.0/8");

    [Fact]
    public async Task An_address_may_try_one_identifier_so_often_and_retry_after_is_exact()
    {
        await using var server = await StartAsync(identifier: 3);
        using var client = server.NewClient();
        for (var i = 0; i < 3; i++) (await LoginAsync(client, "Ada", from: "192.0.2.1")).Code.ShouldBe("INVALID_CREDENTIALS");
        await ShouldWaitAsync("ada", 20);
        await ShouldWaitAsync(" ADA ", 20);

        (await LoginAsync(client, "grace", from: "192.0.2.1")).Code.ShouldBe("INVALID_CREDENTIALS", "another identifier");
        (await LoginAsync(client, "ada", from: "192.0.2.2")).Code.ShouldBe("INVALID_CREDENTIALS", "another address");

        server.Clock.Advance(TimeSpan.FromSeconds(19));
        await ShouldWaitAsync("ada", 1);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await LoginAsync(client, "ada", from: "192.0.2.1")).Code.ShouldBe("INVALID_CREDENTIALS");
        await ShouldWaitAsync("ada", 20);

        async Task ShouldWaitAsync(string identifier, int seconds)
        {
            var reply = await LoginAsync(client, identifier, from: "192.0.2.1");
            (reply.Status, reply.Code, reply.Json.Text("message")).ShouldBe((HttpStatusCode.TooManyRequests, "TOO_MANY_REQUESTS", "Too many requests. Try again later."));
            reply.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(seconds));
        }
    }

    [Theory]
    [InlineData("/auth/register")]
    [InlineData("/auth/login")]
    [InlineData("/auth/forgot-password")]
    [InlineData("/auth/reset-password")]
    [InlineData("/auth/refresh")]
    [InlineData("/auth/verify-email/reject")]
    public async Task Every_use_case_counts_the_identifier_that_was_sent_whether_it_exists_or_not(string path)
    {
        await using var server = await StartAsync(identifier: 2);
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email)).EnsureOk();
        var link = EmailLink.Write(server.Services.GetRequiredService<Keys>(), EmailLink.NewId());
        object body = path switch
        {
            "/auth/register" => new { email = TestClient.NewEmail(), password = TestClient.Password },
            "/auth/login" => new { emailOrUsername = "nobody", password = TestClient.Password },
            "/auth/forgot-password" => new { email = "nobody@example.com" },
            "/auth/reset-password" => new { token = link, newPassword = TestClient.Password },
            "/auth/refresh" => new { refreshToken = client.RefreshToken },
            _ => new { token = link },
        };
        using var guest = server.NewClient();
        for (var i = 0; i < 2; i++) (await guest.PostAsync(path, body)).Status.ShouldNotBe(HttpStatusCode.TooManyRequests);
        var third = await guest.PostAsync(path, body);
        third.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        third.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task An_address_may_post_so_often_whatever_it_posts()
    {
        await using var server = await StartAsync(address: 4);
        using var client = server.NewClient();
        for (var i = 0; i < 4; i++) (await LoginAsync(client, "somebody" + i, from: "192.0.2.1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var fifth = await LoginAsync(client, "somebody else", from: "192.0.2.1");
        fifth.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        fifth.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(15));
        (await LoginAsync(client, "somebody else", from: "192.0.2.2")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized, "reads are not counted");
    }

    [Fact]
    public async Task Every_anonymous_post_is_limited()
    {
        await using var server = await StartAsync(address: 1);
        var posts = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => OnboardingGate.LevelOf(e) == Level.Anonymous).SelectMany(OnboardingGate.NamesOf).Where(n => n.StartsWith("POST ", StringComparison.Ordinal)).ToList();
        posts.Count.ShouldBeGreaterThanOrEqualTo(7);
        using var client = server.NewClient();
        for (var i = 0; i < posts.Count; i++)
        {
            (await PostAsync(i)).ShouldNotBe(HttpStatusCode.TooManyRequests, posts[i]);
            (await PostAsync(i)).ShouldBe(HttpStatusCode.TooManyRequests, posts[i]);
        }

        async Task<HttpStatusCode> PostAsync(int i) =>
            (await client.SendAsync(HttpMethod.Post, posts[i].Split(' ')[1], new { }, r => r.Headers.Add("X-Forwarded-For", $"192.0.2.{i + 1}"))).Status;
    }

    [Fact]
    public async Task Wrong_passwords_slow_the_next_try_down_more_and_more_up_to_the_cap()
    {
        await using var server = await StartAsync(longestDelay: TimeSpan.FromSeconds(1));
        using var client = server.NewClient();
        foreach (var milliseconds in new[] { 0, 0, 0, 0, 0, 250, 500, 1000, 1000, 1000 })
            (await DelayedAsync(server, milliseconds, () => client.LoginAsync("Ada"))).Code.ShouldBe("INVALID_CREDENTIALS");
        (await DelayedAsync(server, 0, () => client.LoginAsync("grace"))).Code.ShouldBe("INVALID_CREDENTIALS");
        (await DelayedAsync(server, 1000, () => client.LoginAsync("ADA "))).Code.ShouldBe("INVALID_CREDENTIALS");

        server.Clock.Advance(TimeSpan.FromMinutes(15));
        await DelayedAsync(server, 1000, () => client.LoginAsync("ada"));
        server.Clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromTicks(1));
        await DelayedAsync(server, 0, () => client.LoginAsync("ada"));
    }

    [Fact]
    public async Task Nobody_can_lock_a_victim_out_the_right_password_always_gets_in_and_resets_the_delay()
    {
        await using var server = await StartAsync(longestDelay: TimeSpan.FromSeconds(1));
        using var victim = server.NewClient();
        var email = TestClient.NewEmail();
        (await victim.RegisterAsync(email)).EnsureOk();
        await server.Mailbox.WaitForAsync(email, "Confirm");
        using var attacker = server.NewClient();
        for (var i = 0; i < 40; i++)
            (await DelayedAsync(server, i < 5 ? 0 : (int)Math.Min(1000, 250 * Math.Pow(2, i - 5)), () => LoginAsync(attacker, email, from: $"198.51.100.{i}"))).Code.ShouldBe("INVALID_CREDENTIALS");
        (await DelayedAsync(server, 1000, () => victim.LoginAsync(email))).EnsureOk();
        (await DelayedAsync(server, 0, () => victim.LoginAsync(email))).EnsureOk();
    }

    [Theory]
    [InlineData("/auth/change-password")]
    [InlineData("/auth/email")]
    public async Task A_stolen_session_cannot_guess_the_password_quickly_either(string path)
    {
        await using var server = await StartAsync(longestDelay: TimeSpan.FromSeconds(1));
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email)).EnsureOk();
        await server.Mailbox.WaitForAsync(email, "Confirm");
        await server.ExecuteAsync("update users set email_proved_at = now()");
        foreach (var milliseconds in new[] { 0, 0, 0, 0, 0, 250, 500 })
            (await DelayedAsync(server, milliseconds, () => client.PostAsync(path, path == "/auth/email"
                ? new { email = TestClient.NewEmail(), currentPassword = "not the password" }
                : new { currentPassword = "not the password", newPassword = "another long evening" }))).Code.ShouldBe("INVALID_CREDENTIALS");
    }

    [Fact]
    public async Task Without_juke_proxies_x_forwarded_for_is_nothing()
    {
        await using var server = await JukeServer.StartAsync(s => s with { AddressRate = new Rate(2, TimeSpan.FromMinutes(1)) });
        using var client = server.NewClient();
        for (var i = 0; i < 2; i++) (await LoginAsync(client, "a" + i, from: $"192.0.2.{i}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await LoginAsync(client, "a3", from: "192.0.2.3")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Of_a_forwarded_list_only_the_proxys_own_entry_is_believed()
    {
        await using var server = await StartAsync(address: 2);
        using var client = server.NewClient();
        for (var i = 0; i < 2; i++) (await LoginAsync(client, "a" + i, from: $"203.0.113.{i}, 192.0.2.1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await LoginAsync(client, "a3", from: "203.0.113.3, 192.0.2.1")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await client.SendAsync(HttpMethod.Post, "/auth/register", new { email = TestClient.NewEmail(), password = TestClient.Password }, r => r.Headers.Add("X-Forwarded-For", "192.0.2.9"))).EnsureOk();
        (await server.AskAsync<string>("select address from sessions")).ShouldBe("192.0.2.9");
    }

    private static Task<JukeServer> StartAsync(int identifier = 1_000_000, int address = 1_000_000, TimeSpan longestDelay = default) => JukeServer.StartAsync(s => s with
    {
        IdentifierRate = new Rate(identifier, TimeSpan.FromMinutes(1)),
        AddressRate = new Rate(address, TimeSpan.FromMinutes(1)),
        LongestDelay = longestDelay,
        Proxies = [Loopback],
    });

    private static Task<Reply> LoginAsync(TestClient client, string identifier, string from) =>
        client.SendAsync(HttpMethod.Post, "/auth/login", new { emailOrUsername = identifier, password = "not the password" }, r => r.Headers.Add("X-Forwarded-For", from));

    /// <summary>Runs the request and sees that it waits just so long on the server's clock.</summary>
    private static async Task<Reply> DelayedAsync(JukeServer server, int milliseconds, Func<Task<Reply>> request)
    {
        await UntilAsync(() => server.Clock.Waiting == 0);
        var reply = request();
        if (milliseconds > 0)
        {
            await UntilAsync(() => server.Clock.Waiting == 1);
            server.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds) - TimeSpan.FromTicks(1));
            server.Clock.Waiting.ShouldBe(1, "it still waits");
            server.Clock.Advance(TimeSpan.FromTicks(1));
        }
        return await reply.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (!condition())
        {
            if (DateTime.UtcNow > deadline) throw new TimeoutException();
            await Task.Delay(1);
        }
    }
}
