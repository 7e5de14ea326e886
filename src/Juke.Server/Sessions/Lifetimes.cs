namespace Juke.Server.Sessions;

/// <summary>How long a session lives, unused (idle) and at most (absolute), by kind (contract §5).</summary>
internal static class Lifetimes
{
    public const string App = "app";
    public const string Web = "web";
    public const string Juke = "juke";

    public static TimeSpan Idle(string kind) => TimeSpan.FromDays(kind == Juke ? 90 : 30);

    public static TimeSpan Absolute(string kind) => TimeSpan.FromDays(kind == Juke ? 365 : 90);
}
