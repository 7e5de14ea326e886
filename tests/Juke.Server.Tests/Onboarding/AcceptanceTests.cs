using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Onboarding;

/// <summary>The five acceptance criteria of the onboarding contract, by number, over HTTP.</summary>
public sealed class AcceptanceTests
{
    [Fact]
    public async Task Criteria_1_3_4_5_register_is_held_back_then_completes_then_is_a_normal_user()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();

        var registered = (await client.RegisterAsync()).EnsureOk();
        registered.Json["user"]!["onboardingRequired"]!.GetValue<bool>().ShouldBeTrue();

        var held = await client.GetAsync("/fixtures/upcoming");
        held.Status.ShouldBe(HttpStatusCode.Forbidden);
        held.Code.ShouldBe("ONBOARDING_REQUIRED");
        held.Json["missing"]!.AsArray().Select(m => m!.GetValue<string>()).ShouldBe(["username"]);
        held.Json["contractVersion"]!.GetValue<string>().ShouldNotBeEmpty();

        (await client.GetAsync("/auth/me")).EnsureOk();
        (await client.CompleteAsync()).EnsureOk().Json["success"]!.GetValue<bool>().ShouldBeTrue();

        (await client.GetAsync("/auth/me")).EnsureOk().Json["onboardingRequired"]!.GetValue<bool>().ShouldBeFalse();
        (await client.GetAsync("/fixtures/upcoming")).EnsureOk();
        (await client.GetAsync("/api/users/profile")).EnsureOk().Json["profile"]!["onboardingDone"]!.GetValue<bool>().ShouldBeTrue();
    }
}
