using System.Diagnostics;
using System.Text;
using Juke.Contract;
using Juke.Desk.Ledger;
using Juke.Server.Gate;
using Juke.Server.Published;
using Juke.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Juke.Ledger.Tests;

/// <summary>The folder contract/ against what is served now, and against its own past.</summary>
public sealed class FolderTests(ServedContract served)
{
    [Fact]
    public void The_folder_says_what_is_served() =>
        string.Join("\n\n", new ContractFolder(Repository.ContractFolder).Complaints(served.Document)).ShouldBeEmpty();

    [Fact]
    public void The_server_knows_the_versions_of_the_folder()
    {
        var written = new ContractFolder(Repository.ContractFolder).Versions;
        ContractVersion.Versions.Select(v => (v.Date, v.Ledger, v.Samples, v.Document)).ShouldBe(written.Select(v => (v.Version, v.Ledger, v.Samples, v.Document)));
        ContractVersion.Open.ShouldBe(written[0].IsOpen ? written[0].Version : null);
    }

    [Fact]
    public async Task What_was_frozen_once_is_frozen_in_every_later_commit()
    {
        var now = new ContractFolder(Repository.ContractFolder).Versions;
        // An export of the source has no history, and a shallow clone not all of it: said, not passed over.
        Assert.SkipUnless(Directory.Exists(Path.Combine(Repository.Root, ".git")) || File.Exists(Path.Combine(Repository.Root, ".git")), "No history here: what was frozen cannot be compared.");
        Assert.SkipWhen((await GitAsync("rev-parse", "--is-shallow-repository")).Trim() == "true", "A shallow clone: what was frozen cannot be compared.");
        // A pattern without * would mean main/*, so [n]: the branch itself.
        var commits = (await GitAsync("rev-list", "--full-history", "HEAD", "--branches=mai[n]", "--remotes=*/main", "--", "contract/versions.json")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        commits.ShouldNotBeEmpty();
        foreach (var commit in commits)
        {
            if ((await GitAsync("ls-tree", "--name-only", commit, "--", "contract/versions.json")).Length == 0) continue; // Before the list was begun.
            VersionEntry.Broken(VersionEntry.Parse(await GitAsync("show", commit + ":contract/versions.json")), now).ShouldBeEmpty($"since {commit[..10]}");
        }
    }

    [Fact]
    public async Task A_reader_that_is_not_ours_finds_the_document_well_formed()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(served.Text));
        var read = await Microsoft.OpenApi.OpenApiDocument.LoadAsync(stream, "json");
        read.Diagnostic!.Errors.Select(e => e.ToString()).ShouldBeEmpty();
        read.Diagnostic.SpecificationVersion.ShouldBe(Microsoft.OpenApi.OpenApiSpecVersion.OpenApi3_1);
        read.Document!.Paths.Count.ShouldBe(served.Document["paths"]!.AsObject().Count);
    }

    [Fact]
    public void Every_example_has_the_shape_that_it_is_an_example_of()
    {
        var shape = new JsonShape(served.Document);
        var contents = served.Operations.SelectMany(o => o.Entry["responses"]!.AsObject().Select(r => shape.Resolve(r.Value!)).Append(o.Entry["requestBody"]))
            .Where(holder => holder?["content"] is not null).SelectMany(holder => holder!["content"]!.AsObject());
        contents.SelectMany(c => c.Value!["examples"]!.AsObject().SelectMany(e => shape.Differences(shape.Resolve(e.Value!)["value"], c.Value["schema"]!, e.Key)))
            .Distinct().ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_servers_write_the_same_bytes()
    {
        await using var other = await JukeServer.StartAsync();
        using var client = other.NewClient();
        (await client.GetAsync("/openapi/v1.json")).Body.ShouldBe(served.Text);
    }

    [Fact]
    public void Every_route_of_the_api_is_in_the_document_and_every_name_once()
    {
        // Where a browser is sent, and never called: the way to a provider and back is pages.
        var pages = served.Server.Services.GetRequiredService<IPageGate>();
        var left = served.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => !OpenApiDocument.IsDescribed(e) && !pages.IsPage(e)).Select(e => "/" + e.RoutePattern.RawText!.Trim('/'))
            .Where(p => p.StartsWith("/auth", StringComparison.Ordinal) || p.StartsWith("/api", StringComparison.Ordinal) || p.StartsWith("/fixtures", StringComparison.Ordinal));
        left.ShouldBeEmpty("These routes are part of the contract: take ExcludeFromDescription away.");
        served.Operations.Select(o => o.Id).ShouldBeUnique();
    }

    // In a container the folder may belong to somebody else, which git takes for danger.
    private static async Task<string> GitAsync(params string[] words)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-c", "safe.directory=*", "-C", Repository.Root, .. words]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = git.StandardOutput.ReadToEndAsync();
        var errors = git.StandardError.ReadToEndAsync();
        await git.WaitForExitAsync();
        git.ExitCode.ShouldBe(0, await errors);
        return await output;
    }
}
