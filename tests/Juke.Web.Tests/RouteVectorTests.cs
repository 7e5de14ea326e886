using System.Net;
using System.Text.Json.Nodes;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>contract/vectors/routes.json over HTTP: the hosted pages are a client like any other, except that they never load.</summary>
public sealed class RouteVectorTests(Site site)
{
    /// <summary>Pages of each kind of screen.</summary>
    private static readonly Dictionary<string, string[]> Pages = new(StringComparer.Ordinal)
    {
        ["public"] = ["/", "/offline"],
        ["auth"] = ["/login", "/register"],
        ["onboarding"] = ["/onboarding", "/onboarding/username"],
        ["signedIn"] = ["/settings"],
        ["protected"] = ["/home", "/profile"],
    };

    private static List<JsonNode> Rows => [.. JsonNode.Parse(Repository.Read("contract/vectors/routes.json"))!["rows"]!.AsArray().Select(r => r!).Where(r => (string?)r["status"] != "loading")];

    [Fact]
    public async Task The_pages_decide_as_the_table()
    {
        using var guest = site.NewClient();
        using var required = await site.NewClient().RegisterAsync();
        using var done = await site.NewClient().OnboardAsync();
        var tried = 0;
        foreach (var row in Rows)
        {
            var client = (string?)row["status"] == "guest" ? guest : (bool)row["onboardingRequired"]! ? required : done;
            foreach (var page in Pages[(string)row["route"]!])
            {
                var reply = await client.GetAsync(page);
                // The way into onboarding leads on to its next step, which is still onboarding.
                var isShown = reply.Status == HttpStatusCode.OK || ((string?)row["route"] == "onboarding" && reply.Location?.StartsWith("/onboarding/", StringComparison.Ordinal) == true);
                var then = isShown ? "show" : reply.Location;
                then.ShouldBe(
                    (string?)row["then"] switch
                    {
                        "login" => "/login?next=" + Uri.EscapeDataString(page),
                        "onboarding" => "/onboarding",
                        "home" => "/home",
                        var show => show,
                    },
                    $"{page}: {row.ToJsonString()}");
                tried++;
            }
        }
        tried.ShouldBe(36, "two visitors times two values of onboardingRequired, nine pages");
    }
}
