using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Juke.Server.Plumbing;

/// <summary>What an operator watches (docs/operations.md): sign-ups and sign-ins by door, completions, the gate, refreshes.</summary>
internal static class Metrics
{
    public const string Name = "Juke";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> SignUps = Meter.CreateCounter<long>("juke.sign_ups", description: "Accounts made, by door");
    private static readonly Counter<long> SignIns = Meter.CreateCounter<long>("juke.sign_ins", description: "Sign-ins, by door and outcome");
    private static readonly Counter<long> AccessTokenSignIns = Meter.CreateCounter<long>("juke.access_token_sign_ins", description: "Uses of the deprecated form of social-login, by outcome");
    private static readonly Counter<long> Completions = Meter.CreateCounter<long>("juke.onboarding.completions", description: "First completions of onboarding");
    private static readonly Counter<long> GateRefusals = Meter.CreateCounter<long>("juke.gate.refusals", description: "403 ONBOARDING_REQUIRED");
    private static readonly Counter<long> Refreshes = Meter.CreateCounter<long>("juke.refreshes", description: "Refreshes, by outcome of the rotation table");
    private static readonly Counter<long> ProviderCalls = Meter.CreateCounter<long>("juke.provider.calls", description: "Calls to Spotify and Google, by call and outcome");

    public static void SignedUp(string door) => SignUps.Add(1, new KeyValuePair<string, object?>("door", door));

    public static void SignedIn(string door, bool success) =>
        SignIns.Add(1, new KeyValuePair<string, object?>("door", door), new KeyValuePair<string, object?>("outcome", success ? "success" : "refused"));

    public static void SignedInWithAccessToken(string outcome) => AccessTokenSignIns.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void Completed() => Completions.Add(1);

    public static void GateRefused() => GateRefusals.Add(1);

    public static void Refreshed(string outcome) => Refreshes.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void ProviderCalled(string provider, string call, string outcome) => ProviderCalls.Add(
        1, new KeyValuePair<string, object?>("provider", provider), new KeyValuePair<string, object?>("call", call), new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>The trace that this request's log lines carry; made up when nobody listens.</summary>
    public static string TraceId(HttpContext http) =>
        Activity.Current is { TraceId: var id } && id != default ? id.ToString() : http.TraceIdentifier;
}
