using System.CommandLine;
using Juke.Contract;
using Juke.Contract.Wire;

namespace Juke.Cli.Verbs;

/// <summary><c>juke register</c>: a new account. A verb of its own: a mistyped address at <c>login</c> must not make one.</summary>
internal static class Register
{
    public static Command Build(Shell shell)
    {
        var email = new Option<string?>("--email") { Description = "Address. Asked for otherwise." };
        var password = Credentials.StdinOption();
        var verb = new Command("register", "Make an account with an e-mail address and a password, and sign in.") { email, password };
        verb.SetAction((words, cancellation) => shell.RunAsync(words, async run =>
        {
            await Login.RefuseSecondAsync(run);
            var given = words.GetValue(email) ?? await Credentials.EmailAsync(run, "E-mail:");
            if (EmailAddress.Check(given, out var address) is { } complaint) throw Refusal.WrongWords(complaint);
            var secret = await Credentials.PasswordAsync(run, words.GetValue(password));
            return Login.SignedIn(run, await run.Session.SignInAsync((juke, stop) => juke.RegisterAsync(new RegisterRequest(address, secret), stop), run.Cancellation));
        }, cancellation));
        return verb;
    }
}
