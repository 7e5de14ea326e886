using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Juke.Server.SignUp;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>Sign-up by e-mail: an address and a password are enough, the rest is onboarding.</summary>
public partial class RegisterPage
{
    /// <summary>The form.</summary>
    [Parameter, EditorRequired]
    public PageForm Form { get; set; } = default!;

    /// <summary>Where to go on afterwards, or null.</summary>
    [Parameter]
    public string? Next { get; set; }

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/register", (HttpContext http) => Show(http, new PageForm()));

        pages.MapPost("/register", async (HttpContext http, Register register, TimeProvider time, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http);
            if (!form.IsFine) return Show(http, form);
            var request = new RegisterRequest(form["email"], form["password"]);
            var outcome = await register.RunAsync(request, NewSession.Web(Caller.Of(http), time.GetUtcNow()), Limits.Address(http), cancellation);
            if (!outcome.Failed) return Page.Enter(http, outcome.Value);
            return Show(http, form.Refuse(outcome.Problem, outcome.Problem.Code == ProblemCode.EmailTaken ? "email" : null));
        });
    }

    private static IResult Show(HttpContext http, PageForm form) => Page.Show<RegisterPage>(new { Form = form, Next = NextPath.Of(http.Request) }, form.Status);
}
