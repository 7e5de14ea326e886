using Juke.Server.Plumbing;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>The front page: what Juke is, and the ways in. Asks nothing of anything protected.</summary>
public partial class LandingPage
{
    private Visitor visitor;

    [CascadingParameter]
    private HttpContext Http { get; set; } = default!;

    internal static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/", () => Page.Show<LandingPage>(new { }));

    /// <inheritdoc/>
    protected override void OnInitialized() => visitor = PageRoutes.VisitorOf(CurrentUser.Find(Http)?.Account.OnboardingRequired);
}
