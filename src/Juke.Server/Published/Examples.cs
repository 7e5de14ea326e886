using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;

namespace Juke.Server.Published;

/// <summary>The examples that the document shows: one per type of body and one per problem code, each written once.</summary>
internal sealed class Examples
{
    private readonly SortedDictionary<string, JsonObject> shown = new(StringComparer.Ordinal);

    /// <summary>The sample of a type, by reference.</summary>
    public JsonObject Of(JsonTypeInfo type)
    {
        var name = type.Type.Name;
        if (!Samples.All.TryGetValue(type.Type, out var sample))
            throw new InvalidOperationException($"{name} has no sample: add one to Published/Samples.cs. The document shows it, and contract/samples keeps it.");
        shown.TryAdd(name, new JsonObject { ["value"] = JsonSerializer.SerializeToNode(sample, type) });
        return new JsonObject { [name] = Reference(name) };
    }

    public JsonObject OfProblems(IReadOnlyList<string> codes)
    {
        foreach (var code in codes)
            shown.TryAdd(code, new JsonObject { ["summary"] = ProblemCode.All[code].Title, ["value"] = JsonSerializer.SerializeToNode(Sample(code), CoreJson.Default.ProblemBody) });
        return new JsonObject(codes.Select(c => KeyValuePair.Create(c, (JsonNode?)Reference(c))));
    }

    public JsonObject ToJson() => new(shown.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)e.Value)));

    private static JsonObject Reference(string name) => new() { ["$ref"] = "#/components/examples/" + name };

    private static ProblemBody Sample(string code)
    {
        var problem = code switch
        {
            ProblemCode.ValidationFailed => Problem.Fields(("username", "Username must be at least 3 characters long")),
            ProblemCode.OnboardingRequired => new Problem(code, "Onboarding required. Please complete onboarding first.") { Missing = ["username"] },
            ProblemCode.UsernameTaken => new Problem(code, "Username already taken") { Suggestion = "ada_lovelace42" },
            _ => new Problem(code, ProblemCode.All[code].Title + "."),
        };
        return Problems.Body(problem, ProblemCode.StatusOf(code));
    }
}
