using System.Text;
using System.Text.Json;

namespace Juke.Contract.Tests.Vectors;

public sealed class VectorTests
{
    public static TheoryData<string, string> Saves() => VectorFiles.Names(f => !IsRows(f));

    public static TheoryData<string, string> Rows() => VectorFiles.Names(IsRows);

    [Theory, MemberData(nameof(Saves))]
    public void Save(string file, string name)
    {
        var c = VectorFiles.Case(file, name);
        var stored = VectorFiles.Profile(c.GetProperty("stored"));
        var outcome = Judge(c, stored);
        if (c.GetProperty("status").GetInt32() != 200)
        {
            outcome.Change.ShouldBeNull();
            outcome.Code.ShouldBe(c.GetProperty("code").GetString());
            ProblemCode.StatusOf(outcome.Code!).ShouldBe(c.GetProperty("status").GetInt32());
            if (c.TryGetProperty("errors", out var errors))
            {
                outcome.Errors.Select(e => (e.Field, e.Message)).ShouldBe(
                    errors.EnumerateObject().SelectMany(f => f.Value.EnumerateArray().Select(m => (f.Name, m.GetString()!))));
            }
            return;
        }
        outcome.Errors.ShouldBeEmpty();
        var change = outcome.Change.ShouldNotBeNull();
        var isCore = c.GetProperty("dialect").GetString() == "core";
        (isCore || change.AsksToComplete).ShouldBe(isCore || c.GetProperty("completes").GetBoolean() || IsReplay(c, change));
        SameJson.ShouldBe(change.ApplyTo(stored).ToJson(), VectorFiles.Expected(c.GetProperty("stored"), c.GetProperty("after")), name);
    }

    [Theory, MemberData(nameof(Rows))]
    public void Legacy_row(string file, string name)
    {
        var c = VectorFiles.Case(file, name);
        var legacy = LegacyProfile.Read(c.GetProperty("row"));
        SameJson.ShouldBe(legacy.Profile.ToJson(), VectorFiles.Profile(c.GetProperty("canonical")).ToJson(), name);
        (legacy.CompletedAt is { } date ? InstantConverter.Format(date) : null).ShouldBe(c.GetProperty("completedAt").GetString());
        legacy.CountsAsOnboarded.ShouldBe(c.GetProperty("countsAsOnboarded").GetBoolean());
        legacy.KeptAside.ShouldBe(c.GetProperty("keptAside").EnumerateArray().Select(k =>
            new KeptAside(k.GetProperty("field").GetString()!, k.GetProperty("raw").GetString()!, k.GetProperty("reason").GetString()!)));
    }

    [Fact]
    public void There_are_at_least_150_and_every_paragraph_of_the_drift_has_some()
    {
        var names = VectorFiles.Cases(_ => true).Select(c => c.Case.GetProperty("name").GetString()!).ToList();
        names.Count.ShouldBeGreaterThanOrEqualTo(150);
        for (var paragraph = 1; paragraph <= 7; paragraph++)
            names.ShouldContain(n => n.StartsWith($"drift-{paragraph} ", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_are_unique_within_a_file() =>
        VectorFiles.Cases(_ => true).GroupBy(c => (c.File, Name: c.Case.GetProperty("name").GetString())).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();

    [Fact]
    public void The_submission_has_every_field_of_the_definition()
    {
        var whole = VectorFiles.Case("submission", "submission: every question answered").GetProperty("payload");
        foreach (var field in OnboardingDefinition.Default.Steps.SelectMany(s => s.Fields).Where(f => f != "username"))
            field.Split('.').Aggregate(whole, (at, key) => at.GetProperty(key)).ValueKind.ShouldNotBe(JsonValueKind.Null);
    }

    private static ProfileOutcome Judge(JsonElement c, CanonicalProfile stored)
    {
        var onboarded = c.GetProperty("user").GetProperty("onboarded").GetBoolean();
        var body = Encoding.UTF8.GetBytes(c.TryGetProperty("body", out var text) ? text.GetString()! : c.GetProperty("payload").GetRawText());
        if (c.GetProperty("dialect").GetString() != "core") return ProfileRules.Judge(body, stored, onboarded);
        var outcome = ProfileRules.Judge(JsonElement.Parse(body).GetProperty("profile"), stored, onboarded, OtherKeys.Refused);
        return outcome.Change is { } change && OnboardingAnswers.Check(OnboardingDefinition.Default, change) is { Count: > 0 } errors
            ? new ProfileOutcome(null, ProblemCode.ValidationFailed, errors)
            : outcome;
    }

    // An onboarded user's marker is seen, but there is nothing left to complete.
    private static bool IsReplay(JsonElement c, ProfileChange change) => change.AsksToComplete && c.GetProperty("user").GetProperty("onboarded").GetBoolean();

    private static bool IsRows(string file) => file == "legacy-rows";
}
