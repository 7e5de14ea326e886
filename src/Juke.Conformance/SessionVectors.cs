using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Juke.Conformance;

/// <summary><c>contract/vectors/session.json</c>: what clients do, event by event. Its format: docs/how-to/build-a-client.md.</summary>
/// <param name="About">What the file is.</param>
/// <param name="Rules">The rules by name, as sentences.</param>
/// <param name="Blame">Which rule a call breaks that nobody expects, by method and path.</param>
/// <param name="Members">Members that the server knows in the body of a call, by method and path; any other it answers with 400.</param>
/// <param name="Bodies">Bodies that replies name.</param>
/// <param name="Scenarios">What is played, in this order.</param>
public sealed record SessionVectors(
    string About,
    IReadOnlyDictionary<string, string> Rules,
    IReadOnlyDictionary<string, string> Blame,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Members,
    IReadOnlyDictionary<string, JsonNode> Bodies,
    IReadOnlyList<Scenario> Scenarios)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, // A misspelt expectation would expect nothing.
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>The file as this assembly was built with.</summary>
    public static SessionVectors BuiltIn { get; } = Read<SessionVectors>("session.json");

    /// <summary><c>contract/vectors/routes.json</c>, likewise.</summary>
    public static IReadOnlyList<RouteRow> Routes { get; } = Read<RouteTable>("routes.json").Rows;

    /// <summary>What a reply's body is: named, or spelled out.</summary>
    public JsonNode? BodyOf(ScriptedReply reply) => reply.Body switch
    {
        JsonValue name when name.GetValueKind() == JsonValueKind.String => Bodies[name.GetValue<string>()],
        var body => body,
    };

    private static T Read<T>(string name)
    {
        using var file = typeof(SessionVectors).Assembly.GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize<T>(file, Json)!;
    }
}

/// <summary>One story: an app in a state, and what happens to it.</summary>
/// <param name="Name">What it shows, as a sentence.</param>
/// <param name="Rules">The rules that it proves; the first is broken where a step names none.</param>
/// <param name="Store">The refresh token that is stored before; null = none.</param>
/// <param name="Steps">In order.</param>
/// <param name="Mode"><c>token</c>, or <c>cookie</c> for clients in a browser.</param>
/// <param name="Needs">What the app must offer, or the scenario is not played: <c>clock</c>, <c>windows</c>, <c>cookies</c>.</param>
/// <param name="IsAdvice">Good, but the contract does not ask for it.</param>
public sealed record Scenario(
    string Name, IReadOnlyList<string> Rules, string? Store, IReadOnlyList<Step> Steps, string Mode = "token", IReadOnlyList<string>? Needs = null,
    [property: JsonPropertyName("advice")] bool IsAdvice = false);

/// <summary>One step; which of <see cref="Do"/>, <see cref="Expect"/>, <see cref="To"/>, <see cref="Allow"/>, <see cref="State"/>, <see cref="Store"/>, <see cref="Result"/>, <see cref="Quiet"/> or <see cref="Calls"/> is there says what it is.</summary>
public sealed record Step
{
    /// <summary>A command to the app, see <see cref="AppCommand"/>.</summary>
    public string? Do { get; init; }

    /// <summary>Which of two windows that share one store; <c>a</c> unless told.</summary>
    public string Window { get; init; } = "a";

    /// <summary>Names the app's own call, or the held call of <see cref="Expect"/>.</summary>
    public string? As { get; init; }

    /// <summary>Path of the app's own call (<c>get</c>, <c>post</c>).</summary>
    public string? Path { get; init; }

    /// <summary>Username of <c>complete</c>.</summary>
    public string? Username { get; init; }

    /// <summary>How long <c>pass</c> lasts at most; it ends with the first call.</summary>
    public int? Seconds { get; init; }

    /// <summary>The next call: method and path.</summary>
    public string? Expect { get; init; }

    /// <summary>How many such calls, at the same time.</summary>
    public int Times { get; init; } = 1;

    /// <summary>
    /// Members that its body has. <c>"@x"</c> stands for a text of 22 to 128 characters of base64, base64url or hex that may be missing, the
    /// same one at each <c>"@x"</c> and another one at <c>"@y"</c>.
    /// </summary>
    public JsonObject? Body { get; init; }

    /// <summary>The access token that it carries; empty = none; null = either.</summary>
    public string? Token { get; init; }

    /// <summary>The refresh token that it carries as a cookie; null = does not matter.</summary>
    public string? Cookie { get; init; }

    /// <summary>The reply to <see cref="Expect"/>, <see cref="To"/> or <see cref="Allow"/>. An expected call without one is held.</summary>
    public ScriptedReply? Reply { get; init; }

    /// <summary>The held calls that are replied to.</summary>
    public string? To { get; init; }

    /// <summary>A call that may come from here on, as often as it likes.</summary>
    public string? Allow { get; init; }

    /// <summary>The status that the app reports: <c>loading</c>, <c>guest</c> or <c>authed</c>.</summary>
    public string? State { get; init; }

    /// <summary>Beside <see cref="State"/>: what the app knows of onboarding.</summary>
    public bool? OnboardingRequired { get; init; }

    /// <summary>The tokens that stand in what the app keeps, all of them; with <see cref="Expect"/> at the moment of that call.</summary>
    public IReadOnlyList<string>? Store { get; init; }

    /// <summary>The app's own call whose outcome <see cref="Is"/> tells.</summary>
    public string? Result { get; init; }

    /// <summary>Its outcome: a status, <c>failed</c> or <c>cancelled</c>; one of them.</summary>
    public IReadOnlyList<JsonNode>? Is { get; init; }

    /// <summary>Seconds in which nothing may be called. 0: nothing is called at once; only where the kit moves the app's time.</summary>
    public int? Quiet { get; init; }

    /// <summary>How often this call of <see cref="Allow"/> came since it was allowed, or since the last such step: at most <see cref="AtMost"/>.</summary>
    public string? Calls { get; init; }

    /// <summary>See <see cref="Calls"/>.</summary>
    public int AtMost { get; init; }

    /// <summary>The rule that is broken when this step fails.</summary>
    public string? Rule { get; init; }
}

/// <summary>What the server does with a call.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">A name of <see cref="SessionVectors.Bodies"/>, or the body itself; a text among those is sent as a page.</param>
/// <param name="RetryAfter">Header: seconds, or a text as it is.</param>
/// <param name="Cookie">The refresh token that it sets as a cookie; empty = takes it away.</param>
/// <param name="Fault"><c>cut</c>: the connection ends without an answer; <c>half</c>: in the middle of the body; <c>silence</c>: never answers.</param>
public sealed record ScriptedReply(int Status = 200, JsonNode? Body = null, JsonNode? RetryAfter = null, string? Cookie = null, string? Fault = null);

/// <summary>One row of <c>routes.json</c>.</summary>
/// <param name="Status"><c>loading</c>, <c>guest</c> or <c>authed</c>.</param>
/// <param name="OnboardingRequired">Means nothing unless authed.</param>
/// <param name="Route">Kind of the screen.</param>
/// <param name="Then"><c>show</c>, <c>wait</c>, <c>login</c>, <c>onboarding</c> or <c>home</c>.</param>
public sealed record RouteRow(string Status, bool OnboardingRequired, string Route, string Then);

internal sealed record RouteTable(string About, IReadOnlyDictionary<string, string> Kinds, IReadOnlyDictionary<string, string> Actions, IReadOnlyList<RouteRow> Rows);
