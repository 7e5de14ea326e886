using System.Globalization;
using Juke.Contract;

namespace Juke.Client;

/// <summary>What is asked of the list of fixtures; null leaves it to the server.</summary>
public sealed record FixtureQuery
{
    /// <summary>Earliest kick-off; now unless told.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Latest kick-off; seven days later unless told.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>From 1.</summary>
    public int? Page { get; init; }

    /// <summary>1–50; 20 unless told.</summary>
    public int? PerPage { get; init; }

    /// <summary>Only these competitions; empty = all.</summary>
    public IReadOnlyList<long> Leagues { get; init; } = [];

    /// <summary>Only fixtures with these markets; empty = all.</summary>
    public IReadOnlyList<long> Markets { get; init; } = [];

    /// <summary>Only with, or only without odds.</summary>
    public bool? HasOdds { get; init; }

    /// <summary>Blocks to show: <c>league</c>, <c>teams</c>, <c>country</c>, <c>odds</c>.</summary>
    public IReadOnlyList<string> Include { get; init; } = ["league", "teams", "country"];

    internal string Text() => JukeClient.Query(
        ("from", From is { } from ? InstantConverter.Format(from) : null),
        ("to", To is { } to ? InstantConverter.Format(to) : null),
        ("page", Page?.ToString(CultureInfo.InvariantCulture)),
        ("perPage", PerPage?.ToString(CultureInfo.InvariantCulture)),
        ("leagues", Leagues.Count == 0 ? null : string.Join(',', Leagues)),
        ("markets", Markets.Count == 0 ? null : string.Join(',', Markets)),
        ("hasOdds", HasOdds is { } odds ? odds ? "true" : "false" : null),
        ("include", Include.Count == 0 ? null : string.Join(',', Include)));
}

/// <summary>The part of the globe that is shown; null leaves it to the server: all of it, from afar.</summary>
public sealed record GlobeQuery
{
    /// <summary>Degrees north.</summary>
    public double? MinLat { get; init; }

    /// <summary>Degrees north.</summary>
    public double? MaxLat { get; init; }

    /// <summary>Degrees east.</summary>
    public double? MinLng { get; init; }

    /// <summary>Degrees east.</summary>
    public double? MaxLng { get; init; }

    /// <summary>From 1; the nearer, the more people with little clout are shown.</summary>
    public double? Zoom { get; init; }

    /// <summary>How many at most.</summary>
    public int? Limit { get; init; }

    internal string Text() => JukeClient.Query(
        ("min_lat", Number(MinLat)), ("max_lat", Number(MaxLat)), ("min_lng", Number(MinLng)), ("max_lng", Number(MaxLng)), ("zoom", Number(Zoom)),
        ("limit", Limit?.ToString(CultureInfo.InvariantCulture)));

    private static string? Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);
}
