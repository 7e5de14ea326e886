namespace Juke.Client.Tests.Faults;

/// <summary>The SDK against a real server over a network that fails (issue 5, "Faults for real"). A failure prints its seed: run with JUKE_SEED to see it again.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private FaultyNetwork network = null!;
    private JukeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await JukeServer.StartAsync(clock: clock, quiet: true);
        network = await FaultyNetwork.OpenAsync();
        network.Server = server.Url;
    }

    [Fact]
    public async Task Random_schedules_never_sign_out_never_get_stuck_and_end_signed_in()
    {
        var count = Soak.Count(ci: 50, soak: 500);
        for (var i = 0; i < count; i++)
        {
            await using var schedule = new FaultSchedule(Soak.Seed + i, network, server, RestartAsync);
            await schedule.RunAsync();
        }
        TestContext.Current.SendDiagnosticMessage($"{count} schedules from seed {Soak.Seed}");
    }

    public async ValueTask DisposeAsync()
    {
        await network.DisposeAsync();
        await server.DisposeAsync();
    }

    private async Task RestartAsync()
    {
        network.Server = null;
        var former = server;
        await former.DisposeAsync();
        server = await JukeServer.StartAsync(connectionString: former.ConnectionString, clock: clock, quiet: true);
        network.Server = server.Url;
    }
}
