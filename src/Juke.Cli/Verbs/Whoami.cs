using System.CommandLine;
using Juke.Client;
using Spectre.Console;

namespace Juke.Cli.Verbs;

/// <summary><c>juke whoami</c>: what <c>/auth/me</c> said when the session started.</summary>
internal static class Whoami
{
    public static Command Build(Shell shell)
    {
        var verb = new Command("whoami", "Say who is signed in here, and whether onboarding is done.");
        verb.SetAction((words, cancellation) => shell.RunAsync(words, async run =>
        {
            var user = await run.EnterAsync(RouteKind.SignedIn);
            return run.Answer(Output.ToNode(user), console => console.Write(Facts.Of(
                ("id", $"{user.Id}"), ("username", user.Username), ("e-mail", user.Email), ("name", user.Name), ("role", user.Role),
                ("password", user.HasPassword ? "set" : "none"), ("onboarding", user.OnboardingRequired ? "not done: juke onboarding" : "done"))));
        }, cancellation));
        return verb;
    }
}
