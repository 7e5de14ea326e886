using Juke.Contract.Wire;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>Sign-in with an address or username, and a password.</summary>
public partial class LoginPage
{
    /// <summary>The form.</summary>
    [Parameter, EditorRequired]
    public PageForm Form { get; set; } = default!;

    /// <summary>Where to go on afterwards, or null.</summary>
    [Parameter]
    public string? Next { get; set; }

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/login", (HttpContext http) => Show(http, new PageForm()));

        pages.MapPost("/login", async (HttpContext http, SignInWithPassword signIn, TimeProvider time, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http);
            if (!form.IsFine) return Show(http, form);
            var request = new LoginRequest(form["emailOrUsername"], form["password"]);
            var outcome = await signIn.RunAsync(request, NewSession.Web(Caller.Of(http), time.GetUtcNow()), Limits.Address(http), cancellation);
            return outcome.Failed ? Show(http, form.Refuse(outcome.Problem)) : Page.Enter(http, outcome.Value);
        });
    }

    private static IResult Show(HttpContext http, PageForm form) => Page.Show<LoginPage>(new { Form = form, Next = NextPath.Of(http.Request) }, form.Status);
}
