using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Juke.Server.Plumbing;

/// <summary>From a use case's outcome to the reply.</summary>
internal static class Answers
{
    /// <summary>200 with the value, or the problem.</summary>
    public static IResult Answer<T>(this Outcome<T> outcome, JsonTypeInfo<T> type) =>
        outcome.Failed ? outcome.Problem.Answer() : Json(outcome.Value, type);

    public static IResult Answer(this Problem problem) => new ProblemAnswer(problem);

    /// <summary>200, or another success, with the value, written in one piece with its length: quicker for both sides than chunks.</summary>
    public static IResult Json<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) => new JsonAnswer<T>(value, type, status);

    /// <summary>Serializes to memory, then writes head and body at once.</summary>
    public static async Task WriteJsonAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type, string contentType)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        await using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = type.Options.Encoder }))
            JsonSerializer.Serialize(writer, value, type);
        http.Response.ContentType = contentType;
        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }

    private sealed class JsonAnswer<T>(T value, JsonTypeInfo<T> type, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            return WriteJsonAsync(httpContext, value, type, "application/json");
        }
    }

    private sealed class ProblemAnswer(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Problems.WriteAsync(httpContext, problem);
    }
}
