using System.Globalization;
using Juke.Server.Plumbing;

namespace Juke.Server.JukeApi;

/// <summary>Which part of a list is asked for, in the old server's way: whatever cannot be read counts as absent.</summary>
/// <param name="Limit">1–100, 20 when nothing was said.</param>
/// <param name="Offset">From 0.</param>
internal readonly record struct PageQuery(int Limit, int Offset)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    // What the document offers; more is read than that, since what is unreadable or too much is put right.

    public static Value LimitValue { get; } = Value.Integer(1, MaxLimit, DefaultLimit);

    public static Value OffsetValue { get; } = Value.Integer(0, int.MaxValue, 0);

    public static PageQuery Of(HttpRequest request) =>
        new(Math.Min(Number(request, "limit") is { } limit and > 0 ? limit : DefaultLimit, MaxLimit), Number(request, "offset") ?? 0);

    /// <summary>Addresses of the pages beside this one; null where there is none.</summary>
    public (string? Next, string? Previous) Links(HttpRequest request, Settings settings, long count) => (
        Offset + (long)Limit < count ? Link(request, settings, Offset + Limit) : null,
        Offset > 0 ? Link(request, settings, Math.Max(0, Offset - Limit)) : null);

    private string Link(HttpRequest request, Settings settings, int offset)
    {
        var others = request.Query.Where(q => q.Key is not ("limit" or "offset")).SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)));
        var query = QueryString.Create([.. others, new("limit", Text(Limit)), .. offset == 0 ? [] : new KeyValuePair<string, string?>[] { new("offset", Text(offset)) }]);
        return new Uri(settings.PublicUrl, request.Path.ToUriComponent() + query.ToUriComponent()).AbsoluteUri;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int? Number(HttpRequest request, string name) =>
        int.TryParse(request.Query[name] is [.., var last] ? last : null, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
