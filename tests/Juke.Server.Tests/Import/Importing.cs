using System.Text.Json.Nodes;
using Juke.Server.Import;
using Juke.Server.Plumbing;
using Juke.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Juke.Server.Tests.Import;

/// <summary>The import as a call in this process, beside a running server, and as the verb that it is.</summary>
internal static class Importing
{
    public static async Task<ImportCounts> ImportAsync(this JukeServer server, OldJuke from, bool isDryRun = false, int pageSize = 500)
    {
        await using var old = await OldDatabase.OpenAsync(from.ConnectionString, TestContext());
        return await new ImportJuke(server.Database, server.Clock, server.Protector().Protect, isDryRun, pageSize).RunAsync(old, _ => { }, TestContext());
    }

    public static IDataProtector Protector(this JukeServer server) => TokenSeal.ProtectorOf(server.Services.GetRequiredService<IDataProtectionProvider>());

    /// <summary>The certificate: its totals, and its line for each user.</summary>
    public static async Task<(CertificateTotals Totals, Dictionary<long, JsonNode> Lines)> CertifyAsync(this JukeServer server, OldJuke from)
    {
        await using var old = await OldDatabase.OpenAsync(from.ConnectionString, TestContext());
        await using var text = new StringWriter();
        var totals = await new Certificate(server.Database, server.Protector().Unprotect, text).WriteAsync(old, _ => { }, TestContext());
        var lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).Where(l => l["id"] is not null);
        return (totals, lines.ToDictionary(l => l["id"]!.GetValue<long>()));
    }

    public static Task<(int ExitCode, string Output, string Errors)> RunVerbAsync(string connectionString, OldJuke from, params string[] more) =>
        ServerProcess.RunAsync(ServerProcess.Environment(connectionString), null, ["import", "juke", "--from", from.ConnectionString, .. more]);

    /// <summary>Everything that the import writes, as text, without what is random or a time of the import.</summary>
    public static async Task<string> DumpAsync(string connectionString)
    {
        string[] queries =
        [
            "select to_jsonb(u)::text from users u order by id",
            "select to_jsonb(p)::text from user_profiles p order by user_id",
            "select (to_jsonb(s) - '{sid,salt,issued_at,created_at,seen_at,idle_ends_at,absolute_ends_at,ended_at}'::text[])::text from sessions s order by user_id, secret_hash",
            "select to_jsonb(i)::text from identities i order by user_id, provider",
            "select (to_jsonb(c) - '{access_token,refresh_token}'::text[])::text || (access_token is null)::text || (refresh_token is null)::text from credentials c order by user_id, provider",
            "select to_jsonb(m)::text from imported_users m order by id",
            "select user_id::text || kind || field || reason || case when field like 'spotify%' or field in ('user', 'user.password') then '' else coalesce(raw, '-') end as line from import_remarks order by 1",
        ];
        await using var database = NpgsqlDataSource.Create(connectionString);
        var dump = new System.Text.StringBuilder();
        foreach (var query in queries)
        {
            await using var command = database.CreateCommand(query);
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync()) dump.AppendLine(row.GetString(0));
        }
        return dump.ToString();
    }

    private static CancellationToken TestContext() => Xunit.TestContext.Current.CancellationToken;
}
