using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Gate;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Juke.Server.Published;

/// <summary>One endpoint as an operation of the document.</summary>
internal sealed class OperationEntry(XmlDocs docs, Shapes shapes, Examples examples)
{
    /// <summary>The refusals met so far, by their codes.</summary>
    public SortedDictionary<string, JsonObject> Problems { get; } = new(StringComparer.Ordinal);

    public JsonObject Of(RouteEndpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        var level = OnboardingGate.LevelOf(endpoint);
        var room = UseCaseOf(endpoint);
        var body = Body(endpoint);
        var operation = new JsonObject
        {
            ["operationId"] = metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? throw Incomplete(endpoint, "WithName"),
            ["tags"] = new JsonArray(Tags.Of(room)),
            ["summary"] = metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary ?? throw Incomplete(endpoint, "WithSummary"),
        };
        if (metadata.GetMetadata<IEndpointDescriptionMetadata>()?.Description is { } description) operation["description"] = description;
        operation["x-juke-gate"] = level.ToString();
        operation["security"] = level == Level.Anonymous ? [] : Security(IsJuke(endpoint));
        operation["parameters"] = new JsonArray([.. Parameters(endpoint)]);
        if (body is not null) operation["requestBody"] = body;
        operation["responses"] = Responses(endpoint, PossibleProblems.Of(endpoint, level, hasBody: body is not null));
        return operation;
    }

    // Either credential opens every route; the one of the route's own dialect comes first.
    private static JsonArray Security(bool isJuke) =>
        new([.. (isJuke ? ["token", "bearer"] : new[] { "bearer", "token" }).Select(scheme => new JsonObject { [scheme] = new JsonArray() })]);

