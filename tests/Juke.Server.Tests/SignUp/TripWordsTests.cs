using System.Text.RegularExpressions;
using Juke.Contract;
using Juke.Server.Plumbing;
using Juke.Server.Web;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

/// <summary>The words of <c>?error=</c> at the end of a browser's trip: those of the code are those of the paper (contract rule B5).</summary>
public sealed class TripWordsTests
{
    private static readonly string[] Providers = [ProviderPerson.Spotify, ProviderPerson.Google];

    [Fact]
    public async Task The_paper_has_the_words_of_the_code_and_no_other()
    {
        var paper = await File.ReadAllLinesAsync(Path.Combine(Repository.ContractFolder, "CONTRACT.md"), TestContext.Current.CancellationToken);
        var rule = paper.Single(line => line.StartsWith("| B5 |", StringComparison.Ordinal));
        var written = Regex.Matches(rule, "`([a-z<>]+(?:_[a-z]+)+)`").SelectMany(m => Providers.Select(p => m.Groups[1].Value.Replace("<provider>", p, StringComparison.Ordinal)));

        var codes = ProblemCode.All.Keys.Append(Problem.IdentityTaken).Append(null);
        var said = Providers.SelectMany(p => codes.Select(code => TripEnds.WordOf(p, code)).Append(TripEnds.WordOfError(p, "access_denied")).Append(TripEnds.WordOfError(p, "server_error")));
        written.Distinct().ShouldBe(said.Distinct(), ignoreOrder: true);
    }
}
