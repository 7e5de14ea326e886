using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Desk.Google;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests.Google;

/// <summary>
/// Each forgery is what its name says: a verifier written after reference B5, rule by rule, takes those that are to pass and no other.
/// A forgery that it would take by mistake proves nothing to the server's tests either.
/// </summary>
public sealed class ForgeTests : GoogleTest
{
    private static readonly string[] Audiences = [GoogleStandIn.WebClientId, GoogleStandIn.IosClientId];
    private static readonly string[] Parties = [.. Audiences, GoogleStandIn.AndroidClientId];
    private static readonly string[] Issuers = [GoogleStandIn.Issuer, GoogleStandIn.LegacyIssuer];

    public static TheoryData<string> Names { get; } = [.. Forge.All.Select(forgery => forgery.Name)];

    [Fact]
    public void There_are_many_of_both_kinds()
    {
        Forge.All.Select(forgery => forgery.Name).ShouldBeUnique();
        Forge.All.Count(forgery => !forgery.ShouldPass).ShouldBeGreaterThanOrEqualTo(40);
        Forge.All.Count(forgery => forgery.ShouldPass).ShouldBeGreaterThanOrEqualTo(10);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_careful_verifier_takes_what_should_pass_and_nothing_else(string name)
    {
        var forgery = Forge.All.Single(one => one.Name == name);
        Takes(forgery.Token(Google, Somebody), forgery.Nonce).ShouldBe(forgery.ShouldPass);
    }

    [Fact]
    public void Another_app_of_the_world_signs_with_the_same_keys()
    {
        var token = Forge.All.Single(one => one.Name == "aud of another app").Token(Google, Somebody);
        GoogleSignInTests.Verified(token, Google.Keys.Jwks()).ShouldBeTrue("what is wrong with it is what it says, not who signed it");
    }

    private bool Takes(string token, string? nonce)
    {
        if (token.Length > 10_000 || token.Split('.') is not [var header, var payload, _]) return false;
        try
        {
            var head = Object(header);
            if (Text(head, "alg") != "RS256" || Text(head, "kid") is null || head.ContainsKey("crit") || !GoogleSignInTests.Verified(token, Google.Keys.Jwks())) return false;
            var claims = Object(payload);
            var now = Clock.Now.ToUnixTimeSeconds();
            return Text(claims, "aud") is { } aud && Audiences.Contains(aud)
                && Text(claims, "iss") is { } iss && Issuers.Contains(iss)
                && Text(claims, "sub") is { Length: >= 1 and <= 255 } sub && sub.All(char.IsAsciiLetterOrDigit)
                && (!claims.ContainsKey("azp") || (Text(claims, "azp") is { } azp && Parties.Contains(azp)))
                && Number(claims, "exp") is { } exp && now < exp
                && Number(claims, "iat") is { } iat && iat <= now + 30
                && (!claims.ContainsKey("nbf") || (Number(claims, "nbf") is { } nbf && nbf <= now + 30))
                && (nonce is null || Text(claims, "nonce") == nonce);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static JsonObject Object(string part) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(part), null, new() { AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException("No object.");

    private static string? Text(JsonObject claims, string name) => claims[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static long? Number(JsonObject claims, string name) => claims[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
}
