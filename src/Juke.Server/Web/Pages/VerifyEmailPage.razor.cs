using Juke.Server.Plumbing;
using Juke.Server.Recovery;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>Whose account a link is about, seen from the visitor.</summary>
public enum LinkOwner
{
    /// <summary>Nobody is signed in.</summary>
    Unknown,

    /// <summary>The account that is signed in.</summary>
    Visitor,

    /// <summary>Another account than the one that is signed in.</summary>
    SomebodyElse,
}

/// <summary>
/// Where the link of a verification mail leads. Opening it changes nothing: mail scanners open links too, and only a session
/// of the same account makes it a proof (contract §4).
/// </summary>
public partial class VerifyEmailPage
{
    /// <summary>Holds the link's token, and what went wrong.</summary>
    [Parameter, EditorRequired]
    public PageForm Form { get; set; } = default!;

    /// <summary>The address that the link is about; null when the link is not good any more.</summary>
    [Parameter]
    public string? Email { get; set; }

    /// <summary>Whose account it is.</summary>
    [Parameter]
    public LinkOwner Whose { get; set; }

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/verify-email", (string? token, HttpContext http, VerifyEmail verify, CancellationToken cancellation) =>
            ShowAsync(http, new PageForm { ["token"] = token ?? "" }, verify, cancellation));

        pages.MapPost("/verify-email", async (HttpContext http, VerifyEmail verify, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http);
            if (!form.IsFine) return await ShowAsync(http, form, verify, cancellation);
            if (CurrentUser.Find(http) is not { } user) return new SeeOther(PageRoutes.With(PageRoutes.Login, NextPath.Check("/verify-email?token=" + form["token"])));
            var outcome = await verify.RunAsync(user, form["token"], cancellation);
            if (outcome.Failed) return await ShowAsync(http, form.Refuse(outcome.Problem), verify, cancellation);
            return SeeOther.WithNotice("/settings", nameof(Texts.Notice_EmailConfirmed));
        });

        pages.MapPost("/verify-email/reject", async (HttpContext http, VerifyEmail verify, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http);
            if (!form.IsFine) return await ShowAsync(http, form, verify, cancellation);
            var outcome = await verify.RejectAsync(form["token"], Limits.Address(http), cancellation);
            if (outcome.Failed) return await ShowAsync(http, form.Refuse(outcome.Problem), verify, cancellation);
            return SeeOther.WithNotice("/", nameof(Texts.Notice_AddressRemoved));
        });
    }

    private static async Task<IResult> ShowAsync(HttpContext http, PageForm form, VerifyEmail verify, CancellationToken cancellation)
    {
        var link = await verify.FindAsync(form["token"], cancellation);
        var user = CurrentUser.Find(http);
        var whose = user is null ? LinkOwner.Unknown : user.Id == link?.UserId ? LinkOwner.Visitor : LinkOwner.SomebodyElse;
        return Page.Show<VerifyEmailPage>(
            new { Form = form, link?.Email, Whose = whose }, link is null && form.IsFine ? StatusCodes.Status400BadRequest : form.Status);
    }
}
