using System.Text.Json.Nodes;

namespace Juke.Ledger.Tests;

/// <summary>Words to change a document with.</summary>
internal sealed class Mutable(JsonNode document)
{
    public JsonNode Document => document;

    public JsonObject Paths => document["paths"]!.AsObject();

    public JsonNode Components => document["components"]!;

    public JsonObject Schemas => Components["schemas"]!.AsObject();

    public JsonNode Of(string path, string method) => Paths[path]![method]!;

    public JsonNode Get(string path) => Of(path, "get");

    public JsonNode Post(string path) => Of(path, "post");

    public JsonObject Properties(string schema) => Schemas[schema]!["properties"]!.AsObject();

    public void Move(JsonNode within, string from, string to)
    {
        var entry = within[from]!.DeepClone();
        within.AsObject().Remove(from);
        within[to] = entry;
    }

    public void Unrequire(string schema, string member) => Without(Schemas[schema]!["required"]!, member);

    public void Without(JsonNode array, string value) => Without(array, v => v.ToString() == value);

    public void Without(JsonNode array, Predicate<JsonNode> which) => array.AsArray().Remove(array.AsArray().First(v => which(v!)));

    public void Rename(JsonNode array, string from, string to)
    {
        Without(array, from);
        array.AsArray().Add(to);
    }

    public void Ask(string schema, string member, bool required)
    {
        Properties(schema)[member] = new JsonObject { ["type"] = "string" };
        if (required) Schemas[schema]!["required"]!.AsArray().Add(member);
    }

    public JsonNode Parameter(string path, string name) => Get(path)["parameters"]!.AsArray().First(p => (string?)p!["name"] == name)!;

    public void AddParameter(string path, string place, bool required) =>
        Get(path)["parameters"]!.AsArray().Add(new JsonObject { ["name"] = "fields", ["in"] = place, ["required"] = required, ["schema"] = new JsonObject { ["type"] = "string" } });

    /// <summary>A document with lists of values in answers that clients may take for complete. Today's answers have none of more than one value.</summary>
    public static JsonNode WithClosedLists(JsonNode document)
    {
        var closed = new Mutable(document.DeepClone());
        closed.Properties("User")["role"]!["enum"] = new JsonArray("user", "admin");
        closed.Properties("SessionInfo")["kind"]!["enum"] = new JsonArray("app", "web", "juke");
        return closed.Document;
    }

    /// <summary>Two documents with one more operation, whose body takes unknown members in the first only (as the Juke dialect's do).</summary>
    public static (JsonNode Open, JsonNode Closed) OpenThenClosed(JsonNode document)
    {
        var open = new Mutable(document.DeepClone());
        open.Paths["/api/open"] = new JsonObject { ["post"] = open.Post("/auth/email").DeepClone() };
        var closed = new Mutable(open.Document.DeepClone());
        open.Schemas["OpenRequest"] = open.Schemas["AddEmailRequest"]!.DeepClone();
        open.Schemas["OpenRequest"]!.AsObject().Remove("additionalProperties");
        open.Post("/api/open")["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"] = "#/components/schemas/OpenRequest";
        return (open.Document, closed.Document);
    }
}
