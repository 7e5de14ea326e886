using System.Text.Json;
using Juke.Contract;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Plumbing;

/// <summary>Nothing that anybody sends is a 5xx, and nothing that is refused changes anything.</summary>
public sealed class HostileInputTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task Malformed_requests_are_refused_with_a_problem_and_change_nothing()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        (await client.CompleteAsync(HostileJuke.Username)).EnsureOk();
        using var known = server.NewClient();
        (await known.RegisterAsync("known@example.com")).EnsureOk();
        var token = client.AccessToken!;

        List<Hostile> table = [.. HostileBodies.All(token), .. HostileHeads.All(token), .. HostileValues.All(token), .. HostileJuke.All(token)];
        table.Count.ShouldBeGreaterThanOrEqualTo(300);
        table.Select(h => h.Name).ShouldBeUnique();
        table.GroupBy(h => Convert.ToBase64String(h.Bytes), StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => string.Join(" = ", g.Select(h => h.Name))).ShouldBeEmpty();

        var complaints = new List<string>();
        var before = await FingerprintAsync();
        foreach (var hostile in table)
        {
            if (await TryAsync(hostile) is { } complaint) complaints.Add($"{hostile.Name}: {complaint}");
            var after = await FingerprintAsync();
            if (after != before) complaints.Add($"{hostile.Name}: changed something");
            before = after;
        }
        if (complaints.Count > 0) Assert.Fail($"{complaints.Count} of {table.Count}:\n" + string.Join('\n', complaints.Select(c => JsonSerializer.Serialize(c)).Take(100)));
        (await client.GetAsync("/fixtures/upcoming")).EnsureOk();
    }

    private async Task<string?> TryAsync(Hostile hostile)
    {
        if (await RawHttp.SendAsync(server.Url, hostile.Bytes) is not { } reply) return hostile.BelowUs ? null : "no answer";
        if (reply.Status is < 400 or > 499) return $"status {reply.Status} {reply.Body}";
        if (reply.BodyBytes.Length == 0) return hostile.BelowUs ? null : $"status {reply.Status} without a body";

        if (reply.Json is not { } body) return "the body is null";
        var code = body["code"]?.GetValue<string>() ?? "";
        if (!ProblemCode.All.TryGetValue(code, out var known)) return "no code of the list: " + reply.Body;
        if (known.Status != reply.Status || body["status"]!.GetValue<int>() != reply.Status) return $"{code} with status {reply.Status}";
        if (hostile.Code is not null && hostile.Code != code) return $"{code} in place of {hostile.Code}: {reply.Body}";
        if (body["message"]!.GetValue<string>() != body["detail"]!.GetValue<string>() || body["detail"]!.GetValue<string>().Length == 0) return "message is not detail";
        if (body["title"]!.GetValue<string>() != known.Title || !body["error"]!.GetValue<string>().Equals(code.ToLowerInvariant(), StringComparison.Ordinal)) return "title or error: " + reply.Body;
        if (hostile.Field is not null && body["errors"]?[hostile.Field] is null) return $"errors does not name {hostile.Field}: {reply.Body}";
        if (reply.Header("Trace-Id") is not { Length: > 0 } || reply.Header("Juke-Contract") != ContractVersion.Current) return "a header is missing";
        return reply.Header("X-Content-Type-Options") != "nosniff" ? "no nosniff" : null;
    }

    /// <summary>Everything that a refused request could have changed.</summary>
    private async Task<string> FingerprintAsync() => (await server.AskAsync<string>(
        """
        select md5(concat(
          (select string_agg(u::text, '|' order by id) from users u),
          (select string_agg(p::text, '|' order by user_id) from user_profiles p),
          (select string_agg(concat_ws(',', sid, user_id, kind, gen, issued_at, attempt_hash, salt, idle_ends_at, absolute_ends_at, ended_at, end_reason), '|' order by sid) from sessions),
          (select string_agg(t::text, '|' order by id) from email_tokens t)))
        """))!;
}
