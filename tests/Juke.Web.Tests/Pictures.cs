using Xunit;

namespace Juke.Web.Tests;

/// <summary>
/// Takes the pictures of docs/screenshots anew. Not a test and never run with the tests:
/// <c>dotnet artifacts/bin/Juke.Web.Tests/release/Juke.Web.Tests.dll --explicit only</c>.
/// </summary>
public sealed class Pictures(Site site)
{
    private static readonly string Folder = Path.Combine(Testing.Repository.Root, "docs", "screenshots");

    [Fact(Explicit = true)]
    public async Task Of_every_step_of_the_wizard()
    {
        foreach (var scene in Scenes.All.Keys.Where(k => k.StartsWith("onboarding", StringComparison.Ordinal) && !k.EndsWith("refused", StringComparison.Ordinal)))
        {
            await using var visitor = await Scenes.All[scene](site);
            var name = scene == "onboarding" ? "onboarding" : scene.Replace(' ', '-');
            foreach (var (kind, width, height) in new[] { ("phone", 390, 844), ("desktop", 1280, 800) })
            {
                await visitor.Page.SetViewportSizeAsync(width, height);
                await visitor.Page.EmulateMediaAsync(new() { ColorScheme = kind == "phone" ? Microsoft.Playwright.ColorScheme.Dark : Microsoft.Playwright.ColorScheme.Light });
                await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{kind}.png") });
            }
        }
    }
}
