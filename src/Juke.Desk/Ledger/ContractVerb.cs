using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Juke.Desk.Postgres;
using Juke.Desk.Up;

namespace Juke.Desk.Ledger;

/// <summary>The verb <c>contract</c>: writes down what the server serves, closes a version, opens one.</summary>
internal static class ContractVerb
{
    public static async Task WriteAsync(string serverDll, string folder, CancellationToken cancel)
    {
        var changes = new ContractFolder(folder).Write(await ServedAsync(serverDll, cancel));
        foreach (var change in changes) Console.WriteLine(change);
        Console.WriteLine($"wrote {folder}: {changes.Count} lines of the ledger changed");
    }

    public static async Task FreezeAsync(string serverDll, string folder, CancellationToken cancel) =>
        Console.WriteLine($"{new ContractFolder(folder).Freeze(await ServedAsync(serverDll, cancel))} is frozen: from here on a change of the wire needs a new version (./dev contract open). The server holds the list, so build again; commit the whole of {folder}.");

    public static void Open(string? version, string folder) =>
        Console.WriteLine($"{new ContractFolder(folder).Open(version, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().Date))} is open.");

    /// <summary>The document of a real server on a database that is thrown away: what clients would read.</summary>
    private static async Task<JsonNode> ServedAsync(string serverDll, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("juke-contract-").FullName;
        try
        {
            await using var cluster = await PostgresCluster.StartAsync(Path.Combine(folder, "pg"), durable: false, cancel);
            await cluster.CreateDatabaseAsync("juke", cancel: cancel);
            var url = FreeUrl();
            await using var serving = new Server(serverDll, new Dictionary<string, string>
            {
                ["JUKE_DATABASE"] = cluster.ConnectionString("juke"),
                ["JUKE_SECRETS"] = Convert.ToBase64String(new byte[32]),
                ["JUKE_ENVIRONMENT"] = "development",
                ["JUKE_URL"] = url.GetLeftPart(UriPartial.Authority),
            }).Serve(Path.Combine(folder, "server.log"));
            await Server.UntilReadyAsync(url, serving, cancel);
            if (serving.Ended.IsCompleted) throw new DeskException($"The server ended: {(await File.ReadAllLinesAsync(Path.Combine(folder, "server.log"), cancel)).LastOrDefault()}");
            using var http = new HttpClient();
            return JsonNode.Parse(await http.GetStringAsync(new Uri(url, "/openapi/v1.json"), cancel))!;
        }
        catch (HttpRequestException e)
        {
            throw new DeskException("The server does not serve its document: " + e.Message, e);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Uri FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
