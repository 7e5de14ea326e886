using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Contract;
using Juke.Contract.Wire;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace Juke.Server.Plumbing;

/// <summary>From problem to reply, and from exception to problem: the one place that knows both.</summary>
internal static class Problems
{
    public static async Task WriteAsync(HttpContext http, Problem problem)
    {
        if (http.Response.HasStarted) return;
        var isJuke = IsJuke(http.Request.Path);
        if (isJuke) problem = OldTexts.Of(problem);
        var status = problem.Status;
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = Seconds(wait).ToString(CultureInfo.InvariantCulture);
        if (status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = isJuke ? "Token" : "Bearer";
        var accept = http.Request.Headers.Accept.ToString();
        var type = accept.Contains("application/problem+json", StringComparison.OrdinalIgnoreCase) ? "application/problem+json" : "application/json";
        var body = Body(problem, status);
        if (isJuke && problem.Errors is not null) await Answers.WriteJsonAsync(http, WithFieldsOnTop(body), Juke.JsonObject, type);
        else await Answers.WriteJsonAsync(http, body, isJuke ? Juke.ProblemBody : CoreJson.Default.ProblemBody, type);
    }

    // In the Juke dialect nothing is escaped that need not be, here as in its other answers.
    private static CoreJson Juke => field ??= new(new JsonSerializerOptions(CoreJson.Default.Options) { Encoder = PlainJsonEncoder.Instance });

    /// <summary>A wait as Retry-After says it: whole seconds, at least one.</summary>
    public static int Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));

    /// <summary>Whether a path speaks the Juke dialect.</summary>
    public static bool IsJuke(PathString path) => path.StartsWithSegments("/api/v1", StringComparison.Ordinal);

    /// <summary>The Juke dialect has each field's list as a member of the problem itself, as the old server had (contract §8).</summary>
    public static JsonObject WithFieldsOnTop(ProblemBody body)
    {
        var json = JsonSerializer.SerializeToNode(body, CoreJson.Default.ProblemBody)!.AsObject();
        foreach (var (field, messages) in body.Errors!)
            if (!json.ContainsKey(field)) json[field] = new JsonArray([.. messages.Select(m => JsonValue.Create(m))]);
        return json;
    }

    /// <summary>The problem as it stands on the wire.</summary>
    public static ProblemBody Body(Problem problem, int status) => new(
        "urn:juke:problem:" + problem.Code.ToLowerInvariant().Replace('_', '-'),
        ProblemCode.All[problem.Code].Title, status, problem.Detail, problem.Code, problem.Detail, problem.OldError ?? problem.Code.ToLowerInvariant(),
        problem.Errors, problem.Missing,
        problem.Code == ProblemCode.OnboardingRequired ? ContractVersion.Current : null,
        problem.Suggestion);

    /// <summary>What an exception means to the caller. Anything not named here is our fault: 500.</summary>
    public static Problem From(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => FromJson(json),
        BadHttpRequestException { StatusCode: 413 } => new(ProblemCode.PayloadTooLarge, "The request body is too large."),
        BadHttpRequestException { StatusCode: 415 } => new(ProblemCode.UnsupportedMediaType, "Send the body as application/json."),
        BadHttpRequestException { StatusCode: 408 } => new(ProblemCode.RequestTimeout, "The request body came too slowly."),
        BadHttpRequestException => new(ProblemCode.BadRequest, "The request could not be read."),
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } => Unavailable,
        PostgresException e when IsOutage(e) => Unavailable,
        PostgresException { IsTransient: false } => new(ProblemCode.Internal, "Something went wrong on our side."),
        NpgsqlException or TimeoutException => Unavailable,
        _ => new(ProblemCode.Internal, "Something went wrong on our side."),
    };

    // Refused at the door (28, 3D000, 55000, 42501: a role or database that is being moved), a standby that was not told yet
    // (25006), or a server that is going down (57, as far as Npgsql does not call it transient): not our fault, and it passes.
    private static bool IsOutage(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.InsufficientPrivilege
            or PostgresErrorCodes.ReadOnlySqlTransaction
        || exception.SqlState.StartsWith("28", StringComparison.Ordinal) || exception.SqlState.StartsWith("57P", StringComparison.Ordinal);

    private static Problem Unavailable { get; } =
        new(ProblemCode.ServiceUnavailable, "Juke cannot be reached right now. Please try again.") { RetryAfter = TimeSpan.FromSeconds(2) };

    private static Problem FromJson(JsonException exception)
    {
        var path = exception.Path;
        // "$.email" → email; "$" or a path without a name → the body as a whole.
        if (path is { Length: > 2 } && path[0] == '$')
        {
            var field = path[1] == '.' ? path[2..] : path[1..];
            if (Text.IsWellFormed(field) && field.Length <= 100)
                return Problem.Fields((field, exception.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal)
                    ? "This member is not known here."
                    : exception.Message.StartsWith("Duplicate", StringComparison.Ordinal)
                        ? "This member is there twice."
                        : "This value has the wrong type or cannot be read."));
        }
        return new(ProblemCode.BadRequest, "The body is not valid JSON of the expected shape.");
    }

    /// <summary>Turns what escaped a handler into a problem; pages get a page.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            SuppressDiagnosticsCallback = context => From(context.Exception).Code != ProblemCode.Internal,
            ExceptionHandler = async http =>
            {
                var exception = http.Features.Get<IExceptionHandlerFeature>()?.Error;
                if (http.RequestAborted.IsCancellationRequested || exception is null) return;
                ReplyHeaders.Write(http);
                var problem = From(exception);
                if (problem.Code == ProblemCode.ServiceUnavailable)
                    http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Juke.Outage")
                        .LogWarning("The database did not answer: {Kind} {SqlState}", exception.GetType().Name, (exception as PostgresException)?.SqlState);
                await ReplyAsync(http, problem);
            },
        });
        app.UseStatusCodePages(async context =>
        {
            var http = context.HttpContext;
            var code = http.Response.StatusCode switch
            {
                404 => ProblemCode.NotFound,
                405 => ProblemCode.MethodNotAllowed,
                413 => ProblemCode.PayloadTooLarge,
                415 => ProblemCode.UnsupportedMediaType,
                _ => ProblemCode.BadRequest,
            };
            await ReplyAsync(http, new Problem(
                code,
                code == ProblemCode.MethodNotAllowed && IsJuke(http.Request.Path) ? OldTexts.MethodNotAllowed(http.Request.Method) : ProblemCode.All[code].Title + "."));
        });
    }

    /// <summary>A problem for clients, a page for people: whichever this request is.</summary>
    public static Task ReplyAsync(HttpContext http, Problem problem) =>
        http.RequestServices.GetService<IProblemPage>() is { } page && page.IsFor(http) ? page.WriteAsync(http, problem) : WriteAsync(http, problem);
}

/// <summary>How the hosted pages show a problem. Lives at the edge so that Plumbing needs to know nothing of Razor.</summary>
internal interface IProblemPage
{
    bool IsFor(HttpContext http);

    Task WriteAsync(HttpContext http, Problem problem);
}
