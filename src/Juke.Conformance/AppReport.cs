using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juke.Conformance;

/// <summary>One answer to <c>report</c>.</summary>
/// <param name="Windows">By name; only those that were started.</param>
/// <param name="Kept">Everything that is kept on the device, as one text.</param>
/// <param name="Results">How the app's own calls ended, by name.</param>
internal sealed record AppReport(IReadOnlyDictionary<string, WindowReport> Windows, string Kept, JsonObject Results)
{
    /// <exception cref="AppFaultException">It is not what docs/how-to/build-a-client.md says.</exception>
    public static AppReport Read(JsonObject json)
    {
        var windows = new Dictionary<string, WindowReport>(StringComparer.Ordinal);
        foreach (var (name, window) in Object(json["windows"], "windows"))
            if (window is not null) windows[name] = WindowReport.Read(Object(window, $"windows.{name}"), name);
        return new(windows, KeptOf(json["store"]), Object(json["results"], "results"));
    }

    /// <summary>An object; an empty one when it is absent.</summary>
    internal static JsonObject Object(JsonNode? node, string name) => node switch
    {
        null => [],
        JsonObject o => o,
        _ => throw AppFaultException.Unreadable($"the app's report has {name} {StrictJson.Show(node)}, and an object is meant"),
    };

    // A file that holds JSON writes some characters of an attempt in another way ('\/', '\u002B').
    private static string KeptOf(JsonNode? store) => (store is null ? "" : StrictJson.Text(store) ?? StrictJson.Show(store))
        .Replace("\\/", "/", StringComparison.Ordinal)
        .Replace("\\u002B", "+", StringComparison.OrdinalIgnoreCase)
        .Replace("\\u003D", "=", StringComparison.OrdinalIgnoreCase);
}

/// <summary>What one window says of itself.</summary>
/// <param name="Status"><c>loading</c>, <c>guest</c> or <c>authed</c>.</param>
/// <param name="OnboardingRequired">Null while there is no user.</param>
/// <param name="Routes">What it decides, by kind of screen.</param>
internal sealed record WindowReport(string Status, bool? OnboardingRequired, IReadOnlyDictionary<string, string> Routes)
{
    private static readonly HashSet<string> Statuses = SessionVectors.Routes.Select(r => r.Status).ToHashSet(StringComparer.Ordinal);

    public static WindowReport Read(JsonObject json, string name)
    {
        if (StrictJson.Text(json["status"]) is not { } status || !Statuses.Contains(status))
            throw Wrong("status", json["status"], string.Join(", ", Statuses));
        bool? required = json["onboardingRequired"]?.GetValueKind() switch
        {
            null => null,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong("onboardingRequired", json["onboardingRequired"], "true, false or null"),
        };
        var routes = AppReport.Object(json["routes"], $"windows.{name}.routes");
        return new(status, required, routes.ToDictionary(r => r.Key, r => StrictJson.Text(r.Value) ?? throw Wrong("routes." + r.Key, r.Value, "a word of routes.json"), StringComparer.Ordinal));

        AppFaultException Wrong(string member, JsonNode? value, string meant) =>
            AppFaultException.Unreadable($"the app's report has windows.{name}.{member} {StrictJson.Show(value)}, and {meant} is meant");
    }

    /// <summary>Every kind of screen, whether the app has one or not: a kind that is left out would be decided by nobody. Null when all are right.</summary>
    public string? WrongRoute()
    {
        foreach (var row in SessionVectors.Routes.Where(r => r.Status == Status && r.OnboardingRequired == (OnboardingRequired ?? false)))
        {
            var then = Routes.GetValueOrDefault(row.Route);
            if (then != row.Then)
                return $"{Status}{(row.OnboardingRequired ? " with onboarding required" : "")}, a screen of kind {row.Route} leads to {then ?? "nothing that the app reports"} instead of {row.Then}";
        }
        return null;
    }
}
