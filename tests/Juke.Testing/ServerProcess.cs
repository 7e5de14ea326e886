using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Juke.Testing;

/// <summary>The server as its own process, for what only a process can show: being killed, starting cold, its memory.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines;

    private ServerProcess(Process process, ConcurrentQueue<string> lines) => (this.process, this.lines) = (process, lines);

    /// <summary>What it wrote so far, both streams.</summary>
    public IReadOnlyList<string> Lines => [.. lines];

    public Uri Url { get; private set; } = Anywhere;

    public int Id => process.Id;

    /// <summary>The server's assembly, built beside this one.</summary>
    public static string Assembly => typeof(Program).Assembly.Location;

    /// <summary>The server listens at a port that is free then: one that is looked for beforehand may be somebody else's by the time it does.</summary>
    private static Uri Anywhere { get; } = new("http://127.0.0.1:0");

    /// <summary>The environment of a server on this database, cheap to sign in to and free of limits; at any port unless told.</summary>
    public static Dictionary<string, string> Environment(string connectionString, Uri? url = null) => new(StringComparer.Ordinal)
    {
        ["JUKE_ENVIRONMENT"] = "development",
        ["JUKE_DATABASE"] = connectionString,
        ["JUKE_URL"] = (url ?? Anywhere).ToString(),
        ["JUKE_SECRETS"] = Convert.ToBase64String(JukeServer.Secret),
        ["JUKE_HASH_ITERATIONS"] = "1000",
        ["JUKE_LIMIT_IDENTIFIER"] = "1000000/60",
        ["JUKE_LIMIT_ADDRESS"] = "1000000/60",
        ["DOTNET_EnableDiagnostics"] = "0", // Whoever is killed would leave its sockets in /tmp.
    };

    /// <summary>For those who must know their address before they listen there: they try another when somebody else was faster.</summary>
    public static Uri FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    /// <summary>Starts it and waits for the first 200 of <c>/health/ready</c>.</summary>
    public static async Task<ServerProcess> StartAsync(string connectionString, Action<Dictionary<string, string>>? change = null)
    {
        var environment = Environment(connectionString);
        change?.Invoke(environment);
        var lines = new ConcurrentQueue<string>();
        var server = new ServerProcess(Start(environment, lines), lines);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(Dictionary<string, string> environment, string? input, params string[] words)
    {
        using var process = Start(environment, lines: null, input is not null, words);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>SIGKILL: no goodbye, no flush.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }

    private static Process Start(Dictionary<string, string> environment, ConcurrentQueue<string>? lines, bool withInput = false, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. words])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = withInput,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("JUKE_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        if (lines is not null)
        {
            // A server that runs on: its lines go to the watch, and its pipes never fill.
            process.OutputDataReceived += (_, e) => Keep(e.Data);
            process.ErrorDataReceived += (_, e) => Keep(e.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }
        return process;

        void Keep(string? line)
        {
            if (line is null) return;
            lines.Enqueue(line);
            SecretWatch.Log(line);
        }
    }

    private async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient();
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60))
        {
            if (process.HasExited) throw new InvalidOperationException($"The server ended with {process.ExitCode} before it was ready.");
            if (lines.Select(line => Address().Match(line)).FirstOrDefault(said => said.Success) is { } address)
            {
                Url = new Uri(address.Groups[1].Value);
                try
                {
                    using var reply = await http.GetAsync(new Uri(Url, "/health/ready"));
                    if (reply.IsSuccessStatusCode) return;
                }
                catch (HttpRequestException)
                {
                    // Ended meanwhile: it is said above.
                }
            }
            await Task.Delay(20);
        }
        throw new TimeoutException("The server did not become ready within a minute.");
    }

    [GeneratedRegex("Now listening on: (http://[0-9.:]+)")]
    private static partial Regex Address();
}
