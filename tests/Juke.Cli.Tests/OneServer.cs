using Juke.Contract;
using Juke.Server.Fixtures;

namespace Juke.Cli.Tests;

/// <summary>A server for the tests of a class, ahead of the cookie jar of those who visit its pages.</summary>
public sealed class OneServer : IAsyncLifetime
{
    internal JukeServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await JukeServer.StartAsync(clock: ManualClock.Tomorrow());

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>A fixture that begins in an hour of the server's clock.</summary>
    internal async Task ImportFixtureAsync(long id, string name)
    {
        var kickoff = Server.Clock.GetUtcNow().AddHours(1);
        using var line = new StringReader(
            $$$"""{"id":{{{id}}},"name":"{{{name}}}","kickoffAt":"{{{InstantConverter.Format(kickoff)}}}","startTs":{{{kickoff.ToUnixTimeSeconds()}}},"state":"NS","league":{"id":8,"name":"First League","imagePath":null}}""");
        (await ImportFixtures.RunAsync(Server.Database, line, TestContext.Current.CancellationToken)).Complaint.ShouldBeNull();
    }
}
