using System.Diagnostics;
using Juke.Bench;
using Juke.Testing;

// `./dev bench [SECONDS]`: our server and a bare peer, in turns, on one database. `peer …` is the peer's own process.
// `./dev bench cities`: the search of cities alone. `./dev bench import [USERS]`: the import of an old Juke.
if (args is ["cities"])
{
    CityBench.Run();
    return 0;
}
if (args is ["import", ..])
{
    await ImportBench.RunAsync(args.Length > 1 && int.TryParse(args[1], out var users) ? users : 200_000);
    return 0;
}
if (args is ["peer", var connection, var address])
{
    await Peer.RunAsync(connection, address, Convert.FromBase64String(Environment.GetEnvironmentVariable("JUKE_BENCH_SECRET")!));
    return 0;
}

var duration = TimeSpan.FromSeconds(args.Length > 0 && int.TryParse(args[0], out var seconds) ? seconds : 8);
const int Connections = 32;
const int Rounds = 3;

var database = await TestCluster.NewDatabaseAsync();
Console.WriteLine($"{Environment.ProcessorCount} cores, {Connections} connections, {Rounds} rounds of {duration.TotalSeconds:0} s each, one at a time");

// Cold start: the database is up and migrated, the server is not.
var cold = new List<double>();
for (var i = 0; i < 3; i++)
{
    var started = Stopwatch.GetTimestamp();
    await using var once = await ServerProcess.StartAsync(database);
    cold.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
}
Console.WriteLine($"cold start (process start → first 200 of /health/ready): {cold.Order().ElementAt(1):0} ms (median of 3)");

await using var server = await ServerProcess.StartAsync(database);
var tokens = new List<string>();
for (var i = 0; i < Connections; i++)
{
    using var client = new TestClient(server.Url);
    await client.OnboardedAsync();
    tokens.Add(client.AccessToken!);
}

var peerUrl = ServerProcess.FreeUrl();
var start = new ProcessStartInfo("dotnet", [typeof(LoadTool).Assembly.Location, "peer", database, peerUrl.ToString()]) { UseShellExecute = false };
start.Environment["JUKE_BENCH_SECRET"] = Convert.ToBase64String(JukeServer.Secret);
using var peer = Process.Start(start)!;
try
{
    await WaitAsync(peerUrl);
    foreach (var path in new[] { "/auth/me", "/api/users/profile" })
    {
        await LoadTool.RunAsync(server.Url, server.Id, tokens, path, Connections, TimeSpan.FromSeconds(3));
        await LoadTool.RunAsync(peerUrl, peer.Id, tokens, path, Connections, TimeSpan.FromSeconds(3));
        var ours = new List<Measure>();
        var theirs = new List<Measure>();
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await LoadTool.RunAsync(server.Url, server.Id, tokens, path, Connections, duration));
            theirs.Add(await LoadTool.RunAsync(peerUrl, peer.Id, tokens, path, Connections, duration));
        }
        var us = Median(ours);
        var them = Median(theirs);
        Console.WriteLine($"GET {path}");
        Print("juke", us);
        Print("peer", them);
        Console.WriteLine($"  ratio  {us.PerSecond / them.PerSecond:0.00} of the peer's requests/s");
    }
    using var process = Process.GetProcessById(server.Id);
    Console.WriteLine($"memory of the server after the load: {process.WorkingSet64 / 1024 / 1024} MiB resident");
}
finally
{
    peer.Kill();
}
return 0;

static Measure Median(List<Measure> measures) => measures.OrderBy(m => m.PerSecond).ElementAt(measures.Count / 2);

static void Print(string name, Measure m) =>
    Console.WriteLine($"  {name}  {m.PerSecond,8:0} requests/s   p50 {m.P50:0.00} ms   p99 {m.P99:0.00} ms   {m.CpuMicros:0} µs CPU/request");

static async Task WaitAsync(Uri url)
{
    using var http = new HttpClient();
    for (var i = 0; ; i++)
    {
        try
        {
            using var reply = await http.GetAsync(url);
            return;
        }
        catch (HttpRequestException) when (i < 500)
        {
            await Task.Delay(20);
        }
    }
}
