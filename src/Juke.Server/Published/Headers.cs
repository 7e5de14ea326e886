using System.Text.Json.Nodes;
using Juke.Contract;
using Juke.Server.Plumbing;

namespace Juke.Server.Published;

/// <summary>Headers and parameters of the document: those of every operation once, under components.</summary>
internal static class Headers
{
    public const string VersionParameter = "#/components/parameters/Juke-Contract";

    private static readonly (string Name, string Summary)[] Shared =
    [
        (ContractVersion.Header, "The newest contract version that this server knows. One shape serves all that it knows."),
        ("Trace-Id", "Finds this request in the logs."),
        ("Retry-After", "When to come back, in seconds."),
        ("WWW-Authenticate", "How to sign in (RFC 9110 §11.6.1)."),
    ];

    public static JsonObject Components() =>
        new(Shared.Select(h => KeyValuePair.Create(h.Name, (JsonNode?)Header(h.Summary, required: true))));

    public static JsonObject Parameters() => new()
    {
        [ContractVersion.Header] = new JsonObject
        {
            ["name"] = ContractVersion.Header,
            ["in"] = "header",
            ["description"] = "The contract version that you were built for; one that the server does not know is refused. Without it: the oldest frozen one.",
            ["required"] = false,
            // Examples, not a closed list: a new version is no news on every operation.
            ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "date", ["examples"] = new JsonArray([.. ContractVersion.All.Select(v => (JsonNode)v)]) },
        },
    };

    public static JsonObject OfSuccess(IReadOnlyList<GivenHeader> own)
    {
        var headers = OfEvery();
        foreach (var header in own) headers[header.Name] = Header(header.Summary, required: false);
        return headers;
    }

    public static JsonObject OfProblem(int status)
    {
        var headers = OfEvery();
        if (status is 429 or 503) headers["Retry-After"] = Reference("Retry-After");
        if (status == 401) headers["WWW-Authenticate"] = Reference("WWW-Authenticate");
        return headers;
    }

    /// <summary>A parameter's value as JSON Schema.</summary>
    public static JsonObject Schema(Value value)
    {
        var schema = new JsonObject { ["type"] = value.Type };
        if (value.Format is not null) schema["format"] = value.Format;
        var (least, most) = value.Type == "string" ? ("minLength", "maxLength") : ("minimum", "maximum");
        if (value.Min is { } min) schema[least] = min;
        if (value.Max is { } max) schema[most] = max;
        if (value.OneOf is { } oneOf) schema["enum"] = new JsonArray([.. oneOf.Select(v => (JsonNode)v)]);
        if (value.Default is { } otherwise) schema["default"] = JsonValue.Create(otherwise);
        return value.List is { } many ? new JsonObject { ["type"] = "array", ["maxItems"] = many, ["items"] = schema } : schema;
    }

    private static JsonObject OfEvery() => new() { [ContractVersion.Header] = Reference(ContractVersion.Header), ["Trace-Id"] = Reference("Trace-Id") };

    private static JsonObject Header(string summary, bool required) =>
        new() { ["description"] = summary, ["required"] = required, ["schema"] = new JsonObject { ["type"] = "string" } };

    private static JsonObject Reference(string name) => new() { ["$ref"] = "#/components/headers/" + name };
}
