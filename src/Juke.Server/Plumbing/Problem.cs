using System.Collections.Immutable;
using Juke.Contract;

namespace Juke.Server.Plumbing;

/// <summary>An expected failure: a value, with a code of the closed list. Exceptions are bugs or outages.</summary>
/// <param name="Code">One of <see cref="ProblemCode"/>.</param>
/// <param name="Detail">A sentence for the person.</param>
internal sealed record Problem(string Code, string Detail)
{
    /// <summary>Messages by JSON name of the field.</summary>
    public ImmutableSortedDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Fields that onboarding still asks for (403 ONBOARDING_REQUIRED).</summary>
    public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>A free name (409 USERNAME_TAKEN).</summary>
    public string? Suggestion { get; init; }

    /// <summary>What stands in <c>error</c> where old clients know another word than the code; null: the code.</summary>
    public string? OldError { get; init; }

    /// <summary>When to come back (429, 503).</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The fields that are wrong. <c>detail</c> is their texts in the order given, joined by a space (contract §8).</summary>
    public static Problem Fields(params IReadOnlyList<(string Field, string Message)> errors) =>
        new(ProblemCode.ValidationFailed, string.Join(' ', errors.Select(e => e.Message)))
        {
            Errors = errors.GroupBy(e => e.Field, StringComparer.Ordinal)
                .ToImmutableSortedDictionary(g => g.Key, g => g.Select(e => e.Message).ToArray(), StringComparer.Ordinal),
        };

    /// <summary>
    /// Code of a refusal that no API route answers: the provider's account is somebody else's. Pages turn it into a word, so it is
    /// not of <see cref="ProblemCode"/>, whose list clients build on.
    /// </summary>
    public const string IdentityTaken = "IDENTITY_TAKEN";

    /// <summary>The HTTP status that it is answered with.</summary>
    public int Status => Code == IdentityTaken ? StatusCodes.Status409Conflict : ProblemCode.StatusOf(Code);

    public static Problem Unauthorized { get; } = new(ProblemCode.Unauthorized, "Unauthorized");

    public static Problem InvalidCredentials { get; } = new(ProblemCode.InvalidCredentials, "Invalid credentials");

    public static Problem AccountDisabled { get; } = new(ProblemCode.AccountDisabled, "This account has been disabled.");

    public static Problem TooMany(TimeSpan retryAfter) =>
        new(ProblemCode.TooManyRequests, "Too many requests. Try again later.") { RetryAfter = retryAfter };
}

/// <summary>What a use case gives back: the value, or the problem.</summary>
internal readonly record struct Outcome<T>
{
    private Outcome(T? value, Problem? problem) => (Value, Problem) = (value, problem);

    /// <summary>Null when the use case succeeded.</summary>
    public Problem? Problem { get; }

    /// <summary>The value when <see cref="Problem"/> is null.</summary>
    public T? Value { get; }

    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Value))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Problem))]
    public bool Failed => Problem is not null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>A value whose type is an interface, which C# converts by itself nowhere.</summary>
    public static Outcome<T> Of(T value) => new(value, null);

    public static implicit operator Outcome<T>(Problem problem) => new(default, problem);
}
