using Juke.Contract;
using Juke.Server.Plumbing;
using Juke.Server.Published;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Ledger.Tests;

/// <summary>Production serves frozen versions only.</summary>
public sealed class OpenContractTests : IDisposable
{
    private readonly string mails = Directory.CreateTempSubdirectory("juke-mail-").FullName;

    public void Dispose() => Directory.Delete(mails, recursive: true);

    [Theory]
    [InlineData(true, "2026-11-21", false, true)]
    [InlineData(true, "2026-11-21", true, false)]
    [InlineData(true, null, false, false)]
    [InlineData(false, "2026-11-21", false, false)]
    public void Who_is_refused(bool production, string? open, bool allowed, bool isRefused) =>
        (OpenContract.Refusal(new Settings
        {
            IsProduction = production,
            AllowOpenContract = allowed,
            Url = new Uri("http://127.0.0.1"),
            PublicUrl = new Uri("http://127.0.0.1"),
            Database = "",
            Secrets = [],
            Origins = [],
        }, open) is not null).ShouldBe(isRefused);

    [Fact]
    public async Task Production_serves_frozen_versions_and_refuses_an_open_one_with_one_line()
    {
        var environment = await ProductionAsync();
        if (ContractVersion.Open is null)
        {
            await using var server = await ServingAsync(environment);
            SecretWatch.LinesWith("this is a rehearsal").ShouldBeEmpty();
            return;
        }
        var (exitCode, output, errors) = await ServerProcess.RunAsync(environment, null, "serve");
        exitCode.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.TrimEnd().ShouldBe(
            $"juke-server: Contract version {ContractVersion.Open} is open, and production serves frozen versions only: freeze it (./dev contract freeze) and build again, "
            + "or set JUKE_ALLOW_OPEN_CONTRACT=1 for a rehearsal.");
    }

    [Fact]
    public async Task A_rehearsal_starts_and_says_so_where_a_version_is_open()
    {
        var environment = await ProductionAsync();
        environment["JUKE_ALLOW_OPEN_CONTRACT"] = "1";
        await using var server = await ServingAsync(environment);
        SecretWatch.LinesWith("this is a rehearsal").Any().ShouldBe(ContractVersion.Open is not null);
    }

    private static Task<ServerProcess> ServingAsync(Dictionary<string, string> environment) =>
        ServerProcess.StartAsync(environment["JUKE_DATABASE"], e =>
        {
            foreach (var (name, value) in environment) e[name] = value;
        });

    private async Task<Dictionary<string, string>> ProductionAsync()
    {
        var environment = ServerProcess.Environment(await TestCluster.NewDatabaseAsync());
        environment["JUKE_ENVIRONMENT"] = "production";
        environment["JUKE_MAIL"] = new Uri(mails).AbsoluteUri;
        environment["JUKE_HASH_ITERATIONS"] = "220000";
        return environment;
    }
}
