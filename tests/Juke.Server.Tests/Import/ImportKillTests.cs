using System.Diagnostics;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>The verb as a process that is killed at random moments and started again.</summary>
public sealed class ImportKillTests
{
    [Fact]
    public async Task Killed_at_any_moment_and_resumed_it_ends_as_if_nothing_had_happened()
    {
        var facts = new OldPopulation(Soak.Seed).Make(600);
        await using var old = await OldJuke.WithAsync([.. facts.Select(f => f.Person)]);
        var reference = await TestCluster.NewDatabaseAsync();
        var started = Stopwatch.GetTimestamp();
        (await Importing.RunVerbAsync(reference, old, "--batch", "20")).ExitCode.ShouldBe(0);
        var whole = Stopwatch.GetElapsedTime(started);
        var expected = await Importing.DumpAsync(reference);

        var random = new Random(Soak.Seed);
        var partial = 0;
        for (var i = 0; i < Soak.Count(ci: 5, soak: 100); i++)
        {
            var target = await TestCluster.NewDatabaseAsync();
            for (var kill = random.Next(1, 3); kill > 0; kill--)
            {
                using var process = Start(target, old);
                using var patience = new CancellationTokenSource(whole * (0.3 + (0.7 * random.NextDouble())));
                try
                {
                    await process.WaitForExitAsync(patience.Token);
                }
                catch (OperationCanceledException)
                {
                    process.Kill();
                    await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                }
            }
            var before = await Importing.DumpAsync(target);
            if (before.Length > 0 && before != expected) partial++;
            var run = await Importing.RunVerbAsync(target, old, "--batch", "20");
            run.ExitCode.ShouldBe(0, $"seed {Soak.Seed}, round {i}: {run.Errors}");
            (await Importing.DumpAsync(target)).ShouldBe(expected, $"seed {Soak.Seed}, round {i}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{partial} of the kills left a part behind");
    }

    private static Process Start(string target, OldJuke old)
    {
        var start = new ProcessStartInfo("dotnet", [ServerProcess.Assembly, "import", "juke", "--from", old.ConnectionString, "--batch", "20"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in ServerProcess.Environment(target, ServerProcess.FreeUrl())) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }
}
