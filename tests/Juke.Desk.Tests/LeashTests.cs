using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests;

public sealed class LeashTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task The_child_is_asked_to_stop_and_its_exit_code_comes_back()
    {
        // The child waits on a fifo that nobody writes; a trap in sh runs when that wait is interrupted.
        var leash = Leash.Start(["sh", "-c", $"trap 'echo asked; exit 5' TERM; mkfifo {temporary["never"]}; cat <{temporary["never"]} & echo up; wait"], "TERM", TimeSpan.FromSeconds(30), temporary["log"]);
        await UntilAsync(() => File.Exists(temporary["log"]) && File.ReadAllText(temporary["log"]).Contains("up", StringComparison.Ordinal));
        await leash.DisposeAsync();

        (await leash.Ended).ShouldBe(5);
        (await File.ReadAllTextAsync(temporary["log"])).ShouldBe("up\nasked\n");
        await File.WriteAllTextAsync(temporary["never"], "");
    }

    [Fact]
    public async Task A_child_that_does_not_listen_is_killed()
    {
        var leash = Leash.Start(["sh", "-c", $"trap '' TERM; echo $$ >{temporary["pid"]}; exec sleep 600"], "TERM", TimeSpan.FromMilliseconds(50));
        await UntilAsync(() => File.Exists(temporary["pid"]) && File.ReadAllText(temporary["pid"]).EndsWith('\n'));
        var pid = int.Parse(await File.ReadAllTextAsync(temporary["pid"]));
        await leash.DisposeAsync();
        await UntilAsync(() => !IsAlive(pid));
    }

    [Fact]
    public async Task A_child_that_ends_by_itself_ends_the_leash()
    {
        await using var leash = Leash.Start(["sh", "-c", "exit 7"], "TERM", TimeSpan.FromSeconds(30));
        (await leash.Ended).ShouldBe(7);
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
