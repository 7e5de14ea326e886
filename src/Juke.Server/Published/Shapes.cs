using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;

namespace Juke.Server.Published;

/// <summary>
/// From the records of the wire to JSON Schema (2020-12, as OpenAPI 3.1 has it). Names are those of the serializer, so that
/// each dialect is described as it is written. A member is required unless its constructor parameter has a default or the
/// serializer may leave it out; the attributes of the record say the rest.
/// </summary>
internal sealed class Shapes(XmlDocs docs)
{
    private readonly NullabilityInfoContext nullability = new();
    private readonly Dictionary<string, (Type Type, bool Closed)> named = new(StringComparer.Ordinal);

    /// <summary>Every record met so far, by name.</summary>
    public SortedDictionary<string, JsonObject> Components { get; } = new(StringComparer.Ordinal);

    /// <summary>The schema of a body that the server writes: clients let members pass that they do not know.</summary>
    public JsonObject OfAnswer(JsonTypeInfo type) => Of(type.Type, type.Options, closed: false);

    /// <summary>The schema of a body that the server reads: closed where unknown members are refused.</summary>
    public JsonObject OfRequest(JsonTypeInfo type) => Of(type.Type, type.Options, type.Options.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow);

    /// <summary>A refusal of the Juke dialect: the one of the core dialect, with each field's list on top as well (contract §8).</summary>
    public JsonObject OfJukeProblem()
    {
        const string name = "Juke" + nameof(ProblemBody);
        if (!Components.ContainsKey(name))
        {
            OfAnswer(CoreJson.Default.ProblemBody);
            var problem = (JsonObject)Components[nameof(ProblemBody)].DeepClone();
            problem["description"] = "A refusal of the Juke dialect: each field of `errors` stands beside the other members as well, as it did on the old server.";
            problem["additionalProperties"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } };
            Components[name] = problem;
        }
        return new JsonObject { ["$ref"] = "#/components/schemas/" + name };
    }

    /// <summary>Names of the members of a record that are records themselves.</summary>
    public IReadOnlyList<string> ObjectsIn(JsonNode reference) =>
        [.. Components[((string)reference["$ref"]!).Split('/')[^1]]["properties"]!.AsObject().Where(m => (m.Value!["$ref"] ?? m.Value["oneOf"]?[0]?["$ref"]) is not null).Select(m => m.Key)];

    /// <summary>Whether a type is written as the Juke dialect writes.</summary>
    public static bool IsJuke(JsonTypeInfo type) => IsJuke(type.Options);

    private static bool IsJuke(JsonSerializerOptions options) => options.PropertyNamingPolicy == JsonNamingPolicy.SnakeCaseLower;

    private JsonObject Of(Type type, JsonSerializerOptions options, bool closed)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Primitive(type) is { } primitive) return primitive;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>)) return Of(type.GenericTypeArguments[0], options, closed);
        if (Implements(type, typeof(IReadOnlyDictionary<,>)) is { } dictionary)
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(dictionary.GenericTypeArguments[1], options, closed) };
        if (Implements(type, typeof(IEnumerable<>)) is { } list)
            return new JsonObject { ["type"] = "array", ["items"] = Of(list.GenericTypeArguments[0], options, closed) };
        return new JsonObject { ["$ref"] = "#/components/schemas/" + Component(type, options, closed) };
    }

    private static JsonObject? Primitive(Type type) => type switch
    {
        _ when type == typeof(string) => new() { ["type"] = "string" },
        _ when type == typeof(bool) => new() { ["type"] = "boolean" },
        _ when type == typeof(int) => new() { ["type"] = "integer", ["format"] = "int32" },
        _ when type == typeof(long) => new() { ["type"] = "integer", ["format"] = "int64" },
        _ when type == typeof(double) || type == typeof(decimal) => new() { ["type"] = "number" },
        _ when type == typeof(DateTimeOffset) => new() { ["type"] = "string", ["format"] = "date-time" },
        _ when type == typeof(Guid) => new() { ["type"] = "string", ["format"] = "uuid" },
        _ when type == typeof(JsonElement) => [],
        _ => null,
    };

    private static Type? Implements(Type type, Type shape) =>
        type.GetInterfaces().Prepend(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == shape);

    private string Component(Type type, JsonSerializerOptions options, bool closed)
    {
        // A record of both dialects has two looks. Its name does not depend on which one is met first.
        var name = IsJuke(options) && CoreJson.Default.GetTypeInfo(type) is not null ? "Juke" + type.Name : type.Name;
        if (!named.TryAdd(name, (type, closed)))
            return named[name] == (type, closed) ? name : throw new InvalidOperationException($"{name} has two looks in one dialect: give one of them a record of its own.");
        var properties = new JsonObject();
        var required = new JsonArray();
        var schema = Components[name] = new JsonObject { ["type"] = "object" };
        if (docs.Of(type, options.PropertyNamingPolicy) is { } summary) schema["description"] = summary;
        schema["properties"] = properties;
        foreach (var member in options.GetTypeInfo(type).Properties.Where(p => p.Get is not null && p.AttributeProvider is PropertyInfo))
        {
            if (member.IsExtensionData)
            {
                schema["additionalProperties"] = new JsonObject(); // Members of any name.
                continue;
            }
            var property = (PropertyInfo)member.AttributeProvider!;
            properties[member.Name] = Member(property, options, closed);
            if (IsRequired(property)) required.Add(member.Name);
        }
        if (required.Count > 0) schema["required"] = required;
        if (closed) schema.TryAdd("additionalProperties", false);
        return name;
    }

    private JsonObject Member(PropertyInfo property, JsonSerializerOptions options, bool closed)
    {
        var schema = Of(property.GetCustomAttribute<ShapedAsAttribute>()?.Type ?? property.PropertyType, options, closed);
        Facts.Add(schema, property);
        if (IsNullable(property)) schema = OrNull(schema);
        if (docs.Of(property, options.PropertyNamingPolicy) is { } summary) schema["description"] = summary;
        return schema;
    }

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"] is not { } type) return new JsonObject { ["oneOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        schema["type"] = new JsonArray(type.DeepClone(), "null");
        schema["enum"]?.AsArray().Add(null);
        return schema;
    }

    private bool IsNullable(PropertyInfo property)
    {
        if (Facts.IsAsked(property) || property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.WhenWritingNull) return false;
        var info = nullability.Create(property);
        // Optional<string?> may be null where it is there, Optional<string> may not.
        if (property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(Optional<>)) info = info.GenericTypeArguments[0];
        return info.ReadState == NullabilityState.Nullable;
    }

    private static bool IsRequired(PropertyInfo property)
    {
        if (Facts.IsAsked(property)) return true;
        if (property.GetCustomAttribute<JsonIgnoreAttribute>() is not null) return false;
        var parameter = property.DeclaringType!.GetConstructors().SelectMany(c => c.GetParameters()).FirstOrDefault(p => p.Name == property.Name && p.ParameterType == property.PropertyType);
        return parameter is not { HasDefaultValue: true };
    }
}
