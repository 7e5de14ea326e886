using System.CommandLine;
using System.CommandLine.Parsing;
using Juke.Client;

namespace Juke.Cli;

/// <summary>What all verbs share: the options that stand anywhere, and how a verb ends.</summary>
internal sealed class Shell(Terminal terminal)
{
    public Option<string?> Server { get; } = new("--server")
    {
        Description = "Address of the server. Default: JUKE_SERVER, else http://127.0.0.1:5080. Each server has its own sign-in.",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "One JSON document on standard output, also for errors. Nothing is asked.", Recursive = true };

    /// <summary>Does the work and finds the exit code. What went wrong is said, never thrown.</summary>
    public async Task<int> RunAsync(ParseResult words, Func<Run, Task<int>> work, CancellationToken cancellation)
    {
        var isJson = words.GetValue(Json);
        try
        {
            await using var run = new Run(terminal, ServerOf(words), isJson, cancellation);
            try
            {
                return await work(run);
            }
            catch (HttpRequestException)
            {
                throw Refusal.Unreachable(run.Server, run.MayBeSignedIn);
            }
        }
        catch (ProblemException e)
        {
            return Say(Refusal.Of(e), isJson);
        }
        catch (Refusal e)
        {
            return Say(e, isJson);
        }
        catch (OperationCanceledException)
        {
            if (terminal.CanAsk) terminal.Console.Cursor.Show(true); // A menu had hidden it.
            return Say(new Refusal(ExitCode.Cancelled, "CANCELLED", "Stopped."), isJson);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Say(Refusal.Store(e), isJson);
        }
    }

    /// <summary>Words that no verb has: which, and where it stands what there is.</summary>
    public int RefuseWords(ParseResult words)
    {
        var said = string.Join(' ', words.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal));
        var verb = string.Join(' ', VerbsOf(words.CommandResult).Reverse().Prepend("juke"));
        // Not its value: that may be what was wrong.
        return Say(Refusal.WrongWords($"{said} See: {verb} --help"), words.GetResult(Json) is { Implicit: false });
    }

    private static IEnumerable<string> VerbsOf(CommandResult? said)
    {
        for (; said is { Command: not RootCommand }; said = said.Parent as CommandResult) yield return said.Command.Name;
    }

    private int Say(Refusal refusal, bool isJson)
    {
        if (isJson) terminal.Out.WriteLine(Output.Text(refusal.ToJson()));
        else foreach (var line in refusal.Lines()) terminal.Error.WriteLine(Output.Plain(line));
        return refusal.ExitCode;
    }

    private Uri ServerOf(ParseResult words)
    {
        var (name, text) = words.GetValue(Server) is { } given ? ("--server", given) : ("JUKE_SERVER", terminal.Variable("JUKE_SERVER") ?? "http://127.0.0.1:5080");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var server) || server.PathAndQuery != "/" || server.Scheme is not ("http" or "https"))
            throw Refusal.WrongWords($"{name} must be an address without a path, for example https://juke.example.");
        // Passwords and tokens do not travel in the clear.
        if (server.Scheme == Uri.UriSchemeHttp && !server.IsLoopback)
            throw Refusal.WrongWords($"{name} must be https, unless it is this machine.");
        return server;
    }
}