    private JsonObject? Body(RouteEndpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        var taken = metadata.GetMetadata<TakenBody>();
        // The parameter of a handler is read with the options of the core dialect.
        if (taken is null && metadata.GetMetadata<IAcceptsMetadata>() is { RequestType: { } type } accepts)
            taken = new TakenBody(CoreJson.Default.GetTypeInfo(type) ?? throw new InvalidOperationException($"CoreJson does not know {type.Name}."), !accepts.IsOptional);
        if (taken is null) return null;
        var content = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = shapes.OfRequest(taken.Type), ["examples"] = examples.Of(taken.Type) } };
        // The same members as a form: every body of the Juke dialect comes in three ways.
        if (IsJuke(endpoint))
            foreach (var form in (string[])["application/x-www-form-urlencoded", "multipart/form-data"]) content[form] = Form((JsonObject)content["application/json"]!.DeepClone());
        return new JsonObject { ["required"] = taken.Required, ["content"] = content };
    }

    // In a form a list is a repeated name, and an object is its JSON.
    private JsonObject Form(JsonObject content)
    {
        var objects = shapes.ObjectsIn(content["schema"]!);
        if (objects.Count > 0) content["encoding"] = new JsonObject(objects.Select(o => KeyValuePair.Create(o, (JsonNode?)new JsonObject { ["contentType"] = "application/json" })));
        return content;
    }

    private static IEnumerable<JsonNode> Parameters(RouteEndpoint endpoint)
    {
        foreach (var parameter in endpoint.Metadata.GetOrderedMetadata<Parameter>())
        {
            var entry = new JsonObject
            {
                ["name"] = parameter.Name,
                ["in"] = parameter.In,
                ["description"] = parameter.Summary,
                ["required"] = parameter.Required,
                ["schema"] = Headers.Schema(parameter.Value),
            };
            if (parameter.Value.List is not null) entry["explode"] = false; // One parameter, values between commas.
            yield return entry;
        }
        yield return new JsonObject { ["$ref"] = Headers.VersionParameter };
    }

    private JsonObject Responses(RouteEndpoint endpoint, IReadOnlyList<string> codes)
    {
        var responses = Success(endpoint);
        // Who asks only for what is new may be told that nothing is.
        if (endpoint.Metadata.GetOrderedMetadata<Parameter>().Any(p => p.Name == HeaderNames.IfNoneMatch))
            responses["304"] = new JsonObject { ["description"] = "Nothing changed.", ["headers"] = Headers.OfSuccess(endpoint.Metadata.GetOrderedMetadata<GivenHeader>()) };
        var isJuke = IsJuke(endpoint);
        foreach (var status in codes.GroupBy(ProblemCode.StatusOf).OrderBy(g => g.Key))
            responses[status.Key.ToString(CultureInfo.InvariantCulture)] = ProblemResponse(status.Key, [.. status], isJuke);
        return responses;
    }

    private JsonObject Success(RouteEndpoint endpoint)
    {
        var headers = Headers.OfSuccess(endpoint.Metadata.GetOrderedMetadata<GivenHeader>());
        if (endpoint.Metadata.GetMetadata<GivenNothing>() is not null) return new JsonObject { ["204"] = new JsonObject { ["description"] = "Done.", ["headers"] = headers } };
        var given = endpoint.Metadata.GetMetadata<GivenBody>() ?? throw Incomplete(endpoint, "Gives");
        return new JsonObject
        {
            [given.Status.ToString(CultureInfo.InvariantCulture)] = new JsonObject
            {
                ["description"] = docs.Of(given.Type.Type, given.Type.Options.PropertyNamingPolicy) ?? given.Type.Type.Name,
                ["headers"] = headers,
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = shapes.OfAnswer(given.Type), ["examples"] = examples.Of(given.Type) } },
            },
        };
    }

    private static bool IsJuke(RouteEndpoint endpoint) => Plumbing.Problems.IsJuke("/" + endpoint.RoutePattern.RawText!.TrimStart('/'));

    // Many operations refuse alike, so a response is written once for each set of codes.
    private JsonObject ProblemResponse(int status, IReadOnlyList<string> codes, bool isJuke)
    {
        var name = (isJuke ? "juke." : "") + string.Join('.', codes);
        if (!Problems.ContainsKey(name))
        {
            Problems[name] = new JsonObject
            {
                ["description"] = string.Join('\n', codes.Select(c => $"- `{c}`: {Meaning(c)}")),
                ["headers"] = Headers.OfProblem(status),
                // The same body under either name: problem+json for who asks for it (contract §8).
                ["content"] = new JsonObject { ["application/json"] = Content(), ["application/problem+json"] = Content() },
            };
        }
        return new JsonObject { ["$ref"] = "#/components/responses/" + name };

        JsonObject Content() => new()
        {
            ["schema"] = new JsonObject
            {
                ["allOf"] = new JsonArray(
                    isJuke ? shapes.OfJukeProblem() : shapes.OfAnswer(CoreJson.Default.ProblemBody),
                    new JsonObject { ["properties"] = new JsonObject { ["code"] = new JsonObject { ["enum"] = new JsonArray([.. codes.Select(c => (JsonNode)c)]) } } }),
            },
            ["examples"] = examples.OfProblems(codes, isJuke),
        };
    }

    // The constant's own documentation, without the status that it starts with.
    private string Meaning(string code) => docs.Of(PossibleProblems.Constants[code]) is { } text ? text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() : "";

    // The lambda's class is the compiler's; the one around it is the use case, and what it is about is the tag.
    private static Type UseCaseOf(RouteEndpoint endpoint)
    {
        var type = endpoint.Metadata.GetMetadata<MethodInfo>()?.DeclaringType ?? throw Incomplete(endpoint, "a handler of a use case");
        while (type.DeclaringType is { } outer) type = outer;
        return type;
    }

    private static InvalidOperationException Incomplete(RouteEndpoint endpoint, string what) =>
        new($"{endpoint.DisplayName} has no {what}, which the published document needs (docs/how-to/add-an-endpoint.md); a page says ExcludeFromDescription.");
}
