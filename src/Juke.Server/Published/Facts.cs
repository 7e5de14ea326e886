using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Juke.Contract.Wire;

namespace Juke.Server.Published;

/// <summary>
/// The attributes of a wire record as JSON Schema. They describe; the rules themselves are functions of Juke.Contract, and a
/// test sends each limit and what lies beyond it.
/// </summary>
internal static class Facts
{
    /// <summary>Whether a request must have the member, and not as null.</summary>
    public static bool IsAsked(PropertyInfo property) => property.GetCustomAttribute<RequiredAttribute>() is not null;

    public static void Add(JsonObject schema, PropertyInfo property)
    {
        foreach (var attribute in property.GetCustomAttributes<ValidationAttribute>())
        {
            switch (attribute)
            {
                case RequiredAttribute when property.PropertyType == typeof(string):
                    schema.TryAdd("minLength", 1);
                    break;
                case RequiredAttribute:
                    break; // Of a number or a piece of JSON nothing follows but that it must be there.
                case StringLengthAttribute { MinimumLength: var min, MaximumLength: var max }:
                    if (min > 0) schema["minLength"] = min;
                    schema["maxLength"] = max;
                    break;
                case LengthAttribute { MinimumLength: var min, MaximumLength: var max }:
                    if (min > 0) schema["minItems"] = min;
                    schema["maxItems"] = max;
                    break;
                case EntriesAttribute { Most: var most, Longest: var longest }:
                    schema["maxItems"] = most;
                    schema["items"]!["maxLength"] = longest;
                    break;
                case RangeAttribute { Minimum: var min, Maximum: var max }:
                    schema["minimum"] = JsonValue.Create(min);
                    schema["maximum"] = JsonValue.Create(max);
                    break;
                case EmailAddressAttribute:
                    schema["format"] = "email";
                    break;
                case UrlAttribute:
                    schema["format"] = "uri";
                    break;
                case RegularExpressionAttribute { Pattern: var pattern }:
                    schema["pattern"] = pattern;
                    break;
                case AllowedValuesAttribute { Values: var values }:
                    schema["enum"] = new JsonArray([.. values.Select(v => (JsonNode?)(v is bool flag ? flag : (string)v!))]);
                    break;
                default:
                    throw new NotSupportedException($"{property.DeclaringType!.Name}.{property.Name}: the published document cannot say {attribute.GetType().Name} yet; teach Published/Facts.cs.");
            }
        }
    }
}
