using System.Collections.Concurrent;
using System.Net;
using Juke.Server.Gate;
using Juke.Server.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>The seed's routing table: the pure function, and every page for every kind of visitor.</summary>
public sealed class RoutingTests(Site site)
{
    /// <summary>Page, and where a guest, one in onboarding and one who is done end up; an empty text is the page itself.</summary>
    public static TheoryData<string, string, string, string> Pages { get; } = new()
    {
        { "/", "", "", "" },
        { "/login", "", "/onboarding", "/home" },
        { "/register", "", "/onboarding", "/home" },
        { "/forgot-password", "", "", "" },
        { "/reset-password", "", "", "" },
        { "/verify-email", "", "", "" },
        { "/verify-user", "", "", "" },
        { "/connect/spotify", "", "", "" },
        { "/offline", "", "", "" },
        { "/onboarding", "/login?next=%2Fonboarding", "/onboarding/username", "/home" },
        { "/onboarding/username", "/login?next=%2Fonboarding%2Fusername", "", "/home" },
        { "/onboarding/username/check", "/login?next=%2Fonboarding%2Fusername%2Fcheck", "", "" },
        { "/settings", "/login?next=%2Fsettings", "", "" },
        { "/home", "/login?next=%2Fhome", "/onboarding", "" },
        { "/profile", "/login?next=%2Fprofile", "/onboarding", "" },
    };

