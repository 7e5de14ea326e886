using Juke.Desk.Postgres;
using Juke.Desk.Up;

namespace Juke.Desk;

/// <summary>The verb `schema`: db/schema.sql from db/migrations, over a cluster that is thrown away.</summary>
internal static class SchemaFile
{
    public static async Task WriteAsync(string serverDll, string file, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("juke-schema-").FullName;
        try
        {
            await using var cluster = await PostgresCluster.StartAsync(folder, durable: false, cancel);
            await cluster.CreateDatabaseAsync("juke", cancel: cancel);
            await new Server(serverDll, new Dictionary<string, string>
            {
                ["JUKE_DATABASE"] = cluster.ConnectionString("juke"),
                ["JUKE_SECRETS"] = Convert.ToBase64String(new byte[32]),
                ["JUKE_ENVIRONMENT"] = "development",
            }).RunAsync(["migrate"], cancel);
            await File.WriteAllTextAsync(file, await SchemaDump.ReadAsync(cluster, "juke", cancel), cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
