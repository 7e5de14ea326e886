using Juke.Contract.Wire;
using Juke.Server.Fixtures;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.Components;

namespace Juke.Server.Web.Pages;

/// <summary>Upcoming fixtures, next first.</summary>
public partial class HomePage
{
    /// <summary>How to greet.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>Next first.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<Fixture> Fixtures { get; set; } = [];

    internal static void Map(IEndpointRouteBuilder pages) =>
        pages.MapGet("/home", async (HttpContext http, UpcomingFixturesList fixtures, CancellationToken cancellation) =>
        {
            var account = CurrentUser.Of(http).Account;
            var upcoming = await fixtures.ForHomeAsync(cancellation);
            return Page.Show<HomePage>(new { Name = account.Name ?? account.Username!, Fixtures = upcoming.Data });
        });
}
