using System.Net;
using Juke.Server.Plumbing;
using Juke.Testing;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Plumbing;

/// <summary>The counters themselves, edge by edge.</summary>
public sealed class AllowanceTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public void A_burst_is_the_whole_count_and_then_one_comes_back_per_step()
    {
        var limits = Make(new Rate(3, TimeSpan.FromMinutes(1)));
        for (var i = 0; i < 3; i++) Try(limits).ShouldBeNull();
        Try(limits).ShouldBe(TimeSpan.FromSeconds(20));
        Try(limits).ShouldBe(TimeSpan.FromSeconds(20), "a refused try costs nothing");
        clock.Advance(TimeSpan.FromSeconds(20) - TimeSpan.FromTicks(1));
        Try(limits).ShouldBe(TimeSpan.FromTicks(1));
        clock.Advance(TimeSpan.FromTicks(1));
        Try(limits).ShouldBeNull();
        Try(limits).ShouldBe(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void After_a_pause_the_burst_is_whole_again_and_no_larger()
    {
        var limits = Make(new Rate(3, TimeSpan.FromMinutes(1)));
        for (var i = 0; i < 3; i++) Try(limits).ShouldBeNull();
        clock.Advance(TimeSpan.FromHours(5));
        for (var i = 0; i < 3; i++) Try(limits).ShouldBeNull();
        Try(limits).ShouldNotBeNull();
    }

    [Fact]
    public void One_per_second_is_one_per_second()
    {
        var limits = Make(new Rate(1, TimeSpan.FromSeconds(1)));
        for (var i = 0; i < 5; i++)
        {
            Try(limits).ShouldBeNull();
            Try(limits).ShouldBe(TimeSpan.FromSeconds(1));
            clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void Over_a_long_time_the_rate_holds_however_one_tries()
    {
        var limits = Make(new Rate(10, TimeSpan.FromMinutes(1)));
        var random = new Random(7);
        var taken = 0;
        var start = clock.GetUtcNow();
        while (clock.GetUtcNow() - start < TimeSpan.FromHours(1))
        {
            if (Try(limits) is null) taken++;
            clock.Advance(TimeSpan.FromMilliseconds(random.Next(0, 3000)));
        }
        taken.ShouldBeInRange(590, 610, "600 an hour, and the first burst");
    }

    [Fact]
    public void Many_at_once_take_exactly_the_count()
    {
        var limits = Make(new Rate(100, TimeSpan.FromMinutes(1)));
        var taken = 0;
        Parallel.For(0, 1000, _ =>
        {
            if (Try(limits) is null) Interlocked.Increment(ref taken);
        });
        taken.ShouldBe(100);
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::/64")]
    public void An_address_counts_as_its_owner_and_an_ipv6_owner_has_a_whole_network(string address, string counted) =>
        Limits.Address(new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } }).ShouldBe(counted);

    private Limits Make(Rate rate) => new(TestSettings.Of(s => s with { IdentifierRate = rate }), clock);

    private static TimeSpan? Try(Limits limits) => limits.CheckIdentifier("192.0.2.1", "login", "ada")?.RetryAfter;
}
