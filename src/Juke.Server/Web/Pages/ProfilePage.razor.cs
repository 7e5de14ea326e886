using System.Globalization;
using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Server.Profiles;
using Juke.Server.Web.Parts;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>What <c>/api/users/profile</c> shows, and the three fields that it lets one change.</summary>
public partial class ProfilePage
{
    /// <summary>The profile as the API shows it.</summary>
    [Parameter, EditorRequired]
    public UserProfile Profile { get; set; } = default!;

    /// <summary>The form.</summary>
    [Parameter, EditorRequired]
    public PageForm Form { get; set; } = default!;

    private string Initial => StringInfo.GetNextTextElement(Profile.User.Name ?? Profile.User.Username!);

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/profile", (HttpContext http) =>
        {
            var account = CurrentUser.Of(http).Account;
            return Show(account, new PageForm { ["name"] = account.Name ?? "", ["username"] = account.Username!, ["image"] = account.Image ?? "" });
        });

        pages.MapPost("/profile", async (HttpContext http, UserProfiles profiles, CancellationToken cancellation) =>
        {
            var account = CurrentUser.Of(http).Account;
            var form = await PageForm.ReadAsync(http);
            if (!form.IsFine) return Show(account, form);
            var outcome = await profiles.UpdateAsync(account, ChangesOf(form, account), cancellation);
            if (outcome.Failed) return Show(account, form.Refuse(outcome.Problem, "username"));
            return SeeOther.WithNotice("/profile", nameof(Texts.Notice_Saved));
        });
    }

    // A form sends every field; a change is what differs from what stands there.
    private static UpdateProfileRequest ChangesOf(PageForm form, Account account)
    {
        var username = UsernameField.Chosen(form);
        return new(
            username == account.Username ? default : new(username),
            form["name"] == (account.Name ?? "") ? default : new(form["name"]),
            form["image"] == (account.Image ?? "") ? default : new(form["image"].Trim() is { Length: > 0 } image ? image : null));
    }

    private static IResult Show(Account account, PageForm form) => Page.Show<ProfilePage>(new { Profile = UserProfiles.ToWire(account), Form = form }, form.Status);

}
