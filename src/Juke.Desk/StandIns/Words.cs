using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Juke.Desk.StandIns;

/// <summary>What was said to a control page: the members of a form, or of one flat JSON object.</summary>
internal sealed class Words
{
    private readonly Dictionary<string, string?> members;

    private Words(Dictionary<string, string?> members, bool fromForm) => (this.members, FromForm) = (members, fromForm);

    /// <summary>A person pressed a button: they want to see the page again.</summary>
    public bool FromForm { get; }

    /// <summary>All members, as they came.</summary>
    public IReadOnlyDictionary<string, string?> All => members;

    /// <summary>One member; null = not there, or null, or empty.</summary>
    public string? this[string name] => members.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>Reads them.</summary>
    /// <exception cref="ControlException">It is neither a form nor a flat JSON object.</exception>
    public static async Task<Words> ReadAsync(HttpRequest request)
    {
        var cancel = request.HttpContext.RequestAborted;
        if (request.HasFormContentType) return new((await request.ReadFormAsync(cancel)).ToDictionary(member => member.Key, member => (string?)member.Value.ToString(), StringComparer.Ordinal), fromForm: true);
        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding")) return new([], fromForm: false);
        try
        {
            return await JsonNode.ParseAsync(request.Body, cancellationToken: cancel) is JsonObject given && given.All(member => member.Value is null or JsonValue)
                ? new(given.ToDictionary(member => member.Key, member => member.Value?.ToString(), StringComparer.Ordinal), fromForm: false)
                : throw new ControlException("Send one flat JSON object.");
        }
        catch (JsonException)
        {
            throw new ControlException("Send one flat JSON object.");
        }
    }
}

/// <summary>Something that a control page cannot do. The message says what it takes.</summary>
internal sealed class ControlException(string message) : Exception(message);
