using System.Net;
using Juke.Contract;
using Juke.Contract.Wire;

namespace Juke.Client;

/// <summary>
/// The server understood and refused (contract §8). Branch on <see cref="Code"/>. A network that fails, a time-out and an answer
/// that cannot be read are <see cref="HttpRequestException"/> instead: trying again may help there.
/// </summary>
public sealed class ProblemException : Exception
{
    internal ProblemException(HttpStatusCode status, ProblemBody? problem, TimeSpan? retryAfter)
        : base(problem?.Detail ?? $"The server answered {(int)status}.") =>
        (Status, Problem, RetryAfter) = (status, problem, retryAfter);

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>One of <see cref="ProblemCode"/>, or empty when the refusal did not come from Juke (a proxy on the way).</summary>
    public string Code => Problem?.Code ?? "";

    /// <summary>The whole refusal: fields, missing answers, a free name; null when it did not come from Juke.</summary>
    public ProblemBody? Problem { get; }

    /// <summary>When to come back, where the server said so (429, 503).</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether it passes by itself: too many requests, or a server that is not well.</summary>
    public bool IsTransient => Status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;
}
