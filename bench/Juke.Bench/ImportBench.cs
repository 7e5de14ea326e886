using System.Diagnostics;
using Juke.Desk.Postgres;
using Juke.Testing;

namespace Juke.Bench;

/// <summary><c>./dev bench import [USERS]</c>: the import of an old Juke of that size, and a second run that finds nothing to do.</summary>
internal static class ImportBench
{
    public static async Task RunAsync(int users)
    {
        var folder = Directory.CreateTempSubdirectory("juke-bench-").FullName;
        try
        {
            // Durable: what production would have, both databases on it.
            await using var cluster = await PostgresCluster.StartAsync(Path.Combine(folder, "pg"), durable: true);
            await cluster.CreateDatabaseAsync("old");
            await cluster.CreateDatabaseAsync("juke");
            await using var old = await OldJuke.NewAsync(cluster.ConnectionString("old"));
            await old.FillAsync(users);
            var environment = ServerProcess.Environment(cluster.ConnectionString("juke"));
            await ServerProcess.RunAsync(environment, null, "migrate");
            foreach (var what in new[] { "first run", "second run" })
            {
                var started = Stopwatch.GetTimestamp();
                var (code, _, errors) = await ServerProcess.RunAsync(environment, null, "import", "juke", "--from", old.ConnectionString);
                var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                Console.WriteLine($"{what}, {users:N0} users, {Environment.ProcessorCount} cores: {seconds:0} s with the certificate, {users / seconds:N0} users/s, exit code {code}");
                Console.WriteLine(string.Join('\n', errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(8).Select(l => "  " + l)));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
