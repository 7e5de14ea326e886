using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Cli.Answers;
using Juke.Client;
using Juke.Contract;
using Juke.Contract.Profiles;
using Juke.Contract.Wire;

namespace Juke.Cli.Verbs;

/// <summary><c>juke onboarding</c>: the wizard where somebody sits, options where nobody does. Kept on the server only, so it goes on anywhere.</summary>
internal static class OnboardingVerb
{
    private const string Username = "username=";

    public static Command Build(Shell shell)
    {
        var set = new Option<string[]>("--set")
        {
            Description = $"FIELD=VALUE: an answer, without being asked. A list is separated by commas. username=NAME finishes onboarding. Other fields: {string.Join(", ", AnswerFields.Names)}.",
            DefaultValueFactory = _ => [],
        };
        var skip = new Option<string[]>("--skip") { Description = "A step not to be asked again.", DefaultValueFactory = _ => [] };
        var finish = new Option<bool>("--finish") { Description = "Finish, with the username that is chosen already." };
        var show = new Option<bool>("--show") { Description = "Only say how far it is." };
        var verb = new Command("onboarding", "Answer what Juke asks new people; go on where you left off, here or on the web.") { set, skip, finish, show };
        verb.SetAction((words, cancellation) => shell.RunAsync(words, async run =>
        {
            var answers = words.GetValue(set)!;
            var skipped = words.GetValue(skip)!;
            var user = await run.EnterAsync(RouteKind.SignedIn);
            // The table again: who is done has nothing to do here.
            if (RouteDecision.Decide(run.Session.State, RouteKind.Onboarding) != RouteAction.Show)
            {
                // A script that sets something is not told that it was done; the same name again is the same answer (contract §6).
                if (answers.Any(a => a != Username + user.Username)) throw Refusal.WrongWords("Onboarding is done, and nothing was changed. Change answers with: juke profile set");
                return run.Answer(Completed(user), $"Onboarding is done, {Names.Of(user)}. Change answers with: juke profile set");
            }
            var state = await run.Session.Juke.GetOnboardingAsync(run.Cancellation);
            if (words.GetValue(show)) return Show(run, state);
            if (answers.Length > 0 || skipped.Length > 0 || words.GetValue(finish)) return await TakeAsync(run, state, answers, skipped, words.GetValue(finish));
            if (run.CanAsk) return await new Wizard(run, state).RunAsync();
            throw new Refusal(ExitCode.OnboardingRequired, ProblemCode.OnboardingRequired,
                $"There is nobody to ask: give --set username=NAME{(state.SuggestedUsername is { } free ? $" (free: {free})" : "")}, --skip STEP, or --show.");
        }, cancellation));
        return verb;
    }

    /// <summary>Finished, in the shape of the completion's answer.</summary>
    public static JsonNode Completed(User user) => Output.ToNode(new CompleteResult(true, user));

    private static async Task<int> TakeAsync(Run run, OnboardingState state, string[] set, string[] skip, bool finishes)
    {
        var name = set.LastOrDefault(s => s.StartsWith(Username, StringComparison.Ordinal))?[Username.Length..];
        var answers = AnswerFields.Parse(set.Where(s => !s.StartsWith(Username, StringComparison.Ordinal)));
        RefuseBeyondLimits(state.Definition, answers);
        if (finishes && name is null && (name = state.Values.Username) is null)
            throw Refusal.WrongWords($"Onboarding cannot finish without a name: give --set username=NAME{(state.SuggestedUsername is { } free ? $" (free: {free})" : "")}.");
        var juke = run.Session.Juke;
        foreach (var step in skip) state = await juke.SkipOnboardingStepAsync(new SkipRequest(step), run.Cancellation);
        if (name is not null)
        {
            // One transaction with the answers: a taken name saves none of them.
            var done = await juke.CompleteOnboardingAsync(name, answers.Count > 0 ? answers : null, run.Cancellation);
            return run.Answer(Completed(done.User), $"Welcome, {done.User.Username}. Onboarding is done.");
        }
        if (answers.Count > 0)
        {
            await juke.SaveMyMusicProfileAsync(answers, null, run.Cancellation);
            state = await juke.GetOnboardingAsync(run.Cancellation);
        }
        return Show(run, state);
    }

    /// <summary>The definition's limits bind here as on the pages; a PATCH by itself is held to none (contract §6).</summary>
    private static void RefuseBeyondLimits(OnboardingDefinition definition, JsonObject answers)
    {
        if (ProfileRules.Judge(JsonSerializer.SerializeToUtf8Bytes(answers), CanonicalProfile.Empty, alreadyOnboarded: false).Change is not { } change) return; // The server says why.
        var errors = OnboardingAnswers.Check(definition, change);
        if (errors.Count > 0) throw Refusal.WrongWords(string.Join(' ', errors.Select(e => $"{e.Field}: {e.Message}")));
    }

    private static int Show(Run run, OnboardingState state) => run.Answer(Output.ToNode(state), console => console.Write(Facts.Of(
        ("answered", string.Join(", ", state.Answered)), ("passed over", string.Join(", ", state.Skipped)), ("next", state.NextStep), ("missing", string.Join(", ", state.Missing)), ("free name", state.SuggestedUsername))));
}
