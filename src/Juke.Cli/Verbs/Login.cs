using System.CommandLine;
using Juke.Cli.Doors;
using Juke.Client;
using Juke.Contract.Wire;

namespace Juke.Cli.Verbs;

/// <summary><c>juke login</c>: e-mail and password, Google or Spotify.</summary>
internal static class Login
{
    public static Command Build(Shell shell)
    {
        var email = new Option<string?>("--email") { Description = "Address or username. Asked for otherwise." };
        var password = Credentials.StdinOption();
        var google = new Option<bool>("--google") { Description = "With Google, in the browser. Needs JUKE_CLI_GOOGLE_CLIENT_ID (and JUKE_CLI_GOOGLE_CLIENT_SECRET)." };
        var spotify = new Option<bool>("--spotify") { Description = "With Spotify, in the browser. Needs JUKE_CLI_SPOTIFY_CLIENT_ID." };
        var noBrowser = new Option<bool>("--no-browser") { Description = "Open no browser; only say the address to open." };
        var wait = new Option<int>("--wait") { Description = "Seconds to wait for the browser.", DefaultValueFactory = _ => 300 };
        var verb = new Command("login", "Sign in. The sign-in is kept on this machine until `juke logout`.") { email, password, google, spotify, noBrowser, wait };
        verb.SetAction((words, cancellation) => shell.RunAsync(words, async run =>
        {
            var (byGoogle, bySpotify, who) = (words.GetValue(google), words.GetValue(spotify), words.GetValue(email));
            if ((byGoogle ? 1 : 0) + (bySpotify ? 1 : 0) + (who is null ? 0 : 1) > 1) throw Refusal.WrongWords("Give one of --email, --google and --spotify.");
            await RefuseSecondAsync(run);
            var trip = new BrowserTrip(!words.GetValue(noBrowser), TimeSpan.FromSeconds(Math.Clamp(words.GetValue(wait), 1, 3600)));
            var door = byGoogle ? await GoogleDoor.PassAsync(run, trip)
                : bySpotify ? await SpotifyDoor.PassAsync(run, trip)
                : await PasswordDoorAsync(run, who, words.GetValue(password));
            return SignedIn(run, await run.Session.SignInAsync(door, run.Cancellation));
        }, cancellation));
        return verb;
    }

    /// <summary>Whoever is signed in signs out first: two sign-ins of one machine would leave one open at the server that nobody holds.</summary>
    public static async Task RefuseSecondAsync(Run run)
    {
        var state = await run.StartAsync();
        if (RouteDecision.Decide(state, RouteKind.Auth) == RouteAction.Show) return;
        throw new Refusal(ExitCode.Failed, Contract.ProblemCode.AlreadySignedIn, $"{Names.Of(state.User!)} is signed in here. Sign out first with: juke logout");
    }

    public static int SignedIn(Run run, User user)
    {
        var code = run.Answer(Output.ToNode(user), $"Signed in as {Names.Of(user)}.");
        if (user.OnboardingRequired) run.Note("Onboarding comes first. Answer it with: juke onboarding");
        return code;
    }

    private static async Task<Func<JukeClient, CancellationToken, Task<AuthResult>>> PasswordDoorAsync(Run run, string? who, bool fromStdin)
    {
        who ??= await Credentials.EmailAsync(run, "E-mail or username:");
        var password = await Credentials.PasswordAsync(run, fromStdin);
        return (juke, stop) => juke.LoginAsync(new LoginRequest(who, password), stop);
    }
}
