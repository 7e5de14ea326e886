using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Gate;

/// <summary>Required-ness is written down once (contract §3).</summary>
public sealed class OneDefinitionTests
{
    private static readonly string[] Allowed =
    [
        "db/migrations/0001-accounts.sql", // the column, its constraint, and the view that defines the gate
        "src/Juke.Server/Onboarding/Complete.cs", // completion
    ];

    [Fact]
    public void Nobody_but_the_definition_completion_and_import_mentions_onboarding_done()
    {
        var files = Repository.Files("src").Concat(Repository.Files("db/migrations")).ToList();
        files.Count.ShouldBeGreaterThan(50, "the tree was found");

        var mentions = files.Where(file => Repository.Read(file).Contains("onboarding_done", StringComparison.OrdinalIgnoreCase)).ToList();
        mentions.ShouldContain("db/migrations/0001-accounts.sql");
        mentions.Where(file => !Allowed.Contains(file, StringComparer.Ordinal) && !file.StartsWith("src/Juke.Server/Import/", StringComparison.Ordinal)).ShouldBeEmpty(
            "These files decide for themselves who is onboarded. Read the view accounts (onboarding_required) instead, or complete through Onboarding/Complete.");
    }
}
