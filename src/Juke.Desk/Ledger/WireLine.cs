namespace Juke.Desk.Ledger;

/// <summary>A line of a ledger: where (the key) and what (the value, empty where being there is all).</summary>
/// <param name="Key">For example <c>POST /auth/login body application/json $.password</c>.</param>
/// <param name="Value">For example <c>string required minLength=1</c>.</param>
internal sealed record WireLine(string Key, string Value)
{
    private readonly string[] words = Key.Split(' ');

    public static WireLine Parse(string line)
    {
        var colon = line.IndexOf(" : ", StringComparison.Ordinal);
        return colon < 0 ? new(line, "") : new(line[..colon], line[(colon + 3)..]);
    }

    /// <summary>Whether clients send it (parameters and bodies) or read it.</summary>
    public bool IsSent => words.Length > 2 && words[2] is "query" or "path" or "header" or "cookie" or "body" && !IsProblem;

    /// <summary>The shape of refusals, or one of their codes.</summary>
    public bool IsProblem => words[0] is "problem" or "juke-problem";

    public PlaceKind Kind =>
        words.Length > 1 && words[^2] == "=" ? PlaceKind.Choice
        : words[0] == "security" ? PlaceKind.Scheme
        : words is [_, "code", _] or [_, _, _, "code", _] ? PlaceKind.Code
        : words[^1].StartsWith('$') || words.Length == 1 ? PlaceKind.Member
        : words.Length == 2 ? PlaceKind.Operation
        : words is [_, _, "security", _] ? PlaceKind.Security
        : words is [_, _, "body"] ? PlaceKind.Body
        : words is [_, _, "body", _] ? PlaceKind.Content
        : words is [_, _, "query" or "path" or "header" or "cookie", _] ? PlaceKind.Parameter
        : words.Length == 3 ? PlaceKind.Status
        : words is [_, _, _, "header", _] ? PlaceKind.Header
        : PlaceKind.Content;

    /// <summary>The key that this one stands under, or null at the top.</summary>
    public string? Parent => Kind switch
    {
        PlaceKind.Operation or PlaceKind.Scheme => null,
        PlaceKind.Choice or PlaceKind.Code or PlaceKind.Security or PlaceKind.Parameter or PlaceKind.Header => string.Join(' ', words[..^2]),
        PlaceKind.Member => words.Length == 1 ? null : Outer(words[^1]) is { Length: > 1 } outer ? string.Join(' ', [.. words[..^1], outer]) : string.Join(' ', words[..^1]),
        _ => string.Join(' ', words[..^1]),
    };

    private static string Outer(string path) => path.EndsWith("[]", StringComparison.Ordinal) || path.EndsWith("{}", StringComparison.Ordinal) ? path[..^2] : path[..path.LastIndexOf('.')];
}

/// <summary>What a line is about.</summary>
internal enum PlaceKind
{
    /// <summary>Method and path; the value is the gate level.</summary>
    Operation,

    /// <summary>A way to be authorised for the operation.</summary>
    Security,

    /// <summary>A parameter outside the body.</summary>
    Parameter,

    /// <summary>That there is a request body.</summary>
    Body,

    /// <summary>A media type of a body, with the shape's type.</summary>
    Content,

    /// <summary>A member of a body.</summary>
    Member,

    /// <summary>One allowed value.</summary>
    Choice,

    /// <summary>A status.</summary>
    Status,

    /// <summary>A header of an answer.</summary>
    Header,

    /// <summary>A problem code.</summary>
    Code,

    /// <summary>A security scheme.</summary>
    Scheme,
}
