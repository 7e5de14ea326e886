using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Juke.House.Tests;

/// <summary>contract/CONTRACT.md: every rule is numbered once and names a test that is there.</summary>
public sealed partial class ContractPaperTests
{
    [Fact]
    public void Every_rule_names_a_test_and_every_named_test_exists()
    {
        var known = KnownTests();
        var faults = new List<string>();
        foreach (var (id, row) in Rules())
        {
            var named = TestName().Matches(row).Select(m => m.Groups[1].Value).ToList();
            if (named.Count == 0) faults.Add($"{id} names no test. Write `SomeTests.Some_method` in its last column.");
            faults.AddRange(named.Where(n => !known.Contains(n)).Select(n => $"{id} names {n}, which is not a test of this repository."));
        }
        faults.ShouldBeEmpty();
    }

    [Fact]
    public void Every_rule_has_a_number_of_its_own()
    {
        var rules = Rules().Select(r => r.Id).ToList();
        rules.Count.ShouldBeGreaterThan(40);
        rules.ShouldBeUnique();
    }

    private static IEnumerable<(string Id, string Row)> Rules() =>
        House.Read("contract/CONTRACT.md").Split('\n')
            .Select(line => (Match: RuleRow().Match(line), line))
            .Where(r => r.Match.Success)
            .Select(r => (r.Match.Groups[1].Value, r.line));

    /// <summary>Names of test classes, and of their methods as <c>Class.Method</c>.</summary>
    private static HashSet<string> KnownTests()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in House.Files("tests", ".cs").Where(f => f.EndsWith("Tests.cs", StringComparison.Ordinal)))
        {
            var text = House.Read(file);
            var type = TestClass().Match(text).Groups[1].Value;
            names.Add(type);
            foreach (Match method in TestMethod().Matches(text)) names.Add($"{type}.{method.Groups[1].Value}");
        }
        return names;
    }

    [GeneratedRegex(@"^\| ([A-Z]+\d+[a-z]?) \|")]
    private static partial Regex RuleRow();

    [GeneratedRegex(@"`(\w+Tests(?:\.\w+)?)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"class (\w+Tests)\b")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\]]*\](?:\s*\[[^\n]*\])*\s*public (?:async )?(?:static )?(?:\w+(?:<\w+>)?) (\w+)\(")]
    private static partial Regex TestMethod();
}
