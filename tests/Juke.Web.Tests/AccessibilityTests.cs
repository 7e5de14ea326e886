using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>No axe violation on any page in any state, in both themes, on a small phone and a desk; nothing scrolls sideways.</summary>
public sealed class AccessibilityTests(Site site)
{
    private static readonly AxeRunOptions Everything = new() { ResultTypes = [ResultType.Violations] };

    public static TheoryData<string> Names { get; } = [.. Scenes.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Zero_violations_large_targets_no_sideways_scrolling(string scene)
    {
        await using var visitor = await Scenes.All[scene](site);
        await Pictures.TakeAsync(scene, visitor);
        // Every rule at both widths and in both themes. A theme changes colours only, and a width none of them: two pairs show all four.
        foreach (var (width, scheme) in new[] { (320, ColorScheme.Dark), (1280, ColorScheme.Light) })
        {
            await visitor.Page.SetViewportSizeAsync(width, width == 320 ? 640 : 800);
            (await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, "it scrolls sideways");
            (await SmallTargetsAsync(visitor.Page)).ShouldBeEmpty();
            await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            var result = await visitor.Page.RunAxe(Everything);
            result.Violations.Select(v => $"{v.Id}: {v.Help} {string.Join(" | ", v.Nodes.Select(n => n.Html))}").ShouldBeEmpty($"{scheme}, {width} px");
        }
    }

    /// <summary>Links inside sentences are exempt (WCAG 2.5.8); everything that stands alone is at least 44 px high.</summary>
    private static Task<string[]> SmallTargetsAsync(IPage page) => page.EvaluateAsync<string[]>(
        """
        [...document.querySelectorAll("button:not(.unseen), .button, nav a, input:not([type=hidden]):not([hidden])")]
          .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 44).map((e) => e.outerHTML)
        """);
}
