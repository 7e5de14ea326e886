using System.Reflection;
using Juke.Contract;
using Juke.Server.Gate;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.Http.Metadata;

namespace Juke.Server.Published;

/// <summary>Which problems an endpoint can answer: its own, those of its gate level, those of its body, and those of every request.</summary>
internal static class PossibleProblems
{
    private static readonly string[] OfEveryRequest = [ProblemCode.UnsupportedContractVersion, ProblemCode.Internal, ProblemCode.ServiceUnavailable];

    private static readonly string[] OfBodies =
        [ProblemCode.BadRequest, ProblemCode.ValidationFailed, ProblemCode.RequestTimeout, ProblemCode.PayloadTooLarge, ProblemCode.UnsupportedMediaType];

    /// <summary>Name of the constant by code, for its documentation.</summary>
    public static IReadOnlyDictionary<string, FieldInfo> Constants { get; } =
        typeof(ProblemCode).GetFields().Where(f => f.IsLiteral).ToDictionary(f => (string)f.GetRawConstantValue()!, StringComparer.Ordinal);

    public static IReadOnlyList<string> Of(RouteEndpoint endpoint, Level level, bool hasBody)
    {
        var codes = new SortedSet<string>(OfEveryRequest, StringComparer.Ordinal);
        if (hasBody) codes.UnionWith(OfBodies);
        if (level != Level.Anonymous) codes.Add(ProblemCode.Unauthorized);
        if (level == Level.Onboarded) codes.Add(ProblemCode.OnboardingRequired);
        if (level == Level.Anonymous && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains(HttpMethods.Post)) codes.Add(ProblemCode.TooManyRequests);
        foreach (var own in endpoint.Metadata.GetOrderedMetadata<OwnProblems>()) codes.UnionWith(own.Codes);
        return [.. codes];
    }
}
