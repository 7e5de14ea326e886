using Juke.Contract;
using Juke.Server.Connections;
using Juke.Server.Plumbing;
using Juke.Server.Web.Onboarding;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>
/// One question a page, rendered from the onboarding definition: its kind decides the input, its keys the words. Nothing is
/// kept between two pages but what the server knows, so that one goes on where one left off, on any device.
/// </summary>
public partial class OnboardingPage
{
    /// <summary>The form.</summary>
    [Parameter, EditorRequired]
    public PageForm Form { get; set; } = default!;

    /// <summary>The question.</summary>
    [Parameter, EditorRequired]
    public OnboardingStep Step { get; set; } = default!;

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

    /// <summary>The accounts at providers; empty where the step does not speak of them.</summary>
    [Parameter]
    public IReadOnlyList<Connection> Connections { get; set; } = [];

    /// <summary>Whether Spotify can be connected here.</summary>
    [Parameter]
    public bool MayConnect { get; set; }

    /// <summary>Whether the person came through a provider and may have an account already, which nothing but the person can tell.</summary>
    [Parameter]
    public bool MayHaveAnotherAccount { get; set; }

    /// <summary>What stands in the profile, as far as the page shows it.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Before { get; set; } = [];

    /// <summary>What is chosen: ids of options, or the value of a found entry.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Chosen { get; set; } = [];

    /// <summary>Options that are not offered (favourites among the hated).</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Hidden { get; set; } = [];

    /// <summary>What was searched for, or null.</summary>
    [Parameter]
    public string? Query { get; set; }

    /// <summary>What the search found.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<Found> Found { get; set; } = [];

    /// <summary>Whether nothing required is missing, so that the rest may be passed over.</summary>
    [Parameter]
    public bool MayFinish { get; set; }

    /// <summary>Where to go on after the last step, or null.</summary>
    [Parameter]
    public string? Next { get; set; }

    private Connection? Spotify => Connections.FirstOrDefault(c => c.Provider == ProviderPerson.Spotify);

    private string HintKey => Step.Kind != StepKind.Connect ? Step.HintKey
        : Spotify?.Playing == Playing.Allowed ? "onboarding.connect.hint_done"
        : MayConnect ? Step.HintKey : "onboarding.connect.hint_without";

    /// <summary>Signs out, asks for the other account, and leads to where it is connected.</summary>
    private static string OtherAccount => PageRoutes.With("/logout", PageRoutes.With(PageRoutes.Login, "/settings"));

    private string Here => "/onboarding/" + Step.Step;

    /// <summary>The words behind a text key of the definition.</summary>
    internal static string Words(string textKey) => Texts.ResourceManager.GetString(NameOf(textKey), Texts.Culture) ?? textKey;

    /// <summary>A text key as the language files name it: letters, digits and underscores only.</summary>
    internal static string NameOf(string textKey) => string.Concat(textKey.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
