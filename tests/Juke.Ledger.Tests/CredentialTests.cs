using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Ledger.Tests;

/// <summary>The credentials that the document lists for an operation are those that open it.</summary>
public sealed class CredentialTests(ServedContract served)
{
    [Fact]
    public async Task Each_operation_takes_the_credentials_that_it_lists_and_no_other()
    {
        string[] schemes = [.. served.Document["components"]!["securitySchemes"]!.AsObject().Select(s => s.Key)];
        schemes.ShouldBe(["bearer", "token"], ignoreOrder: true);
        foreach (var operation in served.Operations)
        {
            var listed = operation.Entry["security"]!.AsArray().SelectMany(s => s!.AsObject().Select(scheme => scheme.Key)).ToList();
            if (operation.Gate == "Anonymous") listed.ShouldBeEmpty(operation.Id);
            // One account each: some operations end the session that asks.
            else foreach (var scheme in schemes) (await OpensAsync(operation, scheme)).ShouldBe(listed.Contains(scheme), $"{operation.Id} with {scheme}");
        }
    }

    [Fact]
    public async Task A_token_of_the_Juke_dialect_opens_the_core_after_either_word()
    {
        using var client = await SignedInAsync();
        foreach (var word in (string[])["Token", "Bearer"])
            (await client.SendAsync(HttpMethod.Get, "/auth/me", change: r => r.Headers.Authorization = new AuthenticationHeaderValue(word, client.Token))).EnsureOk();
    }

    private async Task<bool> OpensAsync(Operation operation, string scheme)
    {
        using var client = await SignedInAsync();
        if (scheme == "bearer") client.Token = null;
        var reply = await client.SendAsync(operation.Method, operation.Target, operation.BodySchema is null ? null : new JsonObject());
        return reply.Code != "UNAUTHORIZED";
    }

    private async Task<TestClient> SignedInAsync()
    {
        var client = served.Server.NewClient();
        var name = TestClient.NewName();
        (await client.RegisterAsync()).EnsureOk();
        (await client.CompleteAsync(name)).EnsureOk();
        (await client.TokenAsync(name)).EnsureOk();
        return client;
    }
}
