using System.Text.Json.Nodes;
using Juke.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(Juke.Ledger.Tests.ServedContract))]
[assembly: AssemblyFixture(typeof(NoSecretInLogs))]

namespace Juke.Ledger.Tests;

/// <summary>One server for the suite, without waits and without limits, and the document that it serves.</summary>
public sealed class ServedContract : IAsyncLifetime
{
    /// <summary>Username of a person who is always there.</summary>
    internal const string Somebody = "somebody";

    /// <summary>Id of that person: the first that a server gives.</summary>
    internal const string SomebodysId = "1000000000";

    private JukeServer? server;
    private string text = "";

    internal JukeServer Server => server!;

    /// <summary>A copy of the document, for tests to change.</summary>
    internal JsonNode Document => JsonNode.Parse(text)!;

    internal string Text => text;

    internal IEnumerable<Operation> Operations => Operation.Of(Document);

    public async ValueTask InitializeAsync()
    {
        server = await JukeServer.StartAsync(settings => settings with { LongestDelay = TimeSpan.Zero });
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        (await client.CompleteAsync(Somebody)).EnsureOk();
        text = (await client.GetAsync("/openapi/v1.json")).EnsureOk().Body;
    }

    public ValueTask DisposeAsync() => server!.DisposeAsync();
}
