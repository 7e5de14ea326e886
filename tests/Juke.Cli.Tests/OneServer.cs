namespace Juke.Cli.Tests;

/// <summary>A server for the tests of a class.</summary>
public sealed class OneServer : IAsyncLifetime
{
    internal JukeServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await JukeServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
