using System.CommandLine;
using Juke.Cli.Verbs;

namespace Juke.Cli;

/// <summary>All that can be said to <c>juke</c>.</summary>
internal static class Commands
{
    private const string About = """
        Juke in a terminal.

        Exit codes: 0 done, 1 refused or failed, 2 wrong words, 3 not signed in, 4 onboarding comes first,
        5 the server cannot be reached, 130 Ctrl-C.
        """;

    /// <summary>Runs one line of words.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation = default)
    {
        var shell = new Shell(terminal);
        var words = Build(shell).Parse(args);
        if (words.Errors.Count > 0) return shell.RefuseWords(words);
        return await words.InvokeAsync(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error }, cancellation);
    }

    private static RootCommand Build(Shell shell) => new(About)
    {
        shell.Server, shell.Json,
        Login.Build(shell), Register.Build(shell), Logout.Build(shell), Whoami.Build(shell),
        OnboardingVerb.Build(shell), ProfileVerb.Build(shell), FixturesVerb.Build(shell), SessionsVerb.Build(shell), ConformanceVerb.Build(shell),
    };
}
