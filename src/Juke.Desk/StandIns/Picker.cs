using System.Text;

namespace Juke.Desk.StandIns;

/// <summary>A choice on the page where somebody says who they are.</summary>
/// <param name="Key">What the form sends.</param>
/// <param name="Label">The button.</param>
/// <param name="Shows">What choosing it demonstrates, in one line.</param>
internal sealed record Choice(string Key, string Label, string Shows);

/// <summary>The account picker: each choice is a form with one button, so that people, screen readers and tests find it by its name.</summary>
internal static class Picker
{
    /// <summary>The member of the form that carries <see cref="Choice.Key"/>.</summary>
    public const string Person = "person";

    /// <summary>The member that carries the free name of somebody new.</summary>
    public const string Name = "name";

    /// <summary>The key of somebody new.</summary>
    public const string New = "new";

    /// <summary>The key of refusing.</summary>
    public const string Deny = "deny";

    /// <summary>The choice that every picker has.</summary>
    public static Choice SaysNo { get; } = new(Deny, "Says no", "Presses cancel: the app gets access_denied.");

    /// <summary>The HTML of the list and of the form for somebody new.</summary>
    /// <param name="action">Where the forms post to: the same request again.</param>
    /// <param name="choices">The people.</param>
    public static string Html(string action, IEnumerable<Choice> choices)
    {
        var html = new StringBuilder("<ul class=\"people\">\n");
        foreach (var (choice, index) in choices.Select((choice, index) => (choice, index)))
        {
            html.Append($"""
                <li><form method="post" action="{Page.E(action)}"><button name="{Person}" value="{Page.E(choice.Key)}" aria-describedby="shows-{index}">{Page.E(choice.Label)}</button></form>
                <p id="shows-{index}">{Page.E(choice.Shows)}</p></li>

                """);
        }
        html.Append($"""
            </ul>
            <h2>Or somebody else</h2>
            <form method="post" action="{Page.E(action)}">
            <label>Name<input name="{Name}" maxlength="100" autocomplete="off"></label>
            <button name="{Person}" value="{New}" aria-describedby="shows-new">A brand-new person</button>
            <p class="soft" id="shows-new">Somebody whom nobody has seen before, each time. Without a name, they have none.</p>
            </form>
            """);
        return html.ToString();
    }
}
