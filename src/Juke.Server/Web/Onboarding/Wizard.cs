using Juke.Contract;
using Juke.Server.Connections;
using Juke.Server.Data;
using Juke.Server.Onboarding;
using Juke.Server.Plumbing;
using Juke.Server.Profiles;
using Juke.Server.SignUp;
using Juke.Server.Web.Pages;
using Juke.Server.Web.Parts;

namespace Juke.Server.Web.Onboarding;

/// <summary>The routes of the wizard: show a step, save its answer, pass it over, finish. The use cases are the API's.</summary>
internal sealed class Wizard(Settings settings, Progress progress, ReadMusicProfile profiles, SaveAnswers save, ChooseUsername choose, Complete complete, UsernameSuggestion suggestion, StepSearch search, ListConnections connections, ReturnTargets targets)
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/onboarding", async (HttpContext http, Wizard wizard, CancellationToken cancellation) =>
            new SeeOther(PageRoutes.With("/onboarding/" + await wizard.StepToAskAsync(CurrentUser.Of(http).Account, cancellation), wizard.Next(http))));

        pages.MapGet("/onboarding/{step}", (string step, HttpContext http, Wizard wizard, CancellationToken cancellation) =>
            wizard.ShowAsync(http, step, new PageForm(), cancellation, isTyped: false));

        pages.MapPost("/onboarding/{step}", async (string step, HttpContext http, Wizard wizard, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http);
            return form.IsFine ? await wizard.TakeAsync(http, step, form, cancellation) : await wizard.ShowAsync(http, step, form, cancellation);
        });
    }

    private IReadOnlyList<OnboardingStep> Steps => settings.Onboarding.Steps;

    /// <summary>The first question neither answered nor passed over; the last page when only finishing is left.</summary>
    private async Task<string> StepToAskAsync(Account account, CancellationToken cancellation)
    {
        var next = progress.Of(account, await profiles.OwnAsync(account.Id, cancellation)).NextStep;
        return next == OnboardingProgress.Finish ? Steps[^1].Step : next;
    }

    private async Task<IResult> TakeAsync(HttpContext http, string name, PageForm form, CancellationToken cancellation)
    {
        if (Steps.FirstOrDefault(s => s.Step == name) is not { } step) return new SeeOther(PageRoutes.Onboarding);
        var account = CurrentUser.Of(http).Account;
        if (form["skip"] == "rest" || step == Steps[^1]) return await FinishAsync(http, step, form, cancellation);
        if (form["skip"].Length > 0)
        {
            var skipped = await progress.SkipAsync(account, step.Step, cancellation);
            return skipped.Failed ? await ShowAsync(http, name, form.Refuse(skipped.Problem), cancellation) : GoOn(http, step);
        }
        var problem = step.Kind == StepKind.Text
            ? await choose.RunAsync(account, UsernameField.Chosen(form), cancellation)
            : await AnswerAsync(account, step, form, cancellation);
        return problem is null ? GoOn(http, step) : await ShowAsync(http, name, form.Refuse(problem, step.Field), cancellation);
    }

    private async Task<Problem?> AnswerAsync(Account account, OnboardingStep step, PageForm form, CancellationToken cancellation)
    {
        var stored = (await profiles.OwnAsync(account.Id, cancellation)).Profile;
        if (StepAnswer.Refusal(step, form, stored) is { } refusal) return refusal;
        if (await save.RunAsync(account, latest => StepAnswer.Payload(step, form, latest), cancellation) is { } problem) return problem;
        return StepAnswer.After(step, form, stored).Count > 0 ? null : (await progress.SkipAsync(account, step.Step, cancellation)).Problem;
    }

    private async Task<IResult> FinishAsync(HttpContext http, OnboardingStep step, PageForm form, CancellationToken cancellation)
    {
        var account = CurrentUser.Of(http).Account;
        var outcome = await complete.RunAsync(account, account.UsernameMissing ? null : account.Username, profile: null, cancellation);
        if (!outcome.Failed)
        {
            return !outcome.Value.OnboardingRequired && NextPath.Of(http.Request) is null && Next(http) is { } app
                ? Page.Leave(http, app)
                : new SeeOther(PageRoutes.AfterSignIn(PageRoutes.VisitorOf(outcome.Value.OnboardingRequired), Next(http)));
        }
        // Something required is open: its page asks for it.
        var missing = progress.Of(account, await profiles.OwnAsync(account.Id, cancellation)).Missing;
        var open = Steps.FirstOrDefault(s => s.Required && s.Field is { } field && missing.Contains(field, StringComparer.Ordinal));
        if (open is not null && open != step) return new SeeOther(PageRoutes.With("/onboarding/" + open.Step, Next(http)));
        var problem = open is { Kind: not StepKind.Text } ? StepAnswer.Nothing(open.Field!) : outcome.Problem;
        return await ShowAsync(http, step.Step, form.Refuse(problem, step.Field), cancellation);
    }

    private SeeOther GoOn(HttpContext http, OnboardingStep step)
    {
        var at = IndexOf(step.Step);
        return new SeeOther(PageRoutes.With("/onboarding/" + Steps[Math.Min(at + 1, Steps.Count - 1)].Step, Next(http)));
    }

    private async Task<IResult> ShowAsync(HttpContext http, string name, PageForm form, CancellationToken cancellation, bool isTyped = true)
    {
        var at = IndexOf(name);
        if (at < 0) return new SeeOther(PageRoutes.Onboarding);
        var account = CurrentUser.Of(http).Account;
        var step = Steps[at];
        var stored = await profiles.OwnAsync(account.Id, cancellation);
        var query = form["q"].Length > 0 ? form["q"] : http.Request.Query["q"].ToString();
        var suggested = step.Kind == StepKind.Text ? form.Suggestion ?? await suggestion.ForAsync(account, cancellation) : null;
        var comesFromProvider = !account.HasPassword;
        if (!isTyped && step.Kind == StepKind.Text) form["username"] = account.UsernameMissing ? comesFromProvider ? suggested! : "" : account.Username!;
        IReadOnlyList<Connection> accounts = comesFromProvider || step.Kind == StepKind.Connect ? await connections.RunAsync(account.Id, cancellation) : [];
        return Page.Show<OnboardingPage>(
            new
            {
                Form = form,
                Step = step,
                Number = at + 1,
                Steps.Count,
                Back = at == 0 ? "/" : "/onboarding/" + Steps[at - 1].Step,
                Suggestion = suggested == form["username"] ? null : suggested,
                Connections = accounts,
                MayConnect = settings.Spotify is not null,
                MayHaveAnotherAccount = comesFromProvider && account.OnboardingRequired && accounts.Count > 0,
                Before = StepAnswer.Shown(step, stored.Profile),
                Chosen = form.IsFine ? StepAnswer.Shown(step, stored.Profile) : StepAnswer.Chosen(form),
                Hidden = step.Excludes == "favorite_genres" ? stored.Profile.FavoriteGenres : [],
                Query = query,
                Found = await search.FindAsync(step.Kind, query, stored.Profile, cancellation),
                MayFinish = progress.Of(account, stored).Missing.Count == 0,
                Next = Next(http),
            },
            form.Status);
    }

    /// <summary>
    /// Where to go on afterwards: a page of ours, or that of an old app which sent somebody here to sign in (contract B2). The
    /// address is anybody's to write, so it is checked each time.
    /// </summary>
    private string? Next(HttpContext http) => NextPath.Of(http.Request) ?? (http.Request.Query["next"] is { Count: 1 } next ? targets.Check(next[0]) : null);

    private int IndexOf(string step)
    {
        for (var i = 0; i < Steps.Count; i++)
            if (Steps[i].Step == step) return i;
        return -1;
    }
}
