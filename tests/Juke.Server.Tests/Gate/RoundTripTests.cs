using System.Collections.Concurrent;
using System.Diagnostics;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Gate;

/// <summary>Speed that does not depend on the machine: how often a request asks the database.</summary>
public sealed class RoundTripTests
{
    [Theory]
    [InlineData("/auth/me", 1)]
    [InlineData("/api/users/profile", 1)]
    [InlineData("/fixtures/upcoming", 2)]
    public async Task A_request_behind_the_gate_costs_one_query_beside_its_own_work(string path, int expected)
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.OnboardedAsync();
        (await client.GetAsync(path)).EnsureOk(); // The first use confirms the generation; that is one update more, once.

        var trace = ActivityTraceId.CreateRandom();
        var commands = new ConcurrentBag<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Npgsql" && activity.TraceId == trace) commands.Add(activity.DisplayName);
            },
        };
        ActivitySource.AddActivityListener(listener);

        (await client.SendAsync(HttpMethod.Get, path, change: r => r.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01"))).EnsureOk();

        commands.Count.ShouldBe(expected, string.Join('\n', commands));
    }
}
