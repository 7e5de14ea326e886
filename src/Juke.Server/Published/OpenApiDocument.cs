using System.Text.Json.Nodes;
using Juke.Contract;
using Juke.Contract.Wire;
using Microsoft.AspNetCore.Http.Metadata;

namespace Juke.Server.Published;

/// <summary>
/// The OpenAPI 3.1 document, made from the endpoints that are served, so that it cannot say anything else. Everything in it
/// stands in a fixed order: two builds of one source write the same bytes.
/// </summary>
internal static class OpenApiDocument
{
    private const string Introduction =
        "One accounts system with one gate. Branch on `code` of a problem, never on texts. The header `Juke-Contract` of a reply names the "
        + "newest contract version that the server knows; members that you do not know are for you to ignore. `x-juke-gate` says what an operation asks of its caller: nothing, "
        + "to be signed in, or to be through onboarding as well.";

    /// <summary>Describes every endpoint that does not say <c>ExcludeFromDescription</c>.</summary>
    public static JsonObject Build(IEnumerable<Endpoint> endpoints)
    {
        var docs = new XmlDocs(typeof(ContractVersion).Assembly, typeof(OpenApiDocument).Assembly);
        var shapes = new Shapes(docs);
        var examples = new Examples();
        var operation = new OperationEntry(docs, shapes, examples);
        var paths = new SortedDictionary<string, SortedDictionary<string, JsonObject>>(StringComparer.Ordinal);
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>().Where(IsDescribed).OrderBy(e => e.DisplayName, StringComparer.Ordinal))
        {
            var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (!paths.TryGetValue(path, out var methods)) paths[path] = methods = new(StringComparer.Ordinal);
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods)
                methods.Add(method.ToLowerInvariant(), operation.Of(endpoint));
        }
        CloseCodes(shapes);
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "Juke", ["version"] = ContractVersion.Current, ["description"] = Introduction },
            ["paths"] = new JsonObject(paths.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)ToJson(p.Value)))),
            ["components"] = new JsonObject
            {
                ["schemas"] = ToJson(shapes.Components),
                ["responses"] = ToJson(operation.Problems),
                ["examples"] = examples.ToJson(),
                ["parameters"] = Headers.Parameters(),
                ["headers"] = Headers.Components(),
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT", ["description"] = "accessToken of a sign-in or of a refresh." },
                    ["token"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "Authorization", ["description"] = "`Token ` and the token of a sign-in of the Juke dialect." },
                },
            },
        };
    }

    /// <summary>Whether the endpoint belongs into the document: pages, health and the document itself do not.</summary>
    public static bool IsDescribed(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true };

    private static JsonObject ToJson(SortedDictionary<string, JsonObject> entries) => new(entries.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)e.Value)));

    // The list of codes is closed, and each has one status: clients may build on both.
    private static void CloseCodes(Shapes shapes)
    {
        var codes = ProblemCode.All.Keys.Order(StringComparer.Ordinal).ToList();
        foreach (var problem in shapes.Components.Where(c => c.Key.EndsWith(nameof(ProblemBody), StringComparison.Ordinal)).Select(c => c.Value))
            problem["properties"]!["code"]!["enum"] = new JsonArray([.. codes.Select(c => (JsonNode)c)]);
        shapes.Components[nameof(ProblemBody)]["x-juke-statuses"] = new JsonObject(codes.Select(c => KeyValuePair.Create(c, (JsonNode?)ProblemCode.StatusOf(c))));
    }
}
