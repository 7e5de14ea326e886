using Juke.Contract;
using Juke.Server.Gate;
using Juke.Server.Plumbing;

namespace Juke.Server.Web;

/// <summary>The hosted pages: a second face of the same use cases.</summary>
internal static class Pages
{
    public static void AddPages(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<IPageGate, PageGate>();
        services.AddSingleton<IProblemPage, ProblemPage>();
        services.AddAntiforgery();
    }

    public static void UseAssets(this WebApplication app) => _ = app;

    public static void MapPages(this IEndpointRouteBuilder routes) => _ = routes;

    /// <summary>Marks an endpoint as a page.</summary>
    internal sealed class IsPage;

    private sealed class PageGate : IPageGate
    {
        bool IPageGate.IsPage(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IsPage>() is not null;

        public void TurnAway(HttpContext http, Problem problem) =>
            http.Response.Redirect(problem.Code == ProblemCode.OnboardingRequired ? "/onboarding" : "/login");
    }

    private sealed class ProblemPage : IProblemPage
    {
        public bool IsFor(HttpContext http) => false;

        public Task WriteAsync(HttpContext http, Problem problem) => Problems.WriteAsync(http, problem);
    }
}
