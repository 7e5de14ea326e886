using Juke.Contract;
using Juke.Server.Onboarding;
using Juke.Server.Plumbing;

namespace Juke.Server.JukeApi;

/// <summary><c>GET /api/v1/onboarding/</c>: the same answer as the core dialect's, in snake_case envelopes.</summary>
internal static class OnboardingState
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/onboarding/", async (HttpContext http, Progress progress, CancellationToken cancellation) =>
            Answers.Json(await progress.ReadAsync(CurrentUser.Of(http).Account, cancellation), JukeJson.Plain.OnboardingState))
        .WithName("getOnboardingJuke").WithSummary("What is asked, what is answered, and what comes next")
        .Gives(JukeJson.Plain.OnboardingState);
}
