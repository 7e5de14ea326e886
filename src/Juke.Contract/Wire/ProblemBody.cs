using System.Text.Json.Serialization;

namespace Juke.Contract.Wire;

/// <summary>The body of every refusal (RFC 9457; contract §8). Equal refusals have equal bodies: the trace id is a header.</summary>
/// <param name="Type">A URN made of the code.</param>
/// <param name="Title">The same for every problem of the code.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">A sentence for the person.</param>
/// <param name="Code">One of a closed list; branch on it, never on texts. Fall back on the status for one that you do not know.</param>
/// <param name="Message">The same as <paramref name="Detail"/>, where older clients look for it.</param>
/// <param name="Error">The code in snake_case, where older clients look for it.</param>
/// <param name="Errors">Messages by JSON name of the field (VALIDATION_FAILED).</param>
/// <param name="Missing">Fields that onboarding still asks for: may be empty (ONBOARDING_REQUIRED); those without which it cannot end (ONBOARDING_INCOMPLETE).</param>
/// <param name="ContractVersion">The newest contract version that this server knows (ONBOARDING_REQUIRED), under this name in both dialects.</param>
/// <param name="Suggestion">A free name (USERNAME_TAKEN).</param>
public sealed record ProblemBody(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string Message,
    string Error,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string[]>? Errors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Missing,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ContractVersion,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Suggestion);
