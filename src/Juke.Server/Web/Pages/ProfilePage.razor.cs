using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Contract;
using Juke.Contract.Profiles;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Onboarding;
using Juke.Server.Plumbing;
using Juke.Server.Profiles;
using Juke.Server.Web.Onboarding;
using Juke.Server.Web.Parts;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>What <c>/api/users/profile</c> shows, the three fields that it lets one change, and the artist who stands first in the music profile.</summary>
public partial class ProfilePage
{
    /// <summary>The profile as the API shows it.</summary>
    [Parameter, EditorRequired]
    public UserProfile Profile { get; set; } = default!;

    /// <summary>The form.</summary>
    [Parameter, EditorRequired]
    public PageForm Form { get; set; } = default!;

    /// <summary>The form of the artist.</summary>
    [Parameter, EditorRequired]
    public PageForm ArtistForm { get; set; } = default!;

    /// <summary>The artist who stands first, or null.</summary>
    [Parameter]
    public string? Artist { get; set; }

    /// <summary>Which artist was searched for, or null.</summary>
    [Parameter]
    public string? Query { get; set; }

    /// <summary>The artists to choose from.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<Found> Found { get; set; } = [];

    private string Initial => StringInfo.GetNextTextElement(Profile.User.Name ?? Profile.User.Username!);

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/profile", (HttpContext http, CancellationToken cancellation) => ShowAsync(http, FormOf(CurrentUser.Of(http).Account), new PageForm("artist"), cancellation));

        pages.MapPost("/profile", async (HttpContext http, UserProfiles profiles, CancellationToken cancellation) =>
        {
            var account = CurrentUser.Of(http).Account;
            var form = await PageForm.ReadAsync(http);
            if (!form.IsFine) return await ShowAsync(http, form, new PageForm("artist"), cancellation);
            var outcome = await profiles.UpdateAsync(account, ChangesOf(form, account), cancellation);
            if (outcome.Failed) return await ShowAsync(http, form.Refuse(outcome.Problem, "username"), new PageForm("artist"), cancellation);
            return SeeOther.WithNotice("/profile", nameof(Texts.Notice_Saved));
        });

        pages.MapPost("/profile/artist", async (HttpContext http, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http, "artist");
            if (form.IsFine && await ChooseArtistAsync(http, form, cancellation) is { } problem) form.Refuse(problem);
            return form.IsFine ? SeeOther.WithNotice("/profile", nameof(Texts.Notice_Saved)) : await ShowAsync(http, FormOf(CurrentUser.Of(http).Account), form, cancellation);
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

    /// <summary>Puts the artist first; the others, which apps may have written, stay behind it.</summary>
    private static async Task<Problem?> ChooseArtistAsync(HttpContext http, PageForm form, CancellationToken cancellation)
    {
        if (StepAnswer.Chosen(form) is not [var artist, ..]) return StepAnswer.NotChosen(form, "favorite_artists") ?? StepAnswer.Nothing("favorite_artists");
        return await http.RequestServices.GetRequiredService<SaveAnswers>().RunAsync(CurrentUser.Of(http).Account, Payload, cancellation);

        ReadOnlyMemory<byte>? Payload(CanonicalProfile stored) => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["favorite_artists"] = new JsonArray([.. stored.FavoriteArtists.Prepend(artist).Distinct(StringComparer.Ordinal).Select(a => JsonValue.Create(a))]),
        });
    }

    private static PageForm FormOf(Account account) => new() { ["name"] = account.Name ?? "", ["username"] = account.Username!, ["image"] = account.Image ?? "" };

    private static async Task<IResult> ShowAsync(HttpContext http, PageForm form, PageForm artistForm, CancellationToken cancellation)
    {
        var account = CurrentUser.Of(http).Account;
        var stored = await http.RequestServices.GetRequiredService<ReadMusicProfile>().OwnAsync(account.Id, cancellation);
        var query = artistForm["q"].Length > 0 ? artistForm["q"] : http.Request.Query["q"].ToString();
        var found = await http.RequestServices.GetRequiredService<StepSearch>().FindAsync(StepKind.Artist, query, stored.Profile, cancellation);
        return Page.Show<ProfilePage>(
            new
            {
                Profile = UserProfiles.ToWire(account),
                Form = form,
                ArtistForm = artistForm,
                Artist = stored.Profile.FavoriteArtists is [var first, ..] ? first : null,
                Query = query,
                Found = found,
            },
            form.IsFine ? artistForm.Status : form.Status);
    }
}
