using Juke.Server.Plumbing;

namespace Juke.Server.Published;

/// <summary>
/// Production serves frozen versions only: whoever builds on an open one may find it changed tomorrow. The setting is for
/// rehearsals (docs/decisions/0011).
/// </summary>
internal static class OpenContract
{
    /// <summary>Why this server does not start, or null.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="open">The open version, or null.</param>
    public static string? Refusal(Settings settings, string? open) => settings.IsProduction && open is not null && !settings.AllowOpenContract
        ? $"Contract version {open} is open, and production serves frozen versions only: freeze it (./dev contract freeze) and build again, or set JUKE_ALLOW_OPEN_CONTRACT=1 for a rehearsal."
        : null;

    public static void Warn(ILogger log, Settings settings, string? open)
    {
        if (settings.IsProduction && open is not null) log.LogWarning("Contract version {Version} is open and may still change: this is a rehearsal (JUKE_ALLOW_OPEN_CONTRACT=1)", open);
    }
}
