using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Juke.Server.Web.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Juke.Server.Web;

/// <summary>What every page's endpoint answers with.</summary>
internal static class Page
{
    /// <summary>The page, with its parameters by name.</summary>
    public static IResult Show<T>(object parameters, int status = StatusCodes.Status200OK)
        where T : IComponent => new RazorComponentResult<T>(parameters) { StatusCode = status };

    /// <summary>
    /// From a form to an app. Not by a redirect: browsers hold the redirects of a form to <c>form-action</c>, and the app is elsewhere.
    /// The page shows the way as a link, and the header takes it by itself.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="app">Checked by <see cref="SignUp.ReturnTargets"/>.</param>
    public static IResult Leave(HttpContext http, string app)
    {
        http.Response.Headers["Refresh"] = "0;url=" + app;
        return Show<LeavePage>(new { App = app });
    }

    /// <summary>Signed in: the cookie, and the page that comes next.</summary>
    public static IResult Enter(HttpContext http, SignedIn signedIn)
    {
        http.RequestServices.GetRequiredService<PageCookie>().Write(http, signedIn.Session);
        return new SeeOther(PageRoutes.AfterSignIn(PageRoutes.VisitorOf(signedIn.Account.OnboardingRequired), NextPath.Of(http.Request)));
    }
}
