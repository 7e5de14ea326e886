using Juke.Contract.Wire;
using Juke.Server.Plumbing;

namespace Juke.Server.Sessions;

/// <summary>Who am I, and may I pass: the only place where a client learns <c>onboardingRequired</c>.</summary>
internal static class Me
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/auth/me", (HttpContext http) => Answers.Json(CurrentUser.Of(http).Account.ToUser(), CoreJson.Default.User))
        .WithName("me").WithSummary("Who is signed in, and is onboarding required?").Gives(CoreJson.Default.User);
}
