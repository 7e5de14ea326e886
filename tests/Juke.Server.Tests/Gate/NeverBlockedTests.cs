using System.Net;
using Juke.Server.Tests.SignUp;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Gate;

/// <summary>The seed's list of what onboarding never blocks (§2 Guard Rules), each called by an account that must still onboard.</summary>
public sealed class NeverBlockedTests(Doors doors) : IClassFixture<Doors>
{
    [Fact]
    public async Task Every_door_and_every_route_of_the_list_answers_an_account_that_must_still_onboard()
    {
        using var ada = doors.Server.NewClient();
        var email = TestClient.NewEmail();
        ShouldBeHeldBack(await ada.RegisterAsync(email));
        ShouldBeHeldBack(await ada.LoginAsync(email));
        (await ada.GetAsync("/auth/me")).EnsureOk().Json["onboardingRequired"]!.GetValue<bool>().ShouldBeTrue();
        (await ada.RefreshAsync()).EnsureOk();
        (await ada.GetAsync("/fixtures/upcoming")).Code.ShouldBe("ONBOARDING_REQUIRED");
        (await ada.PostAsync("/auth/logout", new { refreshToken = ada.RefreshToken })).EnsureOk();
        (await ada.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        using var google = doors.Server.NewClient();
        var person = doors.Gmail();
        ShouldBeHeldBack(await doors.WithGoogleAsync(google, person));
        ShouldBeHeldBack(await doors.WithGoogleAsync(google, person)); // With its access token beside it.
        using var spotify = doors.Server.NewClient();
        var listener = doors.Listener();
        ShouldBeHeldBack(await doors.WithSpotifyAsync(spotify, listener));
        ShouldBeHeldBack(await doors.WithSpotifyAsync(spotify, listener));
        using var juke = doors.Server.NewClient();
        (await doors.WithSocialLoginAsync(juke, listener)).EnsureOk().Json["onboarding_required"]!.GetValue<bool>().ShouldBeTrue();

        (await google.CompleteAsync()).EnsureOk();
        (await google.GetAsync("/fixtures/upcoming")).EnsureOk();
    }

    private static void ShouldBeHeldBack(Reply signedIn) => signedIn.EnsureOk().Json["user"]!["onboardingRequired"]!.GetValue<bool>().ShouldBeTrue();
}
