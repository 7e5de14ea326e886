using System.Diagnostics;
using Juke.Client.Tests.Faults;
using Juke.Contract.Wire;

namespace Juke.Client.Tests;

/// <summary>Two apps of one person share a token file: they never present the same spent token, whatever dies when.</summary>
public sealed class TwoProcessesTests
{
    private const string Generation = "select gen from sessions where ended_at is null";

    [Fact]
    public async Task Each_start_of_each_process_is_one_generation()
    {
        await using var server = await JukeServer.StartAsync();
        using var file = new FileInFolder();
        await SignInAsync(server, file);
        var starts = Soak.Count(ci: 12, soak: 150);
        using var one = Start(server.Url, file, starts);
        using var two = Start(server.Url, file, starts);
        (await EndOfAsync(one), await EndOfAsync(two)).ShouldBe((0, 0));
        // Repeated answers (two tabs, lost replies) make no generation: fewer would mean that a spent token was presented.
        (await AskAsync(server)).ShouldBe(1 + starts * 2);
    }

    [Fact]
    public async Task Killed_at_any_moment_the_next_start_finds_the_session()
    {
        await using var server = await JukeServer.StartAsync();
        using var file = new FileInFolder();
        await SignInAsync(server, file);
        var random = new Random(Soak.Seed);
        for (var i = 0; i < Soak.Count(ci: 6, soak: 60); i++)
        {
            using (var victim = Start(server.Url, file, 10_000))
            {
                await victim.StandardOutput.ReadLineAsync();
                await Task.Delay(random.Next(0, 60));
                victim.Kill();
                await victim.WaitForExitAsync();
            }
            server.Clock.Advance(TimeSpan.FromSeconds(11)); // No grace for two tabs: what was lost must be asked for with its attempt.
            using var next = Start(server.Url, file, 1);
            (await EndOfAsync(next)).ShouldBe(0, $"seed {Soak.Seed}, kill {i}");
        }
        await file.ClearAsync(default);
        Directory.GetFiles(file.Folder).Select(Path.GetFileName).ShouldBe(["session.lock"], "no token of a write that was killed");
    }

    [Fact]
    public async Task Killed_between_sending_and_storing_the_next_start_asks_for_the_same_and_gets_it()
    {
        await using var server = await JukeServer.StartAsync();
        await using var network = await FaultyNetwork.OpenAsync();
        network.Server = server.Url;
        using var file = new FileInFolder();
        await SignInAsync(server, file);
        var before = (await file.ReadAsync(default))!;
        network.Weather = _ => Fault.SilenceAfter; // The server has rotated, and its answer is on the way for ever.
        using (var victim = Start(network.Url, file, 1))
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            while (!network.Log.Contains("POST /auth/refresh: SilenceAfter 200", StringComparison.Ordinal)) await Task.Delay(10, patience.Token);
            victim.Kill();
            await victim.WaitForExitAsync(patience.Token);
        }
        var left = (await file.ReadAsync(default))!;
        left.RefreshToken.ShouldBe(before.RefreshToken);
        left.Attempt.ShouldNotBeNull("stored before it was sent");
        (await AskAsync(server)).ShouldBe(2);
        server.Clock.Advance(TimeSpan.FromSeconds(11));
        using var next = Start(server.Url, file, 1);
        (await EndOfAsync(next)).ShouldBe(0);
        (await AskAsync(server)).ShouldBe(2, "the same answer again");
    }

    private static async Task SignInAsync(JukeServer server, ITokenStore store)
    {
        await using var session = new Session(new SessionOptions { Server = server.Url, Store = store, Timeout = Patience.Long });
        await session.SignInAsync((juke, stop) => juke.RegisterAsync(new RegisterRequest(TestClient.NewEmail(), TestClient.Password), stop));
    }

    private static Process Start(Uri server, FileInFolder file, int count) => Process.Start(
        new ProcessStartInfo("dotnet", [NeighbourAssembly, server.ToString(), Path.Combine(file.Folder, "session"), count.ToString()])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["DOTNET_EnableDiagnostics"] = "0" }, // Whoever is killed would leave its sockets in /tmp.
        })!;

    // Built beside this one: the reference orders the build and shares no types.
    private static string NeighbourAssembly => Path.Combine(AppContext.BaseDirectory, "..", "..", "Juke.Client.Neighbour", new DirectoryInfo(AppContext.BaseDirectory).Name, "Juke.Client.Neighbour.dll");

    private static async Task<int> EndOfAsync(Process process)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    private static async Task<int> AskAsync(JukeServer server)
    {
        await using var command = server.Database.CreateCommand(Generation);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
