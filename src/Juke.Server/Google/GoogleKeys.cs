using System.Text.Json;
using Juke.Contract;
using Juke.Server.Plumbing;

namespace Juke.Server.Google;

/// <summary>
/// Google's signing keys, kept as long as Google says. Google.Apis.Auth would keep them an hour whatever Google says, never
/// ask again for a key that it does not know, and hold everybody up while it asks (decision 0014): so it is handed ours.
/// </summary>
internal sealed class GoogleKeys(ProviderHttp http, Uri address, TimeProvider time)
{
    /// <summary>How often an unknown key makes us ask: a forger can name any.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Unsaid = TimeSpan.FromHours(1);

    /// <summary>After a failure everybody gets its answer for this long, however many ask.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly Shared<string, Outcome<Known>> asking = new();
    private Known? known;
    private Failure? failure;

    /// <summary>The key of this id.</summary>
    /// <returns>Null when Google has no such key; <c>PROVIDER_UNAVAILABLE</c> when Google does not answer.</returns>
    public async Task<Outcome<JsonElement?>> FindAsync(string id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (Volatile.Read(ref known) is { } kept && now < kept.EndsAt && (kept.Keys.ContainsKey(id) || kept.IsNewAt(now))) return kept.Find(id);
        if (Volatile.Read(ref failure) is { } failed && now < failed.At + Rest) return failed.Problem;
        var asked = await asking.RunAsync("keys", AskAsync, cancellation);
        return asked.Failed ? asked.Problem : asked.Value.Find(id);
    }

    private async Task<Outcome<Known>> AskAsync()
    {
        var now = time.GetUtcNow();
        // Asked by somebody else since the caller looked.
        if (Volatile.Read(ref known) is { } kept && kept.IsNewAt(now)) return kept;
        var reply = await http.SendAsync("keys", () => new HttpRequestMessage(HttpMethod.Get, address), again: true, CancellationToken.None);
        if (reply.Status != 200 || reply.Json() is not { } json) return Failed(reply, now);
        var keys = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var key in json.List("keys"))
            if (key.Text("kid", 200) is { } id && key.Text("kty", 10) == "RSA" && key.Text("n", 4096) is not null && key.Text("e", 20) is not null
                && key.Text("use", 10) is null or "sig" && key.Text("alg", 10) is null or "RS256") keys[id] = key;
        if (keys.Count == 0) return Failed(reply, now);
        var age = reply.MaxAge ?? Unsaid;
        var fresh = new Known(keys, now, now + (age < AskAgainAfter ? AskAgainAfter : age > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : age));
        Volatile.Write(ref known, fresh);
        return fresh;
    }

    private Problem Failed(ProviderReply reply, DateTimeOffset now)
    {
        var problem = reply.Unavailable(GoogleService.NoAnswer);
        Volatile.Write(ref failure, new Failure(problem, now));
        return problem;
    }

    private sealed record Failure(Problem Problem, DateTimeOffset At);

    private sealed record Known(Dictionary<string, JsonElement> Keys, DateTimeOffset AskedAt, DateTimeOffset EndsAt)
    {
        public bool IsNewAt(DateTimeOffset now) => now < AskedAt + AskAgainAfter;

        public Outcome<JsonElement?> Find(string id) => Keys.TryGetValue(id, out var key) ? key : (JsonElement?)null;
    }
}
