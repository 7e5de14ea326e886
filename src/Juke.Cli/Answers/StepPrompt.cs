using System.Text.Json.Nodes;
using Juke.Contract;
using Juke.Contract.Wire;
using Spectre.Console;

namespace Juke.Cli.Answers;

/// <summary>Asks one step by its kind, with the ways round it: skip, back, later.</summary>
internal sealed class StepPrompt(Run run)
{
    private const int PageSize = 14;

    private readonly FoundEntries found = new(run);

    /// <summary>A line of a menu.</summary>
    private sealed record Line(string Text, Func<StepReply?> Choose);

    /// <param name="step">What is asked. A kind that this build does not know is passed over.</param>
    /// <param name="state">What is answered so far.</param>
    /// <param name="proposal">The name to begin with, at a text.</param>
    /// <param name="isFirst">Whether there is no step before.</param>
    public async Task<StepReply> AskAsync(OnboardingStep step, OnboardingState state, string? proposal, bool isFirst) => step.Kind switch
    {
        StepKind.Text => await TextAsync(proposal),
        StepKind.Choice => await ChoiceAsync(step, isFirst),
        StepKind.Choices => await ChoicesAsync(step, state, isFirst),
        StepKind.Artist or StepKind.City => await SearchAsync(step, isFirst),
        StepKind.Connect => await ConnectAsync(isFirst),
        _ => new StepReply.Kept(),
    };

    private async Task<StepReply> TextAsync(string? proposal)
    {
        while (true)
        {
            var question = new TextPrompt<string>("Name:").Validate(text => Username.Check(text, out _) is { } complaint ? ValidationResult.Error(complaint) : ValidationResult.Success());
            if (proposal is not null) question.DefaultValue(proposal);
            Username.Check(await question.ShowAsync(run.Terminal.Console, run.Cancellation), out var name);
            if ((await run.Session.Juke.CheckUsernameAsync(name, run.Cancellation)).Available) return new StepReply.Named(name);
            run.Terminal.Console.WriteLine("This name is taken.");
        }
    }

    private Task<StepReply> ChoiceAsync(OnboardingStep step, bool isFirst) =>
        MenuAsync([.. step.Options.Select(o => new Line(Words.Of(o.TextKey), () => Answer(step, JsonValue.Create(o.Id)))), .. WaysRound(step, isFirst)]);

    /// <summary>One at a time, because their order is the order of choice.</summary>
    private async Task<StepReply> ChoicesAsync(OnboardingStep step, OnboardingState state, bool isFirst)
    {
        var excluded = step.Excludes == "favorite_genres" ? state.Values.FavoriteGenres ?? [] : [];
        var chosen = new List<OnboardingOption>();
        var most = step.Limits?.Max ?? step.Options.Count;
        while (chosen.Count < most)
        {
            var lines = new List<Line>();
            if (chosen.Count > 0) lines.Add(new($"Done ({string.Join(", ", chosen.Select(o => Words.Of(o.TextKey)))})", () => Chosen(step, chosen)));
            lines.AddRange(step.Options.Where(o => !chosen.Contains(o) && !excluded.Contains(o.Id, StringComparer.Ordinal)).Select(o => new Line(Words.Of(o.TextKey), () =>
            {
                chosen.Add(o);
                return null;
            })));
            if (chosen.Count == 0) lines.AddRange(WaysRound(step, isFirst));
            if (await PickAsync(lines) is { } reply) return reply;
        }
        return Chosen(step, chosen);
    }

    private async Task<StepReply> SearchAsync(OnboardingStep step, bool isFirst)
    {
        while (true)
        {
            var text = (await new TextPrompt<string>("Search (Enter alone to move on):").AllowEmpty().ShowAsync(run.Terminal.Console, run.Cancellation)).Trim();
            var lines = new List<Line>();
            if (text.Length > 0) lines.AddRange((await found.ForAsync(step.Kind, text)).Select(f => new Line(f.Label, () => new StepReply.Answered(f.Payload))));
            lines.Add(new("Search again", () => null));
            lines.AddRange(WaysRound(step, isFirst));
            if (await PickAsync(lines) is { } reply) return reply;
        }
    }

    private Task<StepReply> ConnectAsync(bool isFirst)
    {
        run.Terminal.Console.WriteLine($"Spotify is connected in a browser: {new Uri(run.Server, "/settings")}");
        return MenuAsync([new Line("Finish", () => new StepReply.Kept()), .. Ways(skip: false, isFirst)]);
    }

    private static IEnumerable<Line> WaysRound(OnboardingStep step, bool isFirst) => Ways(step.Skippable, isFirst);

    private static IEnumerable<Line> Ways(bool skip, bool isFirst)
    {
        if (skip) yield return new("— Skip this", () => new StepReply.Skipped());
        if (skip) yield return new("— Skip the rest", () => new StepReply.SkippedRest());
        if (!isFirst) yield return new("— Back", () => new StepReply.Back());
        yield return new("— Go on later", () => new StepReply.Later());
    }

    private async Task<StepReply> MenuAsync(IReadOnlyList<Line> lines)
    {
        while (true)
            if (await PickAsync(lines) is { } reply) return reply;
    }

    private async Task<StepReply?> PickAsync(IReadOnlyList<Line> lines)
    {
        var menu = new SelectionPrompt<Line>().PageSize(PageSize).UseConverter(line => Markup.Escape(Output.Plain(line.Text))).AddChoices(lines);
        menu.WrapAround = true;
        return (await menu.ShowAsync(run.Terminal.Console, run.Cancellation)).Choose();
    }

    private static StepReply.Answered Chosen(OnboardingStep step, IEnumerable<OnboardingOption> chosen) =>
        Answer(step, new JsonArray([.. chosen.Select(o => JsonValue.Create(o.Id))]));

    private static StepReply.Answered Answer(OnboardingStep step, JsonNode value)
    {
        const string custom = "custom_data.";
        var field = step.Field!;
        return new(field.StartsWith(custom, StringComparison.Ordinal)
            ? new JsonObject { ["custom_data"] = new JsonObject { [field[custom.Length..]] = value } }
            : new JsonObject { [field] = value });
    }
}
