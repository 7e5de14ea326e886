using Microsoft.Playwright;

namespace Juke.Web.Tests;

/// <summary>
/// The pictures of docs/screenshots, taken while the accessibility tests look at each step of the wizard:
/// <c>JUKE_PICTURES=1 ./dev test --only Accessibility</c>. Without the variable nothing is taken.
/// </summary>
internal static class Pictures
{
    private static readonly bool Wanted = Environment.GetEnvironmentVariable("JUKE_PICTURES") == "1";

    public static async Task TakeAsync(string scene, Visitor visitor)
    {
        if (!Wanted || !scene.StartsWith("onboarding ", StringComparison.Ordinal) || scene.EndsWith("refused", StringComparison.Ordinal)) return;
        await visitor.Page.SetViewportSizeAsync(390, 844);
        await visitor.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(Testing.Repository.Root, "docs", "screenshots", scene.Replace(' ', '-') + "-phone.png") });
    }
}
