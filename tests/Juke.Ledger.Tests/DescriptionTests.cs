using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Juke.Contract;
using Juke.Desk.Ledger;
using Shouldly;
using Xunit;

namespace Juke.Ledger.Tests;

/// <summary>The texts of the document speak of the wire: whoever reads them has never seen our code.</summary>
public sealed partial class DescriptionTests(ServedContract served)
{
    [Fact]
    public void No_text_holds_a_name_of_the_code()
    {
        var names = typeof(ContractVersion).Assembly.GetExportedTypes()
            .SelectMany(t => t.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance).Where(m => m is PropertyInfo or FieldInfo).Select(m => m.Name).Append(t.Name))
            .ToHashSet(StringComparer.Ordinal);
        var texts = Texts(served.Document, "$").ToList();
        texts.Count.ShouldBeGreaterThan(300);
        texts.SelectMany(t => Quoted().Matches(t.Text).Select(m => m.Groups[1].Value).Where(word => PascalCase().IsMatch(word) && names.Contains(word)).Select(word => $"{t.Path}: `{word}`"))
            .ShouldBeEmpty("Write the words out, or name the member as the dialect writes it.");
    }

    [Fact]
    public void Texts_of_the_Juke_dialect_write_its_members_as_it_does()
    {
        var schemas = served.Document["components"]!["schemas"]!.AsObject().Where(s => s.Value!["properties"]!.AsObject() is var members && members.Any(m => m.Key.Contains('_')) && !members.Any(m => CamelCase().IsMatch(m.Key)));
        schemas.SelectMany(s => Texts(s.Value, s.Key)).SelectMany(t => Quoted().Matches(t.Text).Select(m => m.Groups[1].Value).Where(word => CamelCase().IsMatch(word)).Select(word => $"{t.Path}: `{word}`"))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Records_of_both_dialects_are_told_apart_by_name_and_not_by_number()
    {
        var names = served.Document["components"]!["schemas"]!.AsObject().Select(s => s.Key).ToList();
        names.Where(n => char.IsAsciiDigit(n[^1])).ShouldBeEmpty();
        names.ShouldContain("OnboardingState");
        names.ShouldContain("JukeOnboardingState");
    }

    [Fact]
    public void Lists_of_values_are_closed_in_requests_and_open_in_answers()
    {
        // A constant is no list; the codes of refusals are one that clients are told how to outlive.
        WireLines.Of(served.Document).Where(line => AnsweredValue().IsMatch(line)).GroupBy(line => line.Split(" = ")[0]).Where(values => values.Count() > 1).Select(values => values.Key)
            .ShouldBeEmpty("An answer with a closed list of values can never say another one. Name the known ones in the description, and what to do about others.");
        WireLines.Of(served.Document).ShouldContain(line => line.StartsWith("POST /api/onboarding/skip body application/json $.step = ", StringComparison.Ordinal));
    }

    private static IEnumerable<(string Path, string Text)> Texts(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(m => m.Key is "description" or "summary" && m.Value is JsonValue text
            ? [(path, (string)text!)]
            : m.Key == "examples" ? [] : Texts(m.Value, $"{path}.{m.Key}")),
        JsonArray items => items.SelectMany((item, i) => Texts(item, $"{path}[{i}]")),
        _ => [],
    };

    [GeneratedRegex(@"^[A-Z]+ \S+ \d{3} \S+ \$.* = ")]
    private static partial Regex AnsweredValue();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^[A-Z][A-Za-z]*[a-z][A-Za-z]*$")]
    private static partial Regex PascalCase();

    [GeneratedRegex("^[a-z]+[A-Z][A-Za-z]*$")]
    private static partial Regex CamelCase();
}
