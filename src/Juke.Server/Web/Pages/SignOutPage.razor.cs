using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>Signs out of this browser. Seen only when the button came from a page that had grown stale.</summary>
public partial class SignOutPage
{
    /// <summary>The form.</summary>
    [Parameter, EditorRequired]
    public PageForm Form { get; set; } = default!;

    internal static void Map(IEndpointRouteBuilder pages) =>
        pages.MapPost("/logout", async (HttpContext http, SignOut signOut, PageCookie cookie, CancellationToken cancellation) =>
        {
            // Whose session has ended already is out: nothing to check, and nothing to do but forget the cookie.
            if (CurrentUser.Find(http) is { } user)
            {
                var form = await PageForm.ReadAsync(http);
                if (!form.IsFine) return Page.Show<SignOutPage>(new { Form = form }, form.Status);
                await signOut.OfCallerAsync(user, cancellation);
            }
            cookie.Clear(http);
            return new SeeOther(NextPath.Of(http.Request) ?? "/");
        });
}
