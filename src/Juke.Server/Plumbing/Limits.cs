using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Juke.Server.Plumbing;

/// <summary>
/// Limits on unauthenticated POSTs: strict per (address, identifier), looser per address, and for an identifier as such
/// only a growing delay, so that nobody can lock a victim out (contract rule L1; docs/decisions/0008).
/// Counters live in this process: with several servers each counts for itself.
/// </summary>
internal sealed class Limits(Settings settings, TimeProvider time)
{
    /// <summary>Wrong passwords that cost nothing yet.</summary>
    private const int FreeFailures = 5;

    /// <summary>For each user, as the old server had it.</summary>
    private static readonly Rate StreamingTokens = new(30, TimeSpan.FromMinutes(1));

    private static readonly TimeSpan Forget = TimeSpan.FromMinutes(15);

    private readonly Allowance perAddress = new(settings.AddressRate, time);
    private readonly Allowance perIdentifier = new(settings.IdentifierRate, time);
    private readonly Allowance streamingTokens = new(StreamingTokens, time);
    private readonly ConcurrentDictionary<string, (int Count, DateTimeOffset Last)> failures = new(StringComparer.Ordinal);

    /// <summary>Null when the address may post, else the refusal.</summary>
    public Problem? CheckAddress(HttpContext http) => Refusal(perAddress.Take(Address(http)));

    /// <summary>Null when this address may try this identifier, else the refusal. Whether the identifier exists is not asked.</summary>
    public Problem? CheckIdentifier(string address, string purpose, string identifier) =>
        Refusal(perIdentifier.Take($"{address} {purpose} {identifier}"));

    /// <summary>Null when this user may have a streaming token, else the refusal in the words of the old server.</summary>
    public Problem? CheckStreamingToken(long userId) =>
        Refusal(streamingTokens.Take(userId.ToString(CultureInfo.InvariantCulture))) is not { RetryAfter: { } wait } refusal ? null : refusal with
        {
            Detail = string.Create(CultureInfo.InvariantCulture, $"Request was throttled. Expected available in {Math.Ceiling(wait.TotalSeconds)} seconds."),
        };

    /// <summary>Waits as long as the failures for this identifier ask for: 0 at first, then doubling up to the setting.</summary>
    public Task DelayAsync(string identifier, CancellationToken cancellation)
    {
        if (!failures.TryGetValue(identifier, out var f) || f.Count < FreeFailures || time.GetUtcNow() - f.Last > Forget) return Task.CompletedTask;
        var delay = TimeSpan.FromMilliseconds(Math.Min(250 * Math.Pow(2, Math.Min(f.Count - FreeFailures, 10)), settings.LongestDelay.TotalMilliseconds));
        return delay <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(delay, time, cancellation);
    }

    public void Failed(string identifier)
    {
        var now = time.GetUtcNow();
        failures.AddOrUpdate(identifier, (1, now), (_, f) => now - f.Last > Forget ? (1, now) : (f.Count + 1, now));
        if (failures.Count > 100_000)
            foreach (var (key, f) in failures)
                if (now - f.Last > Forget) failures.TryRemove(key, out _);
    }

    public void Succeeded(string identifier) => failures.TryRemove(identifier, out _);

    /// <summary>The caller's address as a counter knows it: an IPv6 caller owns a whole /64.</summary>
    public static string Address(HttpContext http)
    {
        var ip = http.Connection.RemoteIpAddress;
        if (ip is null) return "-";
        if (ip.IsIPv4MappedToIPv6) ip = ip.MapToIPv4();
        if (ip.AddressFamily != AddressFamily.InterNetworkV6) return ip.ToString();
        var bytes = ip.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes) + "/64";
    }

    private static Problem? Refusal(TimeSpan wait) => wait > TimeSpan.Zero ? Problem.TooMany(wait) : null;

    /// <summary>Generic cell rate algorithm (ITU-T I.371): one instant per key says all, and how long to wait.</summary>
    private sealed class Allowance(Rate rate, TimeProvider time)
    {
        private readonly ConcurrentDictionary<string, long> arrivals = new(StringComparer.Ordinal);
        private readonly long step = rate.Per.Ticks / rate.Count;
        private long nextSweep;

        /// <summary>Zero when taken, else how long until one can be.</summary>
        public TimeSpan Take(string key)
        {
            var now = time.GetUtcNow().Ticks;
            Sweep(now);
            while (true)
            {
                var known = arrivals.TryGetValue(key, out var seen);
                var arrival = known ? Math.Max(seen, now) : now;
                var wait = arrival + step - rate.Per.Ticks - now;
                if (wait > 0) return TimeSpan.FromTicks(wait);
                if (known ? arrivals.TryUpdate(key, arrival + step, seen) : arrivals.TryAdd(key, arrival + step)) return TimeSpan.Zero;
            }
        }

        private void Sweep(long now)
        {
            var due = Interlocked.Read(ref nextSweep);
            if (now < due || Interlocked.CompareExchange(ref nextSweep, now + rate.Per.Ticks, due) != due) return;
            foreach (var (key, arrival) in arrivals)
                if (arrival <= now) arrivals.TryRemove(new KeyValuePair<string, long>(key, arrival));
        }
    }
}
