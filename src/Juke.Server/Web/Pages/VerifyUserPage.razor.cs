using Juke.Server.Plumbing;
using Juke.Server.SignUp;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>
/// Where the link of a Juke registration leads when no app takes it. Opening it changes nothing, since mail scanners open
/// links too. It signs nobody in: who made the account knows its password.
/// </summary>
public partial class VerifyUserPage
{
    /// <summary>Holds the link, and what went wrong.</summary>
    [Parameter, EditorRequired]
    public PageForm Form { get; set; } = default!;

    /// <summary>The address that the link was mailed to; null when the link is not good any more.</summary>
    [Parameter]
    public string? Email { get; set; }

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/verify-user", (HttpContext http, VerifyRegistration verify, CancellationToken cancellation) =>
        {
            var form = new PageForm();
            foreach (var name in (string[])["user_id", "timestamp", "signature"]) form[name] = http.Request.Query[name].ToString();
            return ShowAsync(form, verify, cancellation);
        });

        pages.MapPost("/verify-user", async (HttpContext http, VerifyRegistration verify, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http);
            if (!form.IsFine) return await ShowAsync(form, verify, cancellation);
            var outcome = await verify.RunAsync(LinkOf(form), session: null, Limits.Address(http), cancellation);
            if (outcome.Failed) return await ShowAsync(form.Refuse(outcome.Problem), verify, cancellation);
            return SeeOther.WithNotice(PageRoutes.Login, nameof(Texts.Notice_AccountVerified));
        });
    }

    private static RegistrationLink LinkOf(PageForm form) => new(form["user_id"], form["timestamp"], form["signature"]);

    private static async Task<IResult> ShowAsync(PageForm form, VerifyRegistration verify, CancellationToken cancellation)
    {
        var email = await verify.FindAsync(LinkOf(form), cancellation);
        return Page.Show<VerifyUserPage>(new { Form = form, Email = email }, email is null && form.IsFine ? StatusCodes.Status400BadRequest : form.Status);
    }
}
