using Juke.Cli.Verbs;
using Juke.Client;
using Juke.Contract;
using Juke.Contract.Wire;
using Spectre.Console;

namespace Juke.Cli.Answers;

/// <summary>
/// The questions of the definition, one after the other, back and forth. Every answer goes to the server as it is given; only a chosen
/// name waits here, because the API takes it together with finishing.
/// </summary>
internal sealed class Wizard(Run run, OnboardingState first)
{
    private readonly StepPrompt prompt = new(run);
    private OnboardingState state = first;
    private string? name = first.Values.Username;
    private string? suggestion = first.SuggestedUsername;

    /// <summary>The name was refused at the very end: only that is asked again.</summary>
    private bool isLast;

    private IReadOnlyList<OnboardingStep> Steps => state.Definition.Steps;

    public async Task<int> RunAsync()
    {
        var at = IndexOf(state.NextStep);
        while (true)
        {
            if (at >= Steps.Count)
            {
                if (await FinishAsync() is { } user) return run.Answer(OnboardingVerb.Completed(user), $"Welcome, {user.Username}. Onboarding is done.");
                at = 0;
                continue;
            }
            var step = Steps[at];
            Head(step, at);
            switch (await prompt.AskAsync(step, state, step.Kind == StepKind.Text ? name ?? suggestion : null, isFirst: at == 0))
            {
                case StepReply.Later:
                    return run.Answer(Output.ToNode(state), "Your answers are kept. Go on with `juke onboarding`, or on the web.");
                case StepReply.Back:
                    at--;
                    break;
                case StepReply.SkippedRest:
                    at = FirstRequired() ?? Steps.Count;
                    break;
                case StepReply.Skipped:
                    state = await run.Session.Juke.SkipOnboardingStepAsync(new SkipRequest(step.Step), run.Cancellation);
                    at = After(at);
                    break;
                case StepReply.Named named:
                    name = named.Username;
                    at = isLast ? Steps.Count : After(at);
                    break;
                case StepReply.Answered answer:
                    if (await SaveAsync(answer)) at = After(at);
                    break;
                default:
                    at = After(at);
                    break;
            }
        }
    }

    private async Task<bool> SaveAsync(StepReply.Answered answer)
    {
        try
        {
            await run.Session.Juke.SaveMyMusicProfileAsync(answer.Payload, null, run.Cancellation);
        }
        catch (ProblemException e) when (e.Code == ProblemCode.ValidationFailed)
        {
            run.Terminal.Console.WriteLine(Output.Plain(e.Message));
            return false;
        }
        state = await run.Session.Juke.GetOnboardingAsync(run.Cancellation);
        return true;
    }

    /// <summary>Null when the name has to be chosen again.</summary>
    private async Task<User?> FinishAsync()
    {
        if (name is null) return null;
        try
        {
            return (await run.Session.Juke.CompleteOnboardingAsync(name, null, run.Cancellation)).User;
        }
        catch (ProblemException e) when (e.Code is ProblemCode.UsernameTaken or ProblemCode.ValidationFailed)
        {
            run.Terminal.Console.WriteLine(Output.Plain(e.Message));
            (name, suggestion, isLast) = (null, e.Problem?.Suggestion ?? suggestion, true);
            return null;
        }
    }

    /// <summary>
    /// The next open question. Its <c>nextStep</c> is "username" until the name is stored, so what is answered and passed over is looked at
    /// here; what became required after it was passed over is asked again.
    /// </summary>
    private int After(int at)
    {
        if (at == Steps.Count - 1) return Steps.Count;
        if (state.Values.Username is not null) return Math.Max(at + 1, IndexOf(state.NextStep));
        for (var next = at + 1; next < Steps.Count; next++)
            if (!state.Answered.Contains(Steps[next].Step, StringComparer.Ordinal) && (Steps[next].Required || !state.Skipped.Contains(Steps[next].Step, StringComparer.Ordinal))) return next;
        return Steps.Count;
    }

    private int? FirstRequired()
    {
        for (var at = 0; at < Steps.Count; at++)
            if (Steps[at].Required && !state.Answered.Contains(Steps[at].Step, StringComparer.Ordinal) && !(Steps[at].Kind == StepKind.Text && name is not null)) return at;
        return null;
    }

    /// <summary>Past the last one when nothing is left to ask.</summary>
    private int IndexOf(string step)
    {
        for (var at = 0; at < Steps.Count; at++)
            if (Steps[at].Step == step) return at;
        return Steps.Count;
    }

    private void Head(OnboardingStep step, int at)
    {
        var console = run.Terminal.Console;
        console.WriteLine();
        console.MarkupLineInterpolated($"[grey]{at + 1} of {Steps.Count}[/]  [bold]{Words.Of(step.TitleKey)}[/]");
        if (step.Kind != StepKind.Connect) console.MarkupLineInterpolated($"[grey]{Words.Of(step.HintKey)}[/]");
    }
}
