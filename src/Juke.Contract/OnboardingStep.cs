using System.Text.Json.Serialization;

namespace Juke.Contract;

/// <summary>How a question is answered. A client that meets a kind it does not know skips the step.</summary>
public static class StepKind
{
    /// <summary>One line of text.</summary>
    public const string Text = "text";

    /// <summary>One of the options.</summary>
    public const string Choice = "choice";

    /// <summary>Several of the options; their order is the order of choice.</summary>
    public const string Choices = "choices";

    /// <summary>Artists by type-ahead: <c>/api/v1/artists/?external=true&amp;q=</c>.</summary>
    public const string Artist = "artist";

    /// <summary>A city by type-ahead: <c>/api/v1/cities/?q=</c>; answers <c>location</c> and both coordinates.</summary>
    public const string City = "city";

    /// <summary>Connecting Spotify; answers no field.</summary>
    public const string Connect = "connect";
}

/// <summary>One option of a choice.</summary>
/// <param name="Id">What the field holds when it is chosen: stable, never shown to people.</param>
/// <param name="TextKey">Key of its text in the language files: <c>genre.&lt;id&gt;</c>, else <c>onboarding.&lt;step&gt;.&lt;id&gt;</c>. Without a text of your own show the id.</param>
/// <param name="Featured">Whether it comes from the featured list of the server (genres).</param>
/// <param name="BuiltIn">Whether shipped apps show it without asking the server.</param>
public sealed record OnboardingOption(string Id, string TextKey, bool Featured, bool BuiltIn);

/// <summary>How little and how much an answer may be.</summary>
/// <param name="Min">Fewest: characters (code points) of a text or city, entries of a list. An unanswered question is always allowed unless required.</param>
/// <param name="Max">Most, in the same unit.</param>
public sealed record OnboardingLimits(int Min, int Max);

/// <summary>One question of onboarding.</summary>
/// <param name="Step">Its name, as in the page's address: <c>username</c>, <c>genres</c>, <c>artist</c>, <c>hated</c>, <c>rainy</c>, <c>workout</c>, <c>decade</c>, <c>listening</c>, <c>age</c>, <c>city</c> or <c>connect</c>; more may come.</param>
/// <param name="Kind"><c>text</c>, <c>choice</c> (one option), <c>choices</c> (several), <c>artist</c> or <c>city</c> (type-ahead), or <c>connect</c> (Spotify; answers no field). A client skips a step whose kind it does not know.</param>
/// <param name="Fields">
/// JSON names of what it answers, the telling one first; <c>custom_data.x</c> is key <c>x</c> inside <c>custom_data</c>.
/// </param>
/// <param name="Required">Whether onboarding cannot end without it; a step that is not required can be skipped.</param>
/// <param name="TitleKey">Key of the question's text: <c>onboarding.&lt;step&gt;.title</c>.</param>
/// <param name="HintKey">Key of the line below it: <c>onboarding.&lt;step&gt;.hint</c>.</param>
public sealed record OnboardingStep(string Step, string Kind, IReadOnlyList<string> Fields, bool Required, string TitleKey, string HintKey)
{
    /// <summary>The options of a choice, in the order shown; empty for other kinds.</summary>
    public IReadOnlyList<OnboardingOption> Options { get; init; } = [];

    /// <summary>How little and how much; absent where there is nothing to count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OnboardingLimits? Limits { get; init; }

    /// <summary>A field whose chosen values are not offered here (favourites among the hated); absent when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Excludes { get; init; }

    /// <summary>Whether the person may go on without an answer.</summary>
    public bool Skippable => !Required;

    /// <summary>The field that <c>missing</c> and <c>JUKE_ONBOARDING_REQUIRED</c> name; null where a step answers none.</summary>
    [JsonIgnore]
    public string? Field => Fields.Count == 0 ? null : Fields[0];
}
