namespace Juke.Server.Web.Pages;

/// <summary>What the service worker shows when the network is gone; the same for everybody, so that it may be kept.</summary>
public partial class OfflinePage
{
    internal static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/offline", () => Page.Show<OfflinePage>(new { }));
}
