using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Juke.Server.JukeApi;

/// <summary>
/// The words of the Juke dialect's paths are matched letter by letter, as the old server did. Routing alone takes them in any
/// case, and then nobody could reach the profile of an imported user called Globe, and a save under the name Me went to the caller's own.
/// </summary>
internal sealed class ExactPaths : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(IsJuke);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
            if (candidates.IsValidCandidate(i) && IsJuke(candidates[i].Endpoint) && !IsExact(((RouteEndpoint)candidates[i].Endpoint).RoutePattern, httpContext.Request.Path.Value))
                candidates.SetValidity(i, false);
        return Task.CompletedTask;
    }

    private static bool IsJuke(Endpoint endpoint) =>
        endpoint is RouteEndpoint route && route.RoutePattern.RawText?.StartsWith("/api/v1/", StringComparison.Ordinal) == true;

    private static bool IsExact(RoutePattern pattern, ReadOnlySpan<char> path)
    {
        foreach (var segment in pattern.PathSegments)
        {
            path = path.IsEmpty ? path : path[1..];
            var end = path.IndexOf('/') is var slash and >= 0 ? slash : path.Length;
            if (segment.Parts is [RoutePatternLiteralPart word] && !path[..end].SequenceEqual(word.Content)) return false;
            path = path[end..];
        }
        return true;
    }
}
