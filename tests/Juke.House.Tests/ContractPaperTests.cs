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
            var named = TestName().Matches(row).Select(m => (Suite: m.Groups[1].Value, Name: m.Groups[2].Value)).ToList();
            if (named.Count == 0) faults.Add($"{id} names no test. Write `SomeTests.Some_method` in its last column.");
            faults.AddRange(named.Select(n => Fault(known, n.Suite, n.Name)).OfType<string>().Select(fault => $"{id} names {fault}"));
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

    [Theory]
    [InlineData("", "OnlyHereTests.One", null)]
    [InlineData("Web", "OnlyHereTests", null)]
    [InlineData("", "TwiceTests.One", "is in Server and Web")]
    [InlineData("Server", "TwiceTests.One", null)]
    [InlineData("Web", "TwiceTests.One", "not a test")]
    [InlineData("", "NowhereTests", "not a test")]
    [InlineData("Server", "OnlyHereTests", "not a test")]
    public void A_name_of_two_suites_says_which(string suite, string name, string? fault)
    {
        HashSet<(string, string)> known = [("Web", "OnlyHereTests"), ("Web", "OnlyHereTests.One"), ("Web", "TwiceTests"), ("Server", "TwiceTests"), ("Server", "TwiceTests.One")];
        if (fault is null) Fault(known, suite, name).ShouldBeNull();
        else Fault(known, suite, name).ShouldNotBeNull().ShouldContain(fault);
    }

    /// <summary>What is wrong with a name, or null.</summary>
    private static string? Fault(HashSet<(string Suite, string Name)> known, string suite, string name)
    {
        var suites = known.Where(k => k.Name == name.Split('.')[0]).Select(k => k.Suite).Order(StringComparer.Ordinal).ToList();
        if (suite.Length == 0 && suites.Count > 1) return $"{name}, which is in {string.Join(" and ", suites)}. Write `{suites[0]}/{name}` or another of them.";
        return known.Any(k => k.Name == name && (suite.Length == 0 || k.Suite == suite)) ? null : $"{name}, which is not a test{(suite.Length == 0 ? " of this repository" : $" of Juke.{suite}.Tests")}.";
    }

    private static IEnumerable<(string Id, string Row)> Rules() =>
        House.Read("contract/CONTRACT.md").Split('\n')
            .Select(line => (Match: RuleRow().Match(line), line))
            .Where(r => r.Match.Success)
            .Select(r => (r.Match.Groups[1].Value, r.line));

    /// <summary>Names of test classes, and of their methods as <c>Class.Method</c>, with the suite that they stand in (<c>Web</c> is Juke.Web.Tests).</summary>
    private static HashSet<(string Suite, string Name)> KnownTests()
    {
        var names = new HashSet<(string, string)>();
        foreach (var file in House.Files("tests", ".cs").Where(f => f.EndsWith("Tests.cs", StringComparison.Ordinal)))
        {
            var text = House.Read(file);
            var (suite, type) = (file.Split('/')[1].Split('.')[1], TestClass().Match(text).Groups[1].Value);
            names.Add((suite, type));
            foreach (Match method in TestMethod().Matches(text)) names.Add((suite, $"{type}.{method.Groups[1].Value}"));
        }
        return names;
    }

    [GeneratedRegex(@"^\| ([A-Z]+\d+[a-z]?) \|")]
    private static partial Regex RuleRow();

    [GeneratedRegex(@"`(?:(\w+)/)?(\w+Tests(?:\.\w+)?)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"class (\w+Tests)\b")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\]]*\](?:\s*\[[^\n]*\])*\s*public (?:async )?(?:static )?(?:\w+(?:<\w+>)?) (\w+)\(")]
    private static partial Regex TestMethod();
}
