using Juke.Server.Plumbing;
using Juke.Server.Recovery;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>Asks for the mail that sets a new password. Says the same whoever asks for whatever.</summary>
public partial class ForgotPasswordPage
{
    /// <summary>The form.</summary>
    [Parameter, EditorRequired]
    public PageForm Form { get; set; } = default!;

    /// <summary>Whether the mail is on its way, if there is anybody to mail to.</summary>
    [Parameter]
    public bool IsSent { get; set; }

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/forgot-password", (HttpContext http) => Show(new PageForm(), http.Request.Query.ContainsKey("sent")));

        pages.MapPost("/forgot-password", async (HttpContext http, ForgotPassword forgot, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http);
            if (!form.IsFine) return Show(form);
            var outcome = await forgot.RunAsync(form["email"], Limits.Address(http), cancellation);
            return outcome.Failed ? Show(form.Refuse(outcome.Problem)) : new SeeOther("/forgot-password?sent");
        });
    }

    private static IResult Show(PageForm form, bool isSent = false) => Page.Show<ForgotPasswordPage>(new { Form = form, IsSent = isSent }, form.Status);
}
