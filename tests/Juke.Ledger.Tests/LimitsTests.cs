using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Contract;
using Juke.Contract.Profiles;
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
        // The token door says the same of whatever is wrong, and names no field. Under one's own name a profile is saved as at me/.
        foreach (var operation in served.Operations.Where(o => o.BodySchema is not null && o.Id is not ("obtainToken" or "saveMusicProfile")))
        {
            var required = operation.BodySchema!["required"]?.AsArray().Select(r => (string)r!).ToHashSet(StringComparer.Ordinal) ?? [];
            foreach (var (name, member) in operation.BodySchema["properties"]!.AsObject())
            {
                var schema = Resolve(member!);
                foreach (var (value, isAllowed) in Values(schema))
                {
                    var body = operation.Sample();
                    body[name] = value;
                    await TryAsync(operation, body, name, isAllowed);
                }
                foreach (var (path, value, isAllowed) in InnerValues(schema, ""))
                {
                    var body = operation.Sample();
                    if (name == "profile" && isAllowed && value is JsonArray) continue; // Lists are held to the limits of the definition as well.
                    var at = path.Split('.')[..^1].Aggregate(body[name]!.AsObject(), (within, member) => within[member]!.AsObject());
                    at[path.Split('.')[^1]] = value;
                    // In a completion the answers are named as in a save.
                    await TryAsync(operation, body, name == "profile" ? path : $"{name}.{path}", isAllowed);
                }
                var without = operation.Sample();
                without.Remove(name);
                if (name.StartsWith("city_", StringComparison.Ordinal)) (without["city_lat"], without["city_lng"]) = (null, null); // Both or neither.
                await TryAsync(operation, without, name, isAllowed: !required.Contains(name));
            }
            if (operation.BodySchema["additionalProperties"] is JsonValue)
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
            if (operation.Id == "registerAccount")
            {
                // What is taken is refused before passwords are looked at.
                if (field != "username") body["username"] = TestClient.NewName();
                if (field != "email") body["email"] = TestClient.NewEmail();
            }
            if (operation.Gate != "Anonymous") await client.OnboardedAsync();
            var reply = await client.SendAsync(operation.Method, operation.Target, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
            var isRefused = reply.Code == "VALIDATION_FAILED" && reply.Fields.Contains(field, StringComparer.Ordinal)
                // Somebody's already, or not the same twice: no limit of the member.
                && (string?)reply.Json["detail"] is not ("A user with that username already exists." or "Passwords don't match");
            if (isRefused == isAllowed)
                wrong.Add($"{operation.Method} {operation.Path}: {field} in {Short(body)} is {(isAllowed ? "allowed" : "forbidden")} by the document, but was answered {(int)reply.Status} {Short(reply.Body)}");
        }
    }

    [Fact]
    public async Task Query_parameters()
    {
        using var client = await served.Server.NewClient().OnboardedAsync();
        // The old server put right what it could not use, in these, and so do we: what the document allows is read, and more is.
        string[] lenient = ["getGlobe", "listUsers"];
        // Without its parameter this one is a 405 by its nature.
        foreach (var operation in served.Operations.Where(o => o.Method == HttpMethod.Get && o.Id != "listOnlineMusicProfiles"))
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
                    if (isAllowed || !lenient.Contains(operation.Id, StringComparer.Ordinal)) isRefused.ShouldBe(!isAllowed, $"{operation.Path}?{name}={Short(value)}: {(int)reply.Status} {Short(reply.Body)}");
                }
                if ((bool?)parameter["required"] == true)
                {
                    // The old server named the missing q of artists in its sentence.
                    var reply = await client.GetAsync(operation.Target);
                    reply.Fields.Append((string?)reply.Json["detail"]).ShouldContain(text => text == name || text!.Contains($"'{name}'", StringComparison.Ordinal));
                }
            }
        }
    }

    [Fact]
    public void Names_and_lists_of_the_document_are_those_of_the_rules()
    {
        var save = served.Operations.Single(o => o.Id == "saveMyMusicProfile").BodySchema!["properties"]!.AsObject();
        save.Select(m => m.Key).ShouldBe(ProfileFields.Writable.Append(ProfileFields.CompletionMarker), ignoreOrder: true);
        var profile = Resolve(served.Operations.Single(o => o.Id == "completeOnboarding").BodySchema!["properties"]!["profile"]!)["properties"]!.AsObject();
        profile.Select(m => m.Key).ShouldBe(ProfileFields.Writable, ignoreOrder: true);

        var known = Resolve(save["custom_data"]!)["properties"]!.AsObject();
        known.Select(m => m.Key).ShouldBe(AnswerChoices.ByKey.Keys.Append("hated_genres"), ignoreOrder: true);
        foreach (var (key, choices) in AnswerChoices.ByKey) Choices(known[key]!).ShouldBe([.. choices, null]);
        Choices(served.Operations.Single(o => o.Id == "skipOnboardingStep").BodySchema!["properties"]!["step"]!)
            .ShouldBe(OnboardingDefinition.Default.Steps.Where(s => s.Skippable).Select(s => s.Step));

        static IEnumerable<string?> Choices(JsonNode schema) => schema["enum"]!.AsArray().Select(c => (string?)c);
    }

    /// <summary>The same for the members of a member, and for theirs, each with its path.</summary>
    private IEnumerable<(string Path, JsonNode? Value, bool IsAllowed)> InnerValues(JsonNode schema, string path)
    {
        foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
        {
            var own = Resolve(member!);
            foreach (var (value, isAllowed) in Values(own)) yield return (path + name, value, isAllowed);
            foreach (var inner in InnerValues(own, $"{path}{name}.")) yield return inner;
        }
    }

    /// <summary>What a reference points at; a member that may be null as well keeps that.</summary>
    private JsonNode Resolve(JsonNode schema)
    {
        var target = new JsonShape(served.Document).Resolve(schema["oneOf"]?[0] ?? schema).DeepClone();
        if (schema["oneOf"] is not null) target["type"] = new JsonArray(target["type"]!.DeepClone(), "null");
        return target;
    }

    /// <summary>Values at the limits of a schema and beyond them.</summary>
    private static IEnumerable<(JsonNode? Value, bool IsAllowed)> Values(JsonNode schema)
    {
        if (schema["type"] is null) yield break; // Anything at all.
        var types = schema["type"] is JsonArray several ? several.Select(t => (string)t!).ToList() : [(string)schema["type"]!];
        yield return (null, types.Contains("null", StringComparer.Ordinal));
        if (types.Contains("integer", StringComparer.Ordinal))
        {
            if ((long?)schema["minimum"] is { } least) foreach (var value in (long[])[least, least - 1]) yield return (value, value >= least);
            if ((long?)schema["maximum"] is { } most) foreach (var value in (long[])[most, most + 1]) yield return (value, value <= most);
            yield return ("x", false);
        }
        else if (types.Contains("number", StringComparer.Ordinal))
        {
            var (least, most) = ((int)schema["minimum"]!, (int)schema["maximum"]!);
            foreach (var value in (double[])[least, most, least - 0.5, most + 0.5]) yield return (value, value >= least && value <= most);
            yield return ("x", false);
            yield return (true, false);
        }
        else if (types.Contains("object", StringComparer.Ordinal))
        {
            yield return (new JsonObject(), true);
            yield return (7, false);
            yield return (new JsonArray(), false);
        }
        else if (types.Contains("array", StringComparer.Ordinal))
        {
            var (most, longest) = ((int)schema["maxItems"]!, (int)schema["items"]!["maxLength"]!);
            yield return (List(most, 10), true);
            yield return (List(most + 1, 10), false);
            yield return (List(1, longest), true);
            yield return (List(1, longest + 1), false);
            yield return (new JsonArray(true), false);
            yield return ("x", false);
        }
        else if (types.Contains("boolean", StringComparer.Ordinal))
        {
            yield return ("true", true);
            yield return ("maybe", false);
        }
        else if (schema["enum"] is JsonArray choices)
        {
            foreach (var choice in choices.OfType<JsonNode>()) yield return (choice.DeepClone(), true);
            yield return ("none-of-these", false);
        }
        else
        {
            yield return (true, false); // A number is read as its digits by the Juke dialect, as the old server did; the document does not offer it.
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
            else if (schema["format"] is null)
            {
                yield return (Text(schema, 20_000), true);
            }
            if (schema["format"] is not null) yield return ("neither an address nor a link", false);
            if (schema["pattern"] is not null) yield return (new string('!', (int)schema["minLength"]!), false);
        }
    }

    private static JsonArray List(int entries, int length) => [.. Enumerable.Range(0, entries).Select(i => (JsonNode)$"{i}".PadRight(length, 'q'))];

    private static string Text(JsonNode schema, int length) => (string?)schema["format"] switch
    {
        "email" when length > 100 => new string('a', 64) + "@" + string.Concat(Enumerable.Range(0, length - 65).Select(i => i % 60 == 59 ? '.' : 'b')),
        "uri" => length < 23 ? new string('a', length) : "https://images.example/" + new string('a', length - 23),
        _ => string.Concat(Enumerable.Repeat("qz7k", (length / 4) + 1))[..Math.Max(length, 0)],
    };

    private static string Short(object? value) => value?.ToString() is { Length: > 160 } text ? text[..160] + "…" : value?.ToString()?.ReplaceLineEndings("") ?? "null";
}
