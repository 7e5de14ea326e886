using System.Net;
using System.Net.Sockets;

namespace Juke.Desk.Up;

/// <summary>Juke.Server, seen from outside: a program with verbs, settings in its environment and a health page.</summary>
internal sealed class Server(string dll, IReadOnlyDictionary<string, string> environment)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs a verb to its end.</summary>
    /// <exception cref="DeskException">It failed; the message is its last line. 2 is its word for a wrong setting, and passes through.</exception>
    public async Task RunAsync(string[] verb, CancellationToken cancel)
    {
        var answer = await Tool.RunAsync([.. Program, .. verb], cancel, environment, Folder);
        if (answer.ExitCode == 2) throw new DeskException(answer.LastLine) { ExitCode = 2 };
        if (!answer.Worked) throw new DeskException($"Juke.Server {verb[0]} ended with exit code {answer.ExitCode}: {answer.LastLine}");
    }

    /// <summary>Starts serving; its output goes to ours, or into a file.</summary>
    public Leash Serve(string? log = null) => Leash.Start([.. Program, "serve"], "TERM", Patience, log, environment, Folder);

    /// <summary>Returns when /health/ready answers 200, or earlier when the server has ended.</summary>
    public static async Task UntilReadyAsync(Uri url, Leash serving, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var ready = new UriBuilder(url) { Host = Reachable(url.Host), Path = "/health/ready" }.Uri;
        while (!serving.Ended.IsCompleted)
        {
            try
            {
                using var answer = await http.GetAsync(ready, cancel);
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                // Not listening yet.
            }

            await Task.WhenAny(serving.Ended, Task.Delay(25, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Says so before anything starts, when somebody else listens on the server's port.</summary>
    public static async Task CheckPortAsync(Uri url, CancellationToken cancel)
    {
        try
        {
            var address = (await Dns.GetHostAddressesAsync(url.Host, cancel)).First();
            using var listener = new TcpListener(address, url.Port);
            listener.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new DeskException($"Port {url.Port} is taken: stop what listens on {url.GetLeftPart(UriPartial.Authority)}, or set JUKE_URL to another port.", e);
        }
        catch (SocketException e)
        {
            throw new DeskException($"Cannot listen on {url.GetLeftPart(UriPartial.Authority)} (JUKE_URL): {e.Message}.", e);
        }
    }

    // ASP.NET watches its working directory for changed settings: it must be a small one.
    private string Folder => Path.GetDirectoryName(dll)!;

    private string[] Program => ["dotnet", dll];

    private static string Reachable(string host) => host switch
    {
        "0.0.0.0" => "127.0.0.1",
        "[::]" => "[::1]",
        _ => host,
    };
}
