using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Connections;
using Juke.Server.Plumbing;
using Juke.Server.Recovery;
using Juke.Server.Sessions;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>The address, the password, the accounts at Spotify and Google, and where one is signed in.</summary>
public partial class SettingsPage
{
    /// <summary>Adds or changes the address.</summary>
    [Parameter, EditorRequired]
    public PageForm EmailForm { get; set; } = default!;

    /// <summary>Changes the password.</summary>
    [Parameter, EditorRequired]
    public PageForm PasswordForm { get; set; } = default!;

    /// <summary>Signs out elsewhere.</summary>
    [Parameter, EditorRequired]
    public PageForm DevicesForm { get; set; } = default!;

    /// <summary>Disconnects.</summary>
    [Parameter, EditorRequired]
    public PageForm ConnectionsForm { get; set; } = default!;

    /// <summary>The address, or null.</summary>
    [Parameter]
    public string? Email { get; set; }

    /// <summary>Whether the address is confirmed.</summary>
    [Parameter]
    public bool EmailIsProved { get; set; }

    /// <summary>The username, or null while onboarding is not done.</summary>
    [Parameter]
    public string? Username { get; set; }

    /// <summary>Whether there is a password to change.</summary>
    [Parameter]
    public bool HasPassword { get; set; }

    /// <summary>Live sessions, the most recently used first.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<SessionInfo> Sessions { get; set; } = [];

    /// <summary>The accounts at providers.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<Connection> Connections { get; set; } = [];

    /// <summary>Whether there is nothing to sign in with but one account at a provider.</summary>
    [Parameter]
    public bool IsOnlyWay { get; set; }

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/settings", (HttpContext http, CancellationToken cancellation) => ShowAsync(http, new PageForm(), cancellation));

        pages.MapPost("/settings/email", async (HttpContext http, AddEmail add, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http, "email");
            if (!form.IsFine) return await ShowAsync(http, form, cancellation);
            var request = new AddEmailRequest(form["email"], form["currentPassword"]);
            var outcome = await add.RunAsync(CurrentUser.Of(http), request, Limits.Address(http), cancellation);
            if (outcome.Failed) return await ShowAsync(http, form.Refuse(outcome.Problem, CurrentPasswordIf(outcome.Problem)), cancellation);
            return SeeOther.WithNotice("/settings", nameof(Texts.Notice_EmailSent));
        });

        pages.MapPost("/settings/password", async (HttpContext http, ChangePassword change, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http, "password");
            if (!form.IsFine) return await ShowAsync(http, form, cancellation);
            var request = new ChangePasswordRequest(form["currentPassword"], form["newPassword"]);
            var outcome = await change.RunAsync(CurrentUser.Of(http), request, Limits.Address(http), cancellation);
            if (outcome.Failed) return await ShowAsync(http, form.Refuse(outcome.Problem, CurrentPasswordIf(outcome.Problem)), cancellation);
            return SeeOther.WithNotice("/settings", nameof(Texts.Notice_PasswordChanged));
        });

        pages.MapPost("/settings/disconnect/spotify", async (HttpContext http, DisconnectSpotify disconnect, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http, "connections");
            if (!form.IsFine) return await ShowAsync(http, form, cancellation);
            await disconnect.RunAsync(CurrentUser.Of(http).Id, cancellation);
            return SeeOther.WithNotice("/settings", nameof(Texts.Notice_SpotifyDisconnected));
        });

        pages.MapPost("/settings/sessions/{id}/end", async (string id, HttpContext http, Devices devices, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http, "devices");
            if (!form.IsFine) return await ShowAsync(http, form, cancellation);
            // A session that is gone already is what was asked for.
            await devices.EndAsync(CurrentUser.Of(http), id, cancellation);
            return SeeOther.WithNotice("/settings", nameof(Texts.Notice_SignedOutThere));
        });

        pages.MapPost("/settings/sessions/end-others", async (HttpContext http, Devices devices, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http, "devices");
            if (!form.IsFine) return await ShowAsync(http, form, cancellation);
            await devices.EndAllAsync(CurrentUser.Of(http), keepCurrent: true, cancellation);
            return SeeOther.WithNotice("/settings", nameof(Texts.Notice_SignedOutThere));
        });
    }

    private static string? CurrentPasswordIf(Problem problem) => problem.Code == ProblemCode.InvalidCredentials ? "currentPassword" : null;

    /// <summary>The page, with the form that was posted in its place.</summary>
    private static async Task<IResult> ShowAsync(HttpContext http, PageForm form, CancellationToken cancellation)
    {
        var user = CurrentUser.Of(http);
        var list = await http.RequestServices.GetRequiredService<Devices>().ListAsync(user, cancellation);
        var accounts = await http.RequestServices.GetRequiredService<ListConnections>().RunAsync(user.Id, cancellation);
        PageForm Form(string name) => form.Prefix == name + "-" ? form : new PageForm(name);
        return Page.Show<SettingsPage>(
            new
            {
                EmailForm = Form("email"),
                PasswordForm = Form("password"),
                DevicesForm = Form("devices"),
                ConnectionsForm = Form("connections"),
                user.Account.Email,
                EmailIsProved = user.Account.EmailProvedAt is not null,
                user.Account.Username,
                HasPassword = user.Account.HasPassword,
                list.Sessions,
                Connections = accounts,
                IsOnlyWay = accounts.Count == 1 && !user.Account.CanSignInWithPassword,
            },
            form.Status);
    }
}
