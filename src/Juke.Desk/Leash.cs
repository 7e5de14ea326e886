using System.Diagnostics;

namespace Juke.Desk;

/// <summary>
/// A child process that ends when we end. It runs under a small shell that waits on our end of a pipe: when we close the pipe,
/// or die by any means (SIGKILL too), the shell sends the child its stop signal. It has its own session where the machine has
/// setsid, so that Ctrl-C in the terminal reaches only us and we decide the order in which things stop.
/// </summary>
internal sealed class Leash : IAsyncDisposable
{
    private const string Script = """
    trap '' INT
    signal=$1 log=$2
    shift 2
    exec 3<&0
    if [ -n "$log" ]; then exec >>"$log" 2>&1; fi
    "$@" 3<&- </dev/null &
    child=$!
    { read -r line <&3; kill -s "$signal" "$child"; } 2>/dev/null &
    reader=$!
    wait "$child"
    code=$?
    { kill "$reader"; wait "$reader"; } 2>/dev/null
    exit "$code"
    """;

    private readonly Process shell;
    private readonly TimeSpan patience;

    private Leash(Process shell, TimeSpan patience)
    {
        (this.shell, this.patience) = (shell, patience);
        Ended = EndedAsync();
    }

    /// <summary>Ends when the child has ended; the result is its exit code (128 + n when signal n killed it).</summary>
    public Task<int> Ended { get; }

    /// <summary>Starts a child.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="signal">What asks it to stop, such as TERM.</param>
    /// <param name="patience">How long it may take to stop before it is killed.</param>
    /// <param name="log">File that takes its output; null = our own output.</param>
    /// <param name="environment">Variables set on top of ours.</param>
    /// <param name="folder">Its working directory.</param>
    public static Leash Start(IEnumerable<string> command, string signal, TimeSpan patience, string? log = null, IReadOnlyDictionary<string, string>? environment = null, string folder = "/")
    {
        string[] session = File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid"] : [];
        var start = Tool.Start([.. session, "/bin/sh", "-c", Script, "leash", signal, log ?? "", .. command], folder);
        start.RedirectStandardInput = true;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new(Process.Start(start)!, patience);
    }

    /// <summary>Asks the child to stop and waits; kills it when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // The shell is gone already: nothing to ask.
        }

        if (await Task.WhenAny(Ended, Task.Delay(patience)) != Ended) shell.Kill(entireProcessTree: true);
        await Ended;
        shell.Dispose();
    }

    private async Task<int> EndedAsync()
    {
        await shell.WaitForExitAsync();
        return shell.ExitCode;
    }
}
