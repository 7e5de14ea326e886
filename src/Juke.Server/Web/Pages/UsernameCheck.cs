using Juke.Server.Onboarding;
using Juke.Server.Plumbing;

namespace Juke.Server.Web.Pages;

/// <summary>The same check as <c>GET /auth/username/check</c>, for the module of the pages: a cookie opens it, and it speaks the page's language.</summary>
internal static class UsernameCheck
{
    public static void Map(IEndpointRouteBuilder pages) =>
        pages.MapGet("/onboarding/username/check", async (string? username, HttpContext http, CheckUsername check, CancellationToken cancellation) =>
        {
            var outcome = await check.RunAsync(CurrentUser.Of(http).Id, username, cancellation);
            var available = outcome is { Failed: false, Value.Available: true };
            var message = outcome.Failed ? Sentences.Of(outcome.Problem.Detail) : available ? Texts.Username_Free : Sentences.Of("Username already taken");
            return TypedResults.Json(new { available, message });
        });
}
