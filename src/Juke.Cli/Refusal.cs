using System.Net;
using System.Text.Json.Nodes;
using Juke.Client;
using Juke.Contract;

namespace Juke.Cli;

/// <summary>Why a verb did not do what was asked: what is said, and with which code the process ends.</summary>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="code">A word for machines: one of <see cref="ProblemCode"/>, or of the terminal's own.</param>
/// <param name="message">A sentence for the person, and what to do.</param>
internal sealed class Refusal(int exitCode, string code, string message) : Exception(message)
{
    public int ExitCode => exitCode;

    public string Code => code;

    /// <summary>What the server said of fields, missing answers and a free name; null when it is not the server's.</summary>
    public ProblemException? Problem { get; private init; }

    public static Refusal WrongWords(string message) => new(Cli.ExitCode.WrongWords, "WRONG_WORDS", message);

    public static Refusal NotSignedIn() => new(Cli.ExitCode.NotSignedIn, ProblemCode.Unauthorized, "Nobody is signed in here. Sign in with: juke login");

    public static Refusal OnboardingFirst() =>
        new(Cli.ExitCode.OnboardingRequired, ProblemCode.OnboardingRequired, "Onboarding comes first. Answer it with: juke onboarding");

    public static Refusal Unreachable(Uri server, bool isSignedIn) => new(
        Cli.ExitCode.Unreachable, "UNREACHABLE",
        $"{server.GetLeftPart(UriPartial.Authority)} cannot be reached right now. {(isSignedIn ? "You are still signed in; try again later." : "Try again later.")}");

    /// <summary>This machine cannot keep, read or delete the sign-in.</summary>
    public static Refusal Store(Exception failure) => new(Cli.ExitCode.Failed, "STORE", $"The sign-in cannot be kept on this machine: {failure.Message}");

    /// <summary>A refusal by the server, in its own words.</summary>
    public static Refusal Of(ProblemException problem)
    {
        var exitCode = problem switch
        {
            { IsTransient: true } => Cli.ExitCode.Unreachable,
            { Code: ProblemCode.OnboardingRequired } => Cli.ExitCode.OnboardingRequired,
            { Status: HttpStatusCode.Unauthorized, Code: ProblemCode.Unauthorized } => Cli.ExitCode.NotSignedIn,
            _ => Cli.ExitCode.Failed,
        };
        if (exitCode == Cli.ExitCode.OnboardingRequired) return OnboardingFirst();
        return new Refusal(exitCode, problem.Code.Length > 0 ? problem.Code : $"HTTP_{(int)problem.Status}", problem.Message) { Problem = problem };
    }

    /// <summary><c>{"error": …}</c>, for <c>--json</c>.</summary>
    public JsonObject ToJson()
    {
        var error = new JsonObject { ["code"] = Code, ["message"] = Message };
        if (Problem?.Problem is not { } body) return new JsonObject { ["error"] = error };
        if (body.Errors is { } errors) error["errors"] = Output.ToNode(errors);
        if (body.Missing is { } missing) error["missing"] = Output.ToNode(missing);
        if (body.Suggestion is { } suggestion) error["suggestion"] = suggestion;
        return new JsonObject { ["error"] = error };
    }

    /// <summary>The message, and a line for each field.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Message;
        foreach (var (field, texts) in Problem?.Problem?.Errors ?? new Dictionary<string, string[]>())
            yield return $"  {field}: {string.Join(' ', texts)}";
        if (Problem?.Problem?.Suggestion is { } suggestion) yield return $"  free: {suggestion}";
    }
}
