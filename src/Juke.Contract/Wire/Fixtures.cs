using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Juke.Contract.Wire;

/// <summary>One fixture of <c>GET /fixtures/upcoming</c>. Blocks that were not asked for with <c>include</c> are absent.</summary>
/// <param name="Id">Catalogue id.</param>
/// <param name="Name">For example "Home vs Away".</param>
/// <param name="KickoffAt">ISO 8601, UTC.</param>
/// <param name="StartTs">The same instant in unix seconds.</param>
/// <param name="State"><c>NS</c>: not started, the only one so far; show a fixture in a state that you do not know without saying how it stands.</param>
/// <param name="Stage">Stage of the competition, or null.</param>
/// <param name="Round">Round, or null.</param>
/// <param name="Leg">Leg, or null.</param>
public sealed record Fixture(
    long Id,
    string Name,
    DateTimeOffset KickoffAt,
    long StartTs,
    string State,
    string? Stage,
    string? Round,
    string? Leg)
{
    /// <summary>With <c>include=league</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public League? League { get; init; }

    /// <summary>With <c>include=teams</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Team? HomeTeam { get; init; }

    /// <summary>With <c>include=teams</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Team? AwayTeam { get; init; }

    /// <summary>With <c>include=country</c>: the country, or null where the competition has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Country?> Country { get; init; }

    /// <summary>With <c>include=odds</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Odd>? Odds { get; init; }
}

/// <summary>A competition.</summary>
/// <param name="Id">Catalogue id.</param>
/// <param name="Name">Name.</param>
/// <param name="ImagePath">URL of its emblem, or null.</param>
public sealed record League(long Id, string Name, string? ImagePath);

/// <summary>A team.</summary>
/// <param name="Id">Catalogue id.</param>
/// <param name="Name">Name.</param>
/// <param name="ShortCode">About three letters.</param>
/// <param name="ImagePath">URL of its emblem, or null.</param>
public sealed record Team(long Id, string Name, string ShortCode, string? ImagePath);

/// <summary>A country.</summary>
/// <param name="Id">Catalogue id.</param>
/// <param name="Name">English name.</param>
/// <param name="ImagePath">URL of its flag, or null.</param>
/// <param name="Iso2">ISO 3166-1 alpha-2 code.</param>
public sealed record Country(long Id, string Name, string? ImagePath, string Iso2);

/// <summary>One price of a market.</summary>
/// <param name="MarketId">Catalogue id of the market.</param>
/// <param name="Market">Its name.</param>
/// <param name="Label">The outcome, for example "Home".</param>
/// <param name="Value">Decimal odds.</param>
public sealed record Odd(long MarketId, string Market, string Label, decimal Value);

/// <summary>Where a page stands in the whole list.</summary>
/// <param name="Page">From 1.</param>
/// <param name="PerPage">1–50.</param>
/// <param name="TotalItems">Fixtures that match.</param>
/// <param name="TotalPages">Pages that they fill.</param>
public sealed record Pagination(int Page, int PerPage, int TotalItems, int TotalPages);

/// <summary><c>GET /fixtures/upcoming</c>, also served at <c>/api/fixtures/upcoming</c>.</summary>
/// <param name="Status">Always <c>success</c>.</param>
/// <param name="Data">Next first.</param>
/// <param name="Pagination">Where this page stands.</param>
/// <param name="Message">A sentence.</param>
public sealed record UpcomingFixtures([property: AllowedValues("success")] string Status, IReadOnlyList<Fixture> Data, Pagination Pagination, string Message);
