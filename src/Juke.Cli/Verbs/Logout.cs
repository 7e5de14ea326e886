using System.CommandLine;
using Juke.Contract.Wire;

namespace Juke.Cli.Verbs;

/// <summary><c>juke logout</c>: always works here, again is fine; at the server as soon as it can be reached (contract §10).</summary>
internal static class Logout
{
    public static Command Build(Shell shell)
    {
        var verb = new Command("logout", "Sign out on this machine.");
        verb.SetAction((words, cancellation) => shell.RunAsync(words, async run =>
        {
            await run.Session.SignOutAsync(run.Cancellation);
            run.RefuseBrokenStore(); // Signed out at the server, and the file is still there: not what was asked.
            return run.Answer(Output.ToNode(LogoutResult.Success), "Signed out.");
        }, cancellation));
        return verb;
    }
}
