using System.Buffers.Binary;
using System.Net;
using Juke.Server.Passwords;
using Juke.Server.Plumbing;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Passwords;

public sealed class HashingTests
{
    [Fact]
    public async Task By_default_a_hash_is_identity_v3_with_sha512_and_220000_iterations()
    {
        using var hashing = new PasswordHashing(TestSettings.Of(s => s with { HashIterations = new Settings { IsProduction = true, Url = s.Url, PublicUrl = s.Url, Database = "", Secrets = [], Origins = [] }.HashIterations }));
        var hash = (await hashing.HashAsync("an evening of hashing", default)).Value!;
        var (format, prf, iterations, salt) = Header(hash);
        format.ShouldBe((byte)1);
        prf.ShouldBe(2u, "HMAC-SHA512");
        iterations.ShouldBeGreaterThanOrEqualTo(220_000u);
        salt.ShouldBeGreaterThanOrEqualTo(16u);
        (await hashing.VerifyAsync(hash, "an evening of hashing", default)).Value.ShouldBe(new Verification(true, null));
        (await hashing.VerifyAsync(hash, "an evening of hashinG", default)).Value.ShouldBe(new Verification(false, null));
        (await hashing.HashAsync("an evening of hashing", default)).Value.ShouldNotBe(hash, "a salt of its own");
    }

    [Fact]
    public async Task Nobody_is_let_in_by_the_hash_that_stands_in_for_nobody()
    {
        using var hashing = new PasswordHashing(TestSettings.Of());
        foreach (var password in new[] { "", "x", TestClient.Password, Guid.Empty.ToString() })
            (await hashing.VerifyAsync(null, password, default)).Value.IsRight.ShouldBeFalse();
    }

    [Fact]
    public async Task A_weaker_hash_is_made_anew_at_sign_in_and_only_then()
    {
        await using var weak = await JukeServer.StartAsync();
        await using var strong = await JukeServer.StartAsync(s => s with { HashIterations = 2000 }, weak.ConnectionString);
        using var client = weak.NewClient();
        using var later = strong.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email)).EnsureOk();
        (await IterationsAsync()).ShouldBe(1000u);
        (await later.LoginAsync(email, "not the password")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await IterationsAsync()).ShouldBe(1000u);
        (await later.LoginAsync(email)).EnsureOk();
        (await IterationsAsync()).ShouldBe(2000u);
        (await later.LoginAsync(email)).EnsureOk();
        (await client.GetAsync("/auth/me")).EnsureOk().ShouldNotBeNull("a new hash of the same password ends nothing");

        async Task<uint> IterationsAsync() => Header((await weak.AskAsync<string>("select password_hash from users"))!).Iterations;
    }

    [Fact]
    public async Task A_storm_of_sign_ins_starves_nobody_and_past_the_line_is_told_when_to_come_back()
    {
        await using var cheap = await JukeServer.StartAsync();
        using var somebody = await cheap.NewClient().OnboardedAsync();
        await using var dear = await JukeServer.StartAsync(s => s with { HashIterations = 3_000_000 }, cheap.ConnectionString + ";Maximum Pool Size=10"); // The cluster is everybody's.
        using var me = dear.NewClient();
        me.AccessToken = somebody.AccessToken;

        var storm = dear.NewClient();
        var logins = Enumerable.Range(0, 250).Select(n => storm.LoginAsync("nobody" + n)).ToList();
        var waiting = logins.ToList();
        while (true)
        {
            var first = await Task.WhenAny(waiting);
            waiting.Remove(first);
            if ((await first) is not { Status: HttpStatusCode.TooManyRequests } refused) continue;
            refused.Code.ShouldBe("TOO_MANY_REQUESTS");
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
            break;
        }
        for (var i = 0; i < 5; i++) (await me.GetAsync("/auth/me")).EnsureOk();
        (await me.GetAsync("/fixtures/upcoming")).EnsureOk();
        waiting.Count(t => !t.IsCompleted).ShouldBeGreaterThan(100, "the line was still long while the others were served");

        // Who hangs up leaves the line: nothing is hashed for nobody.
        storm.Dispose();
        await Task.WhenAll(logins.Select(t => t.ContinueWith(_ => { }, TaskScheduler.Default)));
        using var next = dear.NewClient();
        (await next.LoginAsync("nobody at all")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static (byte Format, uint Prf, uint Iterations, uint Salt) Header(string hash)
    {
        var bytes = Convert.FromBase64String(hash);
        return (bytes[0], Read(1), Read(5), Read(9));

        uint Read(int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
    }
}
