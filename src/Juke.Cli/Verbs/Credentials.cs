using System.CommandLine;
using Spectre.Console;

namespace Juke.Cli.Verbs;

/// <summary>Asking for an address and a password. A password is never a word of the command: those stand in histories and process lists.</summary>
internal static class Credentials
{
    public static Option<bool> StdinOption() => new("--password-stdin") { Description = "Read the password from standard input (first line). Asked for otherwise." };

    public static async Task<string> EmailAsync(Run run, string question) =>
        run.CanAsk ? await new TextPrompt<string>(question).ShowAsync(run.Terminal.Console, run.Cancellation) : throw Refusal.WrongWords("There is nobody to ask: give --email.");

    public static async Task<string> PasswordAsync(Run run, bool fromStdin)
    {
        if (fromStdin) return await run.Terminal.In.ReadLineAsync(run.Cancellation) ?? throw Refusal.WrongWords("--password-stdin: standard input is empty.");
        return run.CanAsk
            ? await new TextPrompt<string>("Password:").Secret(null).ShowAsync(run.Terminal.Console, run.Cancellation)
            : throw Refusal.WrongWords("There is nobody to ask: give --password-stdin.");
    }
}
