using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Juke.Desk.StandIns;

/// <summary>The shapes in which the services answer.</summary>
internal static class Reply
{
    /// <summary>How the stand-ins write JSON.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON.</summary>
    public static async Task JsonAsync(HttpContext context, JsonNode body, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(body.ToJsonString(Json), context.RequestAborted);
    }

    /// <summary>An error as token endpoints say it: flat (RFC 6749, 5.2).</summary>
    public static Task FlatErrorAsync(HttpContext context, int status, string error, string? description = null)
    {
        var body = new JsonObject { ["error"] = error };
        if (description is not null) body["error_description"] = description;
        return JsonAsync(context, body, status);
    }

    /// <summary>An error as Spotify's Web API says it: nested.</summary>
    public static Task NestedErrorAsync(HttpContext context, int status, string message) =>
        JsonAsync(context, new JsonObject { ["error"] = new JsonObject { ["status"] = status, ["message"] = message } }, status);

    /// <summary>Text, where JSON is expected.</summary>
    public static async Task TextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>Tokens are for one reader, once.</summary>
    public static void NoStore(HttpContext context) => context.Response.Headers.CacheControl = "no-store";
}
