using System.Text.Json.Serialization.Metadata;

namespace Juke.Server.Plumbing;

/// <summary>
/// What an endpoint says of itself for the published document, beside its Map. What follows from elsewhere is not said
/// again: 401 and 403 from the Gate's lists, 429 of open POSTs, 400, 413 and 415 of bodies, limits of members from the
/// records in Juke.Contract.
/// </summary>
internal static class Described
{
    /// <summary>The problem codes of its own that the endpoint may answer.</summary>
    public static RouteHandlerBuilder Problems(this RouteHandlerBuilder route, params string[] codes) => route.WithMetadata(new OwnProblems(codes));

    /// <summary>A parameter in the query string.</summary>
    public static RouteHandlerBuilder Query(this RouteHandlerBuilder route, string name, Value value, string summary, bool required = false) =>
        route.WithMetadata(new Parameter("query", name, value, summary, required));

    /// <summary>What the name in braces stands for.</summary>
    public static RouteHandlerBuilder Path(this RouteHandlerBuilder route, string name, Value value, string summary) =>
        route.WithMetadata(new Parameter("path", name, value, summary, Required: true));

    /// <summary>A request header that the endpoint reads.</summary>
    public static RouteHandlerBuilder Header(this RouteHandlerBuilder route, string name, Value value, string summary) =>
        route.WithMetadata(new Parameter("header", name, value, summary));

    /// <summary>A cookie that the endpoint reads.</summary>
    public static RouteHandlerBuilder Cookie(this RouteHandlerBuilder route, string name, Value value, string summary) =>
        route.WithMetadata(new Parameter("cookie", name, value, summary));

    /// <summary>The body, where the endpoint reads it by itself; else the parameter of the handler says it.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route, JsonTypeInfo<T> type, bool required = true) => route.WithMetadata(new TakenBody(type, required));

    /// <summary>The successful answer; the type's serializer says how it looks on the wire, so that each dialect has its own names.</summary>
    public static RouteHandlerBuilder Gives<T>(this RouteHandlerBuilder route, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        route.WithMetadata(new GivenBody(status, type));

    /// <summary>The successful answer is 204: done, and nothing to say.</summary>
    public static RouteHandlerBuilder GivesNothing(this RouteHandlerBuilder route) => route.WithMetadata(new GivenNothing());

    /// <summary>A header of the successful answer, beside those that every answer has.</summary>
    public static RouteHandlerBuilder GivesHeader(this RouteHandlerBuilder route, string name, string summary) => route.WithMetadata(new GivenHeader(name, summary));
}

/// <summary>Codes of <see cref="Contract.ProblemCode"/>.</summary>
internal sealed record OwnProblems(IReadOnlyList<string> Codes);

/// <summary>A parameter outside the body; <paramref name="In"/> is <c>query</c>, <c>path</c>, <c>header</c> or <c>cookie</c>.</summary>
internal sealed record Parameter(string In, string Name, Value Value, string Summary, bool Required = false);

/// <summary>The body that an endpoint reads by itself.</summary>
internal sealed record TakenBody(JsonTypeInfo Type, bool Required);

/// <summary>The body of the successful answer.</summary>
internal sealed record GivenBody(int Status, JsonTypeInfo Type);

/// <summary>204 in place of a body.</summary>
internal sealed record GivenNothing;

/// <summary>A header of the successful answer.</summary>
internal sealed record GivenHeader(string Name, string Summary);

/// <summary>What a parameter's text must be (JSON Schema's words).</summary>
internal sealed record Value
{
    public required string Type { get; init; }

    public string? Format { get; init; }

    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    public IReadOnlyList<string>? OneOf { get; init; }

    /// <summary>What an absent parameter means.</summary>
    public object? Default { get; init; }

    /// <summary>Several, separated by commas, at most so many.</summary>
    public int? List { get; init; }

    public static Value Text(int? min = null, int? max = null) => new() { Type = "string", Min = min, Max = max };

    public static Value Integer(long min, long max, long? otherwise = null) => new() { Type = "integer", Min = min, Max = max, Default = otherwise };

    public static Value Number(decimal min, decimal max, decimal otherwise) => new() { Type = "number", Min = min, Max = max, Default = otherwise };

    /// <summary>One id of a row.</summary>
    public static Value Id { get; } = new() { Type = "integer", Format = "int64", Min = 0 };

    public static Value Boolean { get; } = new() { Type = "boolean" };

    public static Value Choice(params string[] oneOf) => new() { Type = "string", OneOf = oneOf };

    /// <summary>Comma separated ids.</summary>
    public static Value Ids(int atMost) => new() { Type = "integer", Format = "int64", Min = 0, List = atMost };

    public Value Listed(int atMost) => this with { List = atMost };
}
