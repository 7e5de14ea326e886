using System.Globalization;
using Juke.Contract;

namespace Juke.Server.Plumbing;

/// <summary>
/// What the old server said where no use case speaks: shipped apps show these sentences, and some match on them (legacy-wire
/// A.1). Only the Juke dialect has them; <c>code</c> is the same in both.
/// </summary>
internal static class OldTexts
{
    public const string NotAllowed = "You do not have permission to perform this action.";

    public const string NotFound = "Not found.";

    /// <summary>401 in the words of the path's dialect.</summary>
    /// <param name="http">The request.</param>
    /// <param name="reason">What is wrong with the credential; null when there was none.</param>
    public static Problem Unauthorized(HttpContext http, string? reason) =>
        Problems.IsJuke(http.Request.Path) ? Problem.Unauthorized with { Detail = reason ?? "Authentication credentials were not provided." } : Problem.Unauthorized;

    /// <summary>A problem as the Juke dialect says it.</summary>
    public static Problem Of(Problem problem) => problem switch
    {
        { Code: ProblemCode.TooManyRequests, RetryAfter: { } wait } => problem with { Detail = Throttled(Problems.Seconds(wait)) },
        _ => problem,
    };

    /// <summary>405, naming the method.</summary>
    public static string MethodNotAllowed(string method) => $"Method \"{Cut(method)}\" not allowed.";

    private static string Throttled(int seconds) =>
        "Request was throttled. Expected available in " + seconds.ToString(CultureInfo.InvariantCulture) + (seconds == 1 ? " second." : " seconds.");

    // What a stranger sent is repeated, but not by the kilobyte.
    private static string Cut(string method) => method.Length <= 20 ? method : method[..20];
}
