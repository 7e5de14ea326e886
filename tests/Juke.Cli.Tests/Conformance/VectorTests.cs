using System.Text.Json;
using Juke.Conformance;
using Juke.Contract.Wire;

namespace Juke.Cli.Tests.Conformance;

/// <summary>What session.json says of the server, held against the contract.</summary>
public sealed class VectorTests
{
    [Fact]
    public void The_members_of_a_call_are_those_of_its_request()
    {
        var members = SessionVectors.BuiltIn.Members;
        Dictionary<string, Type> requests = new(StringComparer.Ordinal)
        {
            ["POST /auth/login"] = typeof(LoginRequest),
            ["POST /auth/refresh"] = typeof(RefreshRequest),
            ["POST /auth/logout"] = typeof(LogoutRequest),
            ["POST /auth/change-password"] = typeof(ChangePasswordRequest),
            ["POST /auth/onboarding/complete"] = typeof(CompleteRequest),
            ["POST /api/onboarding/skip"] = typeof(SkipRequest),
        };
        members.Keys.Order(StringComparer.Ordinal).ShouldBe(requests.Keys.Order(StringComparer.Ordinal));
        foreach (var (call, request) in requests)
            members[call].ShouldBe(request.GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)), ignoreOrder: true, call);
    }

    [Fact]
    public void Every_call_with_a_body_that_is_expected_has_its_members_written_down() =>
        SessionVectors.BuiltIn.Scenarios.SelectMany(s => s.Steps).Where(s => s.Body is not null).Select(s => s.Expect).OfType<string>()
            .Except(SessionVectors.BuiltIn.Members.Keys, StringComparer.Ordinal).ShouldBeEmpty();
}
