using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Onboarding;
using Juke.Server.Plumbing;
using Juke.Server.Web.Parts;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>
/// One question a page, in the order of <see cref="OnboardingDefinition"/>. Nothing is kept between two pages but what the
/// server knows, so that one goes on where one left off, on any device. A step's words are <c>Onboarding_{step}_…</c>, its
/// input is a case in the component.
/// </summary>
public partial class OnboardingPage
{
    /// <summary>The form.</summary>
    [Parameter, EditorRequired]
    public PageForm Form { get; set; } = default!;

    /// <summary>Name of the step.</summary>
    [Parameter, EditorRequired]
    public string Step { get; set; } = "";

    /// <summary>Which step it is, from 1.</summary>
    [Parameter, EditorRequired]
    public int Number { get; set; }

    /// <summary>How many there are.</summary>
    [Parameter, EditorRequired]
    public int Count { get; set; }

    /// <summary>The page before this one.</summary>
    [Parameter, EditorRequired]
    public string Back { get; set; } = "";

    /// <summary>A free username.</summary>
    [Parameter]
    public string? Suggestion { get; set; }

    /// <summary>Where to go on after the last step, or null.</summary>
    [Parameter]
    public string? Next { get; set; }

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/onboarding", (HttpContext http) => new SeeOther(PageRoutes.With("/onboarding/" + StepToAsk(CurrentUser.Of(http).Account), NextPath.Of(http.Request))));

        pages.MapGet("/onboarding/{step}", (string step, HttpContext http, UsernameSuggestion suggestion, CancellationToken cancellation) =>
            ShowAsync(http, step, new PageForm { ["username"] = CurrentUser.Of(http).Account.Username ?? "" }, suggestion, cancellation));

        pages.MapPost("/onboarding/{step}", async (string step, HttpContext http, Complete complete, UsernameSuggestion suggestion, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http);
            if (!form.IsFine) return await ShowAsync(http, step, form, suggestion, cancellation);
            // The username is the last question asked so far: its answer finishes.
            var outcome = await complete.RunAsync(CurrentUser.Of(http).Account, UsernameField.Chosen(form), cancellation);
            if (outcome.Failed) return await ShowAsync(http, step, form.Refuse(outcome.Problem, "username"), suggestion, cancellation);
            return new SeeOther(PageRoutes.AfterSignIn(PageRoutes.VisitorOf(outcome.Value.OnboardingRequired), NextPath.Of(http.Request)));
        });
    }

    /// <summary>The first question without an answer; the last one when only finishing is left.</summary>
    private static string StepToAsk(Account account)
    {
        var missing = OnboardingDefinition.Missing(account.UsernameMissing);
        var steps = OnboardingDefinition.Steps;
        return (steps.FirstOrDefault(s => missing.Contains(s.Field, StringComparer.Ordinal)) ?? steps[^1]).Step;
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string step, PageForm form, UsernameSuggestion suggestion, CancellationToken cancellation)
    {
        var names = OnboardingDefinition.Steps.Select(s => s.Step).ToList();
        var at = names.IndexOf(step);
        if (at < 0) return new SeeOther(PageRoutes.Onboarding);
        return Page.Show<OnboardingPage>(
            new
            {
                Form = form,
                Step = step,
                Number = at + 1,
                names.Count,
                Back = at == 0 ? "/" : "/onboarding/" + names[at - 1],
                Suggestion = form.Suggestion ?? await suggestion.ForAsync(CurrentUser.Of(http).Account.Name, cancellation),
                Next = NextPath.Of(http.Request),
            },
            form.Status);
    }

    private string Words(string part) => Texts.ResourceManager.GetString($"Onboarding_{Step}_{part}", Texts.Culture)!;
}
