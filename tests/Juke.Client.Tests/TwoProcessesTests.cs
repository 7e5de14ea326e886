using System.Diagnostics;
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
        using var one = Start(server, file, starts);
        using var two = Start(server, file, starts);
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
            using (var victim = Start(server, file, 10_000))
            {
                await victim.StandardOutput.ReadLineAsync();
                await Task.Delay(random.Next(0, 60));
                victim.Kill();
                await victim.WaitForExitAsync();
            }
            server.Clock.Advance(TimeSpan.FromSeconds(11)); // No grace for two tabs: what was lost must be asked for with its attempt.
            using var next = Start(server, file, 1);
            (await EndOfAsync(next)).ShouldBe(0, $"seed {Soak.Seed}, kill {i}");
        }
    }

    [Fact]
    public async Task The_file_is_its_owners_alone_and_leaves_nothing_half_written()
    {
        using var parent = new FileInFolder();
        var folder = Path.Combine(parent.Folder, "juke");
        var store = new FileTokenStore(Path.Combine(folder, "session"));
        await store.WriteAsync(new StoredTokens("refresh-1"), default);
        await using (await store.LockAsync(default))
            (await Should.ThrowAsync<OperationCanceledException>(async () => await store.LockAsync(new CancellationTokenSource(50).Token))).ShouldNotBeNull();
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            File.GetUnixFileMode(Path.Combine(folder, "session")).ShouldBe(owner);
            File.GetUnixFileMode(Path.Combine(folder, "session.lock")).ShouldBe(owner);
            File.GetUnixFileMode(folder).ShouldBe(owner | UnixFileMode.UserExecute);
            File.SetUnixFileMode(Path.Combine(folder, "session"), owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            await store.ReadAsync(default);
            File.GetUnixFileMode(Path.Combine(folder, "session")).ShouldBe(owner);
        }
        Directory.GetFiles(folder).Select(Path.GetFileName).Order().ShouldBe(["session", "session.lock"]);
        await store.ClearAsync(default);
        (await store.ReadAsync(default)).ShouldBeNull();
        await File.WriteAllTextAsync(Path.Combine(folder, "session"), "{\"refreshTo");
        (await store.ReadAsync(default)).ShouldBeNull("half a file of somebody else's is no token");
    }

    private static async Task SignInAsync(JukeServer server, ITokenStore store)
    {
        await using var session = new Session(new SessionOptions { Server = server.Url, Store = store });
        await session.SignInAsync((juke, stop) => juke.RegisterAsync(new RegisterRequest(TestClient.NewEmail(), TestClient.Password), stop));
    }

    private static Process Start(JukeServer server, FileInFolder file, int count) =>
        Process.Start(new ProcessStartInfo("dotnet", [NeighbourAssembly, server.Url.ToString(), Path.Combine(file.Folder, "session"), count.ToString()]) { RedirectStandardOutput = true, UseShellExecute = false })!;

    // Built beside this one: the reference orders the build and shares no types.
    private static string NeighbourAssembly => Path.Combine(AppContext.BaseDirectory, "..", "..", "Juke.Client.Neighbour", new DirectoryInfo(AppContext.BaseDirectory).Name, "Juke.Client.Neighbour.dll");

    private static async Task<int> EndOfAsync(Process process)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    private static async Task<int> AskAsync(JukeServer server)
    {
        await using var command = server.Database.CreateCommand(Generation);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
