using System.Reflection;
using System.Text.Json.Nodes;

namespace Juke.Client.Tests;

/// <summary>contract/openapi.json and <see cref="JukeClient"/> name the same operations.</summary>
public sealed class OperationTests
{
    /// <summary>Operations that the SDK leaves out, on purpose: docs/decisions/0016-the-sdk.md says by which rule.</summary>
    private static readonly string[] LeftOut =
    [
        "upcomingFixturesApi", // The same list as upcomingFixtures, at the path of shipped apps.
        "getOnboardingJuke", // The same state as getOnboarding, in the other dialect.
        "postMyMusicProfile", // Acts as saveMyMusicProfile; shipped apps send it.
        "putMyMusicProfile", // Likewise.
        "saveMusicProfile", // Likewise, under one's own name.
        "createMusicProfile", // Likewise, once.
        "socialLogin", // Doors of shipped apps, whose sessions have no refresh: signInWithSpotify …
        "obtainToken", // … login …
        "endToken", // … logout …
        "registerAccount", // … register …
        "verifyRegistration", // … whose mail has another link …
        "resendRegistration", // … which addEmail sends again.
        "listUsers", // Shipped tests only.
        "getUser", // Likewise.
    ];

    /// <summary>Operations that have a method.</summary>
    internal static IEnumerable<string> Served => Operations.Except(LeftOut, StringComparer.Ordinal);

    private static IEnumerable<string> Operations =>
        from path in JsonNode.Parse(Repository.Read("contract/openapi.json"))!["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (string)operation.Value!["operationId"]!;

    private static IEnumerable<string> Methods =>
        typeof(JukeClient).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => m.Name.EndsWith("Async", StringComparison.Ordinal)).Select(m => KitApp.Camel(m.Name[..^"Async".Length])).Distinct();

    [Fact]
    public void Every_operation_has_its_method() =>
        Served.Except(Methods, StringComparer.Ordinal)
            .ShouldBeEmpty("Write the method in src/Juke.Client/JukeClient*.cs, named as the operation; or leave it out in this test and say why.");

    [Fact]
    public void Every_method_has_its_operation() =>
        Methods.Except(Operations, StringComparer.Ordinal)
            .ShouldBeEmpty("The method is named as no operation of contract/openapi.json. Name it as its operationId.");

    [Fact]
    public void What_is_left_out_is_served() => LeftOut.Except(Operations, StringComparer.Ordinal).ShouldBeEmpty("No longer served: take it off the list.");
}
