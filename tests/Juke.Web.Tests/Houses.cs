using System.Collections.Concurrent;
using Juke.Testing;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>A server with a Spotify and a Google of its own, whose people have not been there yet.</summary>
internal sealed record House(JukeServer Server, Providers Providers)
{
    public static async Task<House> OpenAsync()
    {
        var clock = Site.NewClock();
        var providers = await Providers.StartAsync(clock);
        return new House(await JukeServer.StartAsync(providers.Beside, clock: clock), providers);
    }
}

/// <summary>One house for each kind of browser: everybody of the picker comes to each of them once, as the picker says they are.</summary>
public sealed class Houses : IAsyncLifetime
{
    private readonly ConcurrentDictionary<(bool Script, bool Phone), Lazy<Task<House>>> houses = new();

    internal Task<House> ForAsync(bool script, bool phone) => houses.GetOrAdd((script, phone), _ => new(House.OpenAsync)).Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var house in houses.Values)
        {
            var (server, providers) = await house.Value;
            await server.DisposeAsync();
            await providers.DisposeAsync();
        }
    }
}
