using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Juke.House.Tests;

/// <summary>Habits that a machine can see.</summary>
public sealed partial class HabitTests
{
    private const int LongestFile = 400;

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        new[] { "src", "tests", "bench" }.SelectMany(f => House.Files(f, ".cs", ".razor", ".js", ".css"))
            .Select(f => (File: f, Lines: House.Read(f).AsSpan().Count('\n'))).Where(f => f.Lines > LongestFile)
            .ShouldBeEmpty("cut it where a newcomer would look for two things");

    [Fact]
    public void Nothing_is_left_for_later_in_the_code() =>
        House.Files("src", ".cs", ".razor", ".js", ".css", ".sql").Concat(House.Files("db", ".sql")).Where(f => Later().IsMatch(House.Read(f)))
            .ShouldBeEmpty("write an issue, or do it");

    [Fact]
    public void Time_comes_from_the_clock_that_tests_can_move() =>
        new[] { "src/Juke.Server", "src/Juke.Contract", "src/Juke.Client" }.SelectMany(f => House.Files(f, ".cs", ".razor"))
            .Where(f => Clock().IsMatch(House.Code(f))).ShouldBeEmpty("ask TimeProvider");

    [Fact]
    public void Names_say_what_a_thing_is() =>
        House.Files("src", ".cs").Select(f => Path.GetFileNameWithoutExtension(f)).Where(n => Vague().IsMatch(n)).ShouldBeEmpty("no Helper, Util, Manager, Common, Impl");

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Later();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bStopwatch\b")]
    private static partial Regex Clock();

    [GeneratedRegex("(Helper|Util|Utils|Manager|Common|Impl|Extensions)s?$")]
    private static partial Regex Vague();
}
