using System.Net;
using System.Text.Json;
using Juke.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>The five acceptance criteria of the onboarding contract, by number, in a browser.</summary>
public sealed class AcceptanceTests(Site site)
{
    [Fact]
    public async Task Criterion_1_after_registration_the_user_ends_up_in_onboarding_before_anything_protected()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.RegisterAsync();
        foreach (var page in new[] { "/home", "/profile" })
        {
            await visitor.GoAsync(page);
            visitor.At.ShouldBe("/onboarding/username");
        }
        await visitor.SeeAsync("Step 1 of 11");
    }

    [Fact]
    public async Task Criterion_2_who_left_in_the_middle_comes_back_into_onboarding_also_elsewhere_and_after_a_restart_of_the_server()
    {
        var server = await Site.StartServerAsync();
        await using var visitor = await site.VisitAsync(server);
        visitor.ExpectsOutage = true;
        var email = await visitor.RegisterAsync();
        await server.DisposeAsync();

        await using var restarted = await Site.StartServerAsync(connectionString: server.ConnectionString);
        // The browser that was left open: cookies know no port, so its session goes on at the restarted server.
        await visitor.GoAsync(restarted.Url + "home");
        visitor.At.ShouldBe("/onboarding/username");

        await using var elsewhere = await site.VisitAsync(restarted);
        await elsewhere.GoAsync("/home");
        await elsewhere.LoginAsync(email);
        await elsewhere.ArriveAsync("/onboarding/username");
        await elsewhere.CompleteAsync();

        await visitor.GoAsync(restarted.Url + "onboarding");
        visitor.At.ShouldBe("/home");
    }

    [Fact]
    public async Task Criterion_3_completion_opens_the_protected_pages()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.RegisterAsync();
        var username = await visitor.CompleteAsync();
        await visitor.SeeAsync($"Hello, {username}");
        await visitor.SeeAsync("Harbour 1");
        (await visitor.GoAsync("/profile"))!.Status.ShouldBe(200);
        visitor.At.ShouldBe("/profile");
    }

    [Fact]
    public async Task Criterion_4_protected_calls_during_onboarding_answer_403_and_sign_nobody_out()
    {
        using var api = site.Server.NewClient();
        var email = TestClient.NewEmail();
        (await api.RegisterAsync(email)).EnsureOk();
        var held = await api.GetAsync("/fixtures/upcoming");
        held.Status.ShouldBe(HttpStatusCode.Forbidden);
        held.Code.ShouldBe("ONBOARDING_REQUIRED");

        await using var visitor = await site.VisitAsync();
        await visitor.GoAsync("/home");
        await visitor.LoginAsync(email);
        await visitor.ArriveAsync("/onboarding/username");
        await visitor.GoAsync("/home");
        visitor.At.ShouldBe("/onboarding/username");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true })).ToBeVisibleAsync();
        (await api.GetAsync("/auth/me")).EnsureOk();
    }

    [Fact]
    public async Task Criterion_5_afterwards_it_is_a_normal_user_on_every_door_at_once()
    {
        using var api = site.Server.NewClient();
        var email = TestClient.NewEmail();
        (await api.RegisterAsync(email)).EnsureOk();

        await using var visitor = await site.VisitAsync();
        await visitor.GoAsync("/login");
        await visitor.LoginAsync(email);
        await visitor.ArriveAsync("/onboarding/username");
        var username = await visitor.CompleteAsync();

        // The same access token as before: the gate has opened for it too.
        (await api.GetAsync("/fixtures/upcoming")).EnsureOk();
        var me = JsonDocument.Parse((await api.GetAsync("/auth/me")).EnsureOk().Body).RootElement;
        me.GetProperty("onboardingRequired").GetBoolean().ShouldBeFalse();
        me.GetProperty("username").GetString().ShouldBe(username);
        foreach (var page in new[] { "/home", "/profile", "/settings" })
        {
            (await visitor.GoAsync(page))!.Status.ShouldBe(200);
            visitor.At.ShouldBe(page);
        }
    }
}
