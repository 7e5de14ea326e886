using Juke.Server.Import;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

public sealed class ProgressLineTests
{
    private readonly ManualClock clock = new();
    private readonly StringWriter output = new();

    [Fact]
    public void It_shows_the_bar_the_rate_and_the_remaining_time()
    {
        var line = new ProgressLine("Importing", 200_000, clock, output, isTerminal: true);
        line.Text(50_000, TimeSpan.FromSeconds(25)).ShouldBe("Importing [#####...............] 50,000 of 200,000, 2,000/s, 1:15 left");
        line.Text(0, TimeSpan.Zero).ShouldBe("Importing [....................] 0 of 200,000, 0/s, 0:00 left");
        line.Text(200_000, TimeSpan.FromSeconds(100)).ShouldBe("Importing [####################] 200,000 of 200,000, 2,000/s, 0:00 left");
        line.Text(200_001, TimeSpan.FromSeconds(100)).ShouldContain("[####################]");
        line.Text(1_000, TimeSpan.FromSeconds(100)).ShouldEndWith("10/s, 331:40 left");
        new ProgressLine("Checking ", 0, clock, output, isTerminal: true).Text(0, TimeSpan.Zero).ShouldContain("0 of 0");
    }

    [Fact]
    public void On_a_terminal_one_line_rewrites_itself_and_is_ended()
    {
        var line = new ProgressLine("Importing", 100, clock, output, isTerminal: true);
        line.End();
        output.ToString().ShouldBe("", "nothing was shown");
        line.Show(10);
        line.Show(20);
        output.ToString().ShouldBe("\r" + line.Text(10, TimeSpan.Zero) + "\u001b[K", "not twice at once");
        clock.Advance(TimeSpan.FromSeconds(2));
        line.Show(50);
        line.Show(100);
        line.End();
        output.ToString().ShouldEndWith("50 of 100, 25/s, 0:02 left\u001b[K\r" + line.Text(100, TimeSpan.FromSeconds(2)) + "\u001b[K" + Environment.NewLine, customMessage: "the end is always shown");
    }

    [Fact]
    public void Elsewhere_there_is_a_line_every_ten_seconds()
    {
        var line = new ProgressLine("Importing", 100, clock, output, isTerminal: false);
        for (var i = 1; i <= 100; i++)
        {
            line.Show(i);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        line.End();
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(11);
        lines.ShouldAllBe(l => !l.Contains('\r', StringComparison.Ordinal) && l.StartsWith("Importing [", StringComparison.Ordinal));
        lines[^1].ShouldContain("100 of 100");
    }
}