    /// <summary>Pages that only lead on, to a provider or back from one: PickerTests and ConnectTests go through them.</summary>
    private static readonly string[] Trips =
    [
        "/auth/spotify/start", "/auth/spotify/callback", "/auth/google/start", "/auth/google/callback", "/settings/connect/spotify",
        "/api/v1/social-auth/login/spotify", "/api/v1/social-auth/complete/spotify", "/api/v1/auth/connect/spotify",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_page_for_every_visitor(string page, string guest, string required, string done)
    {
        using var nobody = site.NewClient();
        using var half = await site.NewClient().RegisterAsync();
        using var whole = await site.NewClient().OnboardAsync();
        foreach (var (client, expected) in new[] { (nobody, guest), (half, required), (whole, done) })
        {
            var reply = await client.GetAsync(page);
            (reply.Location ?? "").ShouldBe(expected);
            if (expected.Length > 0) reply.Status.ShouldBe(HttpStatusCode.SeeOther);
            reply.CacheControl.ShouldContain("no-store");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_public_page_loads_its_own_files_and_calls_nothing_else(bool isSignedIn)
    {
        await using var visitor = await site.VisitAsync();
        if (isSignedIn)
        {
            await visitor.RegisterAsync();
            await visitor.CompleteAsync();
        }
        var asked = new ConcurrentQueue<string>();
        visitor.Page.Request += (_, request) => asked.Enqueue(new Uri(request.Url).AbsolutePath);
        await visitor.GoAsync("/");
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        asked.ShouldContain("/");
        asked.Where(path => path != "/" && !path.StartsWith("/assets/", StringComparison.Ordinal) && !Path.HasExtension(path)).ShouldBeEmpty("a protected call, or one that nobody asked for");
    }

    [Fact]
    public void The_table_names_every_page_that_is_served() =>
        Pages.Select(row => row.Data.Item1.Replace("/onboarding/username", "/onboarding/{step}", StringComparison.Ordinal)
                .Replace("{step}/check", "username/check", StringComparison.Ordinal)).Concat(Trips).Order(StringComparer.Ordinal)
            .ShouldBe(Served().Where(p => p.Name.StartsWith("GET ", StringComparison.Ordinal)).Select(p => p.Name[4..]).Order(StringComparer.Ordinal));

    [Fact]
    public void What_a_page_is_for_and_what_the_lists_open_agree()
    {
        foreach (var (name, kind, level) in Served())
        {
            level.ShouldBe(
                kind switch
                {
                    PageKind.Anyone or PageKind.Guest => Level.Anonymous,
                    PageKind.Onboarding or PageKind.SignedIn => Level.SignedIn,
                    _ => Level.Onboarded,
                },
                name);
        }
    }

    [Theory]
    [InlineData(PageKind.Anyone, null, null, null)]
    [InlineData(PageKind.Anyone, true, null, null)]
    [InlineData(PageKind.Anyone, false, "/profile", null)]
    [InlineData(PageKind.Guest, null, null, null)]
    [InlineData(PageKind.Guest, true, null, "/onboarding")]
    [InlineData(PageKind.Guest, true, "/profile", "/onboarding?next=%2Fprofile")]
    [InlineData(PageKind.Guest, false, null, "/home")]
    [InlineData(PageKind.Guest, false, "/profile", "/profile")]
    [InlineData(PageKind.Onboarding, null, null, "/login?next=%2Fhere%3Fa%3D1")]
    [InlineData(PageKind.Onboarding, true, null, null)]
    [InlineData(PageKind.Onboarding, false, null, "/home")]
    [InlineData(PageKind.Onboarding, false, "/profile", "/profile")]
    [InlineData(PageKind.SignedIn, null, null, "/login?next=%2Fhere%3Fa%3D1")]
    [InlineData(PageKind.SignedIn, true, null, null)]
    [InlineData(PageKind.SignedIn, false, null, null)]
    [InlineData(PageKind.Onboarded, null, null, "/login?next=%2Fhere%3Fa%3D1")]
    [InlineData(PageKind.Onboarded, true, null, "/onboarding")]
    [InlineData(PageKind.Onboarded, false, null, null)]
    internal void The_table_itself(PageKind page, bool? onboardingRequired, string? next, string? expected) =>
        PageRoutes.Redirect(page, PageRoutes.VisitorOf(onboardingRequired), "/here?a=1", next).ShouldBe(expected);

    [Fact]
    public async Task Where_one_wanted_to_go_survives_sign_up_and_onboarding()
    {
        using var client = site.NewClient();
        var turnedAway = (await client.GetAsync("/profile")).Location!;
        turnedAway.ShouldBe("/login?next=%2Fprofile");
        (await client.GetAsync(turnedAway)).Body.ShouldContain("/register?next=%2Fprofile");

        var registered = await client.SubmitAsync(
            "/register?next=%2Fprofile", "/register?next=%2Fprofile", ("email", Testing.TestClient.NewEmail()), ("password", Testing.TestClient.Password));
        registered.Location.ShouldBe("/onboarding?next=%2Fprofile");
        var step = (await client.GetAsync(registered.Location!)).Location!;
        step.ShouldBe("/onboarding/username?next=%2Fprofile");
        var second = (await client.SubmitAsync(step, step, ("username", Testing.TestClient.NewName()))).Location!;
        second.ShouldBe("/onboarding/genres?next=%2Fprofile");
        (await client.SubmitAsync(second, second, ("skip", "rest"))).Location.ShouldBe("/profile");
    }

    [Fact]
    public async Task A_form_that_a_guest_posts_leads_back_to_the_page_that_it_stands_on()
    {
        using var client = site.NewClient();
        (await client.PostAsync("/settings/password")).Location.ShouldBe("/login?next=%2Fsettings");
        (await client.PostAsync("/settings/sessions/AAAAAAAAAAAAAAAAAAAAAA/end")).Location.ShouldBe("/login?next=%2Fsettings");
        (await client.PostAsync("/logout")).Location.ShouldBe("/");
    }

    [Fact]
    public async Task A_step_that_does_not_exist_leads_to_the_one_that_is_next()
    {
        using var client = await site.NewClient().RegisterAsync();
        (await client.GetAsync("/onboarding/favourite-colour")).Location.ShouldBe("/onboarding");
    }

    private IEnumerable<(string Name, PageKind Kind, Level Level)> Served() =>
        from endpoint in site.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let page = endpoint.Metadata.GetMetadata<IsPage>()
        where page is not null
        from name in OnboardingGate.NamesOf(endpoint)
        select (name, page.Kind, OnboardingGate.LevelOf(endpoint));
}
