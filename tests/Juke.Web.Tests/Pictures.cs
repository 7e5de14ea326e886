using Microsoft.Playwright;

namespace Juke.Web.Tests;

/// <summary>
/// The pictures of docs/screenshots, taken while the accessibility tests look at each page: <c>JUKE_PICTURES=1 ./dev test --only
/// Accessibility</c>. With a folder in place of the 1, every scene is taken and put there, to be looked at. Without the variable
/// nothing is taken.
/// </summary>
internal static class Pictures
{
    private static readonly string Wanted = Environment.GetEnvironmentVariable("JUKE_PICTURES") ?? "";

    private static readonly HashSet<string> AlsoOnTheDesk = new(["landing", "login", "register"], StringComparer.Ordinal);

    public static async Task TakeAsync(string scene, Visitor visitor)
    {
        if (Wanted.Length == 0) return;
        var isStep = scene.StartsWith("onboarding", StringComparison.Ordinal) && scene.Contains(' ', StringComparison.Ordinal) && !scene.EndsWith("refused", StringComparison.Ordinal);
        if (Wanted != "1" || isStep || AlsoOnTheDesk.Contains(scene)) await TakeAsync(scene, visitor, "phone", 390, 844, ColorScheme.Dark);
        if (Wanted != "1" || AlsoOnTheDesk.Contains(scene)) await TakeAsync(scene, visitor, "desktop", 1280, 800, ColorScheme.Light);
    }

    private static async Task TakeAsync(string scene, Visitor visitor, string device, int width, int height, ColorScheme scheme)
    {
        var folder = Wanted == "1" ? Path.Combine(Testing.Repository.Root, "docs", "screenshots") : Wanted;
        await visitor.Page.SetViewportSizeAsync(width, height);
        await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{scene.Replace(' ', '-')}-{device}.png"), FullPage = Wanted != "1" });
    }
}
