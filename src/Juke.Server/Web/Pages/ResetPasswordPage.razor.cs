using Juke.Contract.Wire;
using Juke.Server.Plumbing;
using Juke.Server.Recovery;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>Sets a new password by the link of a mail. It signs nobody in: every session of the account has just ended.</summary>
public partial class ResetPasswordPage
{
    /// <summary>The form.</summary>
    [Parameter, EditorRequired]
    public PageForm Form { get; set; } = default!;

    /// <summary>The address that the link was mailed to; null when the link is not good any more.</summary>
    [Parameter]
    public string? Email { get; set; }

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/reset-password", (string? token, ResetPassword reset, CancellationToken cancellation) =>
            ShowAsync(new PageForm { ["token"] = token ?? "" }, reset, cancellation));

        pages.MapPost("/reset-password", async (HttpContext http, ResetPassword reset, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http);
            if (!form.IsFine) return await ShowAsync(form, reset, cancellation);
            var outcome = await reset.RunAsync(new ResetPasswordRequest(form["token"], form["newPassword"]), Limits.Address(http), cancellation);
            if (outcome.Failed) return await ShowAsync(form.Refuse(outcome.Problem), reset, cancellation);
            return SeeOther.WithNotice(PageRoutes.Login, nameof(Texts.Notice_PasswordReset));
        });
    }

    private static async Task<IResult> ShowAsync(PageForm form, ResetPassword reset, CancellationToken cancellation)
    {
        var link = await reset.FindAsync(form["token"], cancellation);
        return Page.Show<ResetPasswordPage>(new { Form = form, link?.Email }, link is null && form.IsFine ? StatusCodes.Status400BadRequest : form.Status);
    }
}
