using System.Text.Json.Serialization.Metadata;

namespace Juke.Server.Plumbing;

/// <summary>From a use case's outcome to the reply.</summary>
internal static class Answers
{
    /// <summary>200 with the value, or the problem.</summary>
    public static IResult Answer<T>(this Outcome<T> outcome, JsonTypeInfo<T> type) =>
        outcome.Failed ? new ProblemAnswer(outcome.Problem) : TypedResults.Json(outcome.Value, type);

    public static IResult Answer(this Problem problem) => new ProblemAnswer(problem);

    private sealed class ProblemAnswer(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Problems.WriteAsync(httpContext, problem);
    }
}
