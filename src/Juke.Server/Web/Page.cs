using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Juke.Server.Web;

/// <summary>What every page's endpoint answers with.</summary>
internal static class Page
{
    /// <summary>The page, with its parameters by name.</summary>
    public static IResult Show<T>(object parameters, int status = StatusCodes.Status200OK)
        where T : IComponent => new RazorComponentResult<T>(parameters) { StatusCode = status };

    /// <summary>Signed in: the cookie, and the page that comes next.</summary>
    public static IResult Enter(HttpContext http, SignedIn signedIn)
    {
        http.RequestServices.GetRequiredService<PageCookie>().Write(http, signedIn.Session);
        return new SeeOther(PageRoutes.AfterSignIn(PageRoutes.VisitorOf(signedIn.Account.OnboardingRequired), NextPath.Of(http.Request)));
    }
}
