using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;
using Juke.Server.Recovery;
using Juke.Server.Sessions;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>The address, the password, and where one is signed in. Connections to Spotify and Google will be a fourth card.</summary>
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

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/settings", (HttpContext http, Devices devices, CancellationToken cancellation) => ShowAsync(http, new PageForm(), devices, cancellation));

        pages.MapPost("/settings/email", async (HttpContext http, AddEmail add, Devices devices, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http, "email");
            if (!form.IsFine) return await ShowAsync(http, form, devices, cancellation);
            var request = new AddEmailRequest(form["email"], form["currentPassword"]);
            var outcome = await add.RunAsync(CurrentUser.Of(http), request, Limits.Address(http), cancellation);
            if (outcome.Failed) return await ShowAsync(http, form.Refuse(outcome.Problem, CurrentPasswordIf(outcome.Problem)), devices, cancellation);
            return SeeOther.WithNotice("/settings", nameof(Texts.Notice_EmailSent));
        });

        pages.MapPost("/settings/password", async (HttpContext http, ChangePassword change, Devices devices, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http, "password");
            if (!form.IsFine) return await ShowAsync(http, form, devices, cancellation);
            var request = new ChangePasswordRequest(form["currentPassword"], form["newPassword"]);
            var outcome = await change.RunAsync(CurrentUser.Of(http), request, Limits.Address(http), cancellation);
            if (outcome.Failed) return await ShowAsync(http, form.Refuse(outcome.Problem, CurrentPasswordIf(outcome.Problem)), devices, cancellation);
            return SeeOther.WithNotice("/settings", nameof(Texts.Notice_PasswordChanged));
        });

        pages.MapPost("/settings/sessions/{id}/end", async (string id, HttpContext http, Devices devices, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http, "devices");
            if (!form.IsFine) return await ShowAsync(http, form, devices, cancellation);
            // A session that is gone already is what was asked for.
            await devices.EndAsync(CurrentUser.Of(http), id, cancellation);
            return SeeOther.WithNotice("/settings", nameof(Texts.Notice_SignedOutThere));
        });

        pages.MapPost("/settings/sessions/end-others", async (HttpContext http, Devices devices, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http, "devices");
            if (!form.IsFine) return await ShowAsync(http, form, devices, cancellation);
            await devices.EndAllAsync(CurrentUser.Of(http), keepCurrent: true, cancellation);
            return SeeOther.WithNotice("/settings", nameof(Texts.Notice_SignedOutThere));
        });
    }

    private static string? CurrentPasswordIf(Problem problem) => problem.Code == ProblemCode.InvalidCredentials ? "currentPassword" : null;

    /// <summary>The page, with the form that was posted in its place.</summary>
    private static async Task<IResult> ShowAsync(HttpContext http, PageForm form, Devices devices, CancellationToken cancellation)
    {
        var user = CurrentUser.Of(http);
        var list = await devices.ListAsync(user, cancellation);
        PageForm Form(string name) => form.Prefix == name + "-" ? form : new PageForm(name);
        return Page.Show<SettingsPage>(
            new
            {
                EmailForm = Form("email"),
                PasswordForm = Form("password"),
                DevicesForm = Form("devices"),
                user.Account.Email,
                EmailIsProved = user.Account.EmailProvedAt is not null,
                user.Account.Username,
                HasPassword = user.Account.HasPassword,
                list.Sessions,
            },
            form.Status);
    }
}
