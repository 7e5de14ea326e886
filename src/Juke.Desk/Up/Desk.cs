using Juke.Desk.Postgres;

namespace Juke.Desk.Up;

/// <summary>
/// The verb `up`: PostgreSQL, migrations, sample fixtures, server; until Ctrl-C, or until one of them dies. What starts first stops last.
/// </summary>
internal static class Desk
{
    public static async Task RunAsync(DeskSettings settings, string serverDll, CancellationToken stop)
    {
        await Server.CheckPortAsync(settings.Url, stop);
        MakeFolders(settings);

        await using var cluster = settings.Database is null ? await PostgresCluster.StartAsync(Path.Combine(settings.Data, "postgres"), durable: true, stop) : null;
        if (cluster is not null) await cluster.CreateDatabaseAsync("juke", cancel: stop);
        if (cluster?.Notice is { } notice) Console.WriteLine(notice);

        await using var providers = await Providers.StartAsync(settings);
        var environment = await EnvironmentAsync(settings, cluster, stop);
        foreach (var (name, value) in providers.Environment) environment[name] = value;

        var server = new Server(serverDll, environment);
        await server.RunAsync(["migrate"], stop);
        // Only into a database of our own: a database that somebody named may be a real one.
        if (cluster is not null) await server.RunAsync(["fixtures", "import", await WriteSampleAsync(settings.Data, stop)], stop);

        await using var serving = server.Serve();
        await Server.UntilReadyAsync(settings.Url, serving, stop);
        if (!serving.Ended.IsCompleted) Welcome(settings, cluster, providers);

        var database = cluster?.Ended ?? new TaskCompletionSource<int>().Task;
        var first = await Task.WhenAny(serving.Ended, database, Task.Delay(Timeout.Infinite, stop));
        if (first == serving.Ended) throw new DeskException($"The server ended with exit code {await serving.Ended}.");
        if (first == database) throw new DeskException($"PostgreSQL ended with exit code {await database}; its log is {cluster!.LogFile}.");
    }

    private static void Welcome(DeskSettings settings, PostgresCluster? cluster, Providers providers)
    {
        Console.WriteLine($"Juke is ready at {settings.Url.GetLeftPart(UriPartial.Authority)}");
        Console.WriteLine($"  mail      {settings.Mail}");
        Console.WriteLine(cluster is null
          ? "  database  yours (JUKE_DATABASE); no sample fixtures were imported"
          : $"  database  {Path.Combine(cluster.BinFolder, "psql")} -h {cluster.SocketFolder} -U {PostgresCluster.User} juke");
        foreach (var line in providers.Lines) Console.WriteLine($"  {line}");
        Console.WriteLine("  Ctrl-C stops everything");
    }

    private static void MakeFolders(DeskSettings settings)
    {
        try
        {
            Directory.CreateDirectory(settings.Data);
            if (settings.Mail.StartsWith("file:", StringComparison.Ordinal)) Directory.CreateDirectory(new Uri(settings.Mail).LocalPath);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new DeskException($"Cannot write in {settings.Data}: {e.Message} Set JUKE_DATA to a folder of your own.", e);
        }
    }

    private static async Task<Dictionary<string, string>> EnvironmentAsync(DeskSettings settings, PostgresCluster? cluster, CancellationToken cancel) => new()
    {
        ["JUKE_URL"] = settings.Url.GetLeftPart(UriPartial.Authority),
        ["JUKE_DATABASE"] = settings.Database ?? cluster!.ConnectionString("juke"),
        ["JUKE_SECRETS"] = settings.Secrets ?? await KeptSecret.ReadOrMakeAsync(settings.Data, cancel),
        ["JUKE_MAIL"] = settings.Mail,
        ["JUKE_ENVIRONMENT"] = settings.Environment,
    };

    private static async Task<string> WriteSampleAsync(string data, CancellationToken cancel)
    {
        var file = Path.Combine(data, "fixtures.jsonl");
        await File.WriteAllLinesAsync(file, SampleFixtures.Lines(TimeProvider.System.GetUtcNow()), cancel);
        return file;
    }
}
