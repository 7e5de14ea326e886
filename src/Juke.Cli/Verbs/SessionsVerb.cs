using System.CommandLine;
using System.Globalization;
using Juke.Client;
using Juke.Contract.Wire;
using Spectre.Console;

namespace Juke.Cli.Verbs;

/// <summary><c>juke sessions</c>: where one is signed in, and signing out there.</summary>
internal static class SessionsVerb
{
    public static Command Build(Shell shell)
    {
        var verb = new Command("sessions", "List where you are signed in; `juke sessions end` signs out there.") { End(shell) };
        verb.SetAction((words, cancellation) => shell.RunAsync(words, async run =>
        {
            await run.EnterAsync(RouteKind.SignedIn);
            var list = await run.Session.Juke.ListSessionsAsync(run.Cancellation);
            return run.Answer(Output.ToNode(list), console => console.Write(Facts.Of(
                ["ID", "KIND", "DEVICE", "ADDRESS", "LAST SEEN"],
                list.Sessions.Select(s => new[] { s.Id, s.Kind, s.Device, s.Address, s.Current ? "this one" : Day(s.LastSeenAt) }))));
        }, cancellation));
        return verb;
    }

    private static Command End(Shell shell)
    {
        var id = new Argument<string?>("ID") { Description = "Of `juke sessions`.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Everywhere, here too." };
        var verb = new Command("end", "Sign out there. It acts on that device's very next request.") { id, all };
        verb.SetAction((words, cancellation) => shell.RunAsync(words, async run =>
        {
            if (words.GetValue(id) is null != words.GetValue(all)) throw Refusal.WrongWords("Give the ID of a session, or --all.");
            await run.EnterAsync(RouteKind.SignedIn);
            var juke = run.Session.Juke;
            var isHere = words.GetValue(all);
            if (words.GetValue(id) is { } one)
            {
                isHere = (await juke.ListSessionsAsync(run.Cancellation)).Sessions.Any(s => s.Current && s.Id == one);
                await juke.RevokeSessionAsync(one, run.Cancellation);
            }
            else await juke.RevokeAllSessionsAsync(run.Cancellation);
            if (isHere) await run.Session.SignOutAsync(run.Cancellation);
            return run.Answer(Output.ToNode(Revoked.Yes), isHere ? "Signed out there, and here." : "Signed out there.");
        }, cancellation));
        return verb;
    }

    private static string Day(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
