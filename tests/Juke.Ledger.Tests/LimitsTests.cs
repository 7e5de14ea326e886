using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Ledger.Tests;

/// <summary>
/// The document's limits are the server's: each member and each query parameter is sent at its limits and beyond them, absent,
/// null, of a wrong type. What the document allows is never called wrong; what it forbids is, by the field's name.
/// </summary>
public sealed class LimitsTests(ServedContract served)
{
    [Fact]
    public async Task Members_of_request_bodies()
    {
        var wrong = new List<string>();
        foreach (var operation in served.Operations.Where(o => o.BodySchema is not null))
        {
            var required = operation.BodySchema!["required"]?.AsArray().Select(r => (string)r!).ToHashSet(StringComparer.Ordinal) ?? [];
            foreach (var (name, member) in operation.BodySchema["properties"]!.AsObject())
            {
                foreach (var (value, isAllowed) in Values(member!))
                {
                    var body = operation.Sample();
                    body[name] = value;
                    await TryAsync(operation, body, name, isAllowed);
                }
                var without = operation.Sample();
                without.Remove(name);
                await TryAsync(operation, without, name, isAllowed: !required.Contains(name));
            }
            if (operation.BodySchema["additionalProperties"] is not null)
            {
                var more = operation.Sample();
                more["unheardOf"] = true;
                await TryAsync(operation, more, "unheardOf", isAllowed: false);
            }
        }
        wrong.ShouldBeEmpty("The attributes of the record in Juke.Contract.Wire and the rule disagree: correct the one that is wrong.");

        async Task TryAsync(Operation operation, JsonObject body, string field, bool isAllowed)
        {
            using var client = served.Server.NewClient();
            if (operation.Gate != "Anonymous") await client.OnboardedAsync();
            var reply = await client.SendAsync(operation.Method, operation.Target, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
            var isRefused = reply.Code == "VALIDATION_FAILED" && reply.Fields.Contains(field, StringComparer.Ordinal);
            if (isRefused == isAllowed)
                wrong.Add($"{operation.Method} {operation.Path}: {field} in {Short(body)} is {(isAllowed ? "allowed" : "forbidden")} by the document, but was answered {(int)reply.Status} {Short(reply.Body)}");
        }
    }

    [Fact]
    public async Task Query_parameters()
    {
        using var client = await served.Server.NewClient().OnboardedAsync();
        foreach (var operation in served.Operations.Where(o => o.Method == HttpMethod.Get))
        {
            var parameters = operation.Parameters.Where(p => (string?)p["in"] == "query").ToList();
            if (!parameters.Exists(p => (bool?)p["required"] == true)) (await client.GetAsync(operation.Target)).EnsureOk();
            foreach (var parameter in parameters)
            {
                var (name, schema) = ((string)parameter["name"]!, parameter["schema"]!);
                foreach (var (value, isAllowed) in Values(schema["items"] ?? schema).Where(v => v.Value is not null))
                {
                    if ((string?)schema["type"] == "string" && value!.GetValueKind() != JsonValueKind.String) continue; // Every text is a string here.
                    var reply = await client.GetAsync($"{operation.Target}?{name}={Uri.EscapeDataString(value!.ToString())}");
                    var isRefused = reply.Code == "VALIDATION_FAILED" && reply.Fields.Contains(name, StringComparer.Ordinal);
                    isRefused.ShouldBe(!isAllowed, $"{operation.Path}?{name}={Short(value)}: {(int)reply.Status} {Short(reply.Body)}");
                }
                if ((bool?)parameter["required"] == true) (await client.GetAsync(operation.Target)).Fields.ShouldContain(name);
            }
        }
    }

    /// <summary>Values at the limits of a schema and beyond them.</summary>
    private static IEnumerable<(JsonNode? Value, bool IsAllowed)> Values(JsonNode schema)
    {
        var types = schema["type"] is JsonArray several ? several.Select(t => (string)t!).ToList() : [(string)schema["type"]!];
        yield return (null, types.Contains("null", StringComparer.Ordinal));
        if (types.Contains("integer", StringComparer.Ordinal))
        {
            if ((long?)schema["minimum"] is { } least) foreach (var value in (long[])[least, least - 1]) yield return (value, value >= least);
            if ((long?)schema["maximum"] is { } most) foreach (var value in (long[])[most, most + 1]) yield return (value, value <= most);
            yield return ("x", false);
        }
        else if (types.Contains("boolean", StringComparer.Ordinal))
        {
            yield return ("true", true);
            yield return ("maybe", false);
        }
        else if (schema["enum"] is JsonArray choices)
        {
            foreach (var choice in choices) yield return (choice!.DeepClone(), true);
            yield return ("none-of-these", false);
        }
        else
        {
            yield return (7, false);
            if ((int?)schema["minLength"] is { } least)
            {
                yield return (Text(schema, least - 1), false);
                // An address has a shortest form of its own.
                if (schema["format"] is null) yield return (Text(schema, least), true);
            }
            if ((int?)schema["maxLength"] is { } most)
            {
                yield return (Text(schema, most), true);
                yield return (Text(schema, most + 1), false);
            }
            if (schema["format"] is not null) yield return ("neither an address nor a link", false);
            if (schema["pattern"] is not null) yield return (new string('!', (int)schema["minLength"]!), false);
        }
    }

    private static string Text(JsonNode schema, int length) => (string?)schema["format"] switch
    {
        "email" when length > 100 => new string('a', 64) + "@" + string.Concat(Enumerable.Range(0, length - 65).Select(i => i % 60 == 59 ? '.' : 'b')),
        "uri" => "https://images.example/" + new string('a', length - 23),
        _ => string.Concat(Enumerable.Repeat("qz7k", (length / 4) + 1))[..Math.Max(length, 0)],
    };

    private static string Short(object? value) => value?.ToString() is { Length: > 160 } text ? text[..160] + "…" : value?.ToString()?.ReplaceLineEndings("") ?? "null";
}
