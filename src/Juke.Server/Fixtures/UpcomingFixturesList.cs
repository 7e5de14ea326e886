using System.Text.Json;
using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Fixtures;

/// <summary>Fixtures that have not started, next first. Behind the whole gate (the seed names it).</summary>
internal sealed class UpcomingFixturesList(NpgsqlDataSource database, TimeProvider time)
{
    // Rows and their total in one round trip: the count is there even when the page is past the end.
    private const string Select =
        """
        with wanted as (
          select * from fixtures f
           where f.state = 'NS' and f.kickoff_at >= $1 and f.kickoff_at <= $2
             and ($3::bigint[] = '{}' or f.league_id = any ($3))
             and ($4::boolean is null or $4 = (f.odds <> '[]'))
             and ($5::bigint[] = '{}' or exists (select from jsonb_array_elements(f.odds) o where (o ->> 'marketId')::bigint = any ($5))))
        select (select count(*) from wanted)::int,
               p.id, p.name, p.kickoff_at, p.state, p.stage, p.round, p.leg, p.league::text, p.home_team::text, p.away_team::text, p.country::text, p.odds::text
          from (select 1) one
          left join lateral (select * from wanted order by kickoff_at, id limit $6 offset $7) p on true
         order by p.kickoff_at, p.id
        """;

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map("/fixtures/upcoming", "upcomingFixtures");
        Map("/api/fixtures/upcoming", "upcomingFixturesApi");

        void Map(string path, string name) =>
            routes.MapGet(path, async (HttpContext http, UpcomingFixturesList fixtures, TimeProvider time, CancellationToken cancellation) =>
            {
                var query = UpcomingFixturesQuery.Read(http.Request.Query, time.GetUtcNow());
                return query.Failed ? query.Problem.Answer() : Answers.Json(await fixtures.ReadAsync(query.Value, cancellation), CoreJson.Default.UpcomingFixtures);
            })
            .WithName(name).WithSummary("Fixtures that have not started, next first").Gives(CoreJson.Default.UpcomingFixtures)
            .Query("from", Value.Text(), "Earliest kick-off: ISO 8601, or unix seconds or milliseconds. Now, when absent or not readable.")
            .Query("to", Value.Text(), "Latest kick-off, as `from`. Seven days after `from`, when absent or not readable.")
            .Query("page", Value.Integer(1, UpcomingFixturesQuery.LastPage, 1), "From 1.")
            .Query("perPage", Value.Integer(1, UpcomingFixturesQuery.MostPerPage, 20), "Fixtures on a page.")
            .Query("leagues", Value.Ids(UpcomingFixturesQuery.MostIds), "Only these competitions; ids after the 200th are not looked at.")
            .Query("markets", Value.Ids(UpcomingFixturesQuery.MostIds), "Only fixtures and odds of these markets; ids after the 200th are not looked at.")
            .Query("hasOdds", Value.Boolean, "Only fixtures with odds, or only those without.")
            .Query("include", Value.Choice(UpcomingFixturesQuery.Blocks).Listed(UpcomingFixturesQuery.Blocks.Length), "Blocks to show of each fixture.")
            .Problems(ProblemCode.ValidationFailed);
    }

    /// <summary>The next fixtures for the home page.</summary>
    public Task<UpcomingFixtures> ForHomeAsync(CancellationToken cancellation) => ReadAsync(UpcomingFixturesQuery.Home(time.GetUtcNow()), cancellation);

    public async Task<UpcomingFixtures> ReadAsync(UpcomingFixturesQuery query, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Select);
        command.Parameters.AddAll(
            P(query.From.ToUniversalTime()), P(query.To.ToUniversalTime()), P(query.Leagues),
            new NpgsqlParameter { Value = (object?)query.HasOdds ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Boolean },
            P(query.Markets), P(query.PerPage), P((query.Page - 1L) * query.PerPage));
        var total = 0;
        var list = new List<Fixture>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            total = row.GetInt32(0);
            if (!row.IsDBNull(1)) list.Add(Read(row, query));
        }
        return new UpcomingFixtures(
            "success", list, new Pagination(query.Page, query.PerPage, total, (total + query.PerPage - 1) / query.PerPage), "Upcoming fixtures fetched successfully");
    }

    private static Fixture Read(NpgsqlDataReader row, UpcomingFixturesQuery query)
    {
        var kickoff = row.GetFieldValue<DateTimeOffset>(3);
        return new Fixture(row.GetInt64(1), row.GetString(2), kickoff, kickoff.ToUnixTimeSeconds(), row.GetString(4), Text(5), Text(6), Text(7))
        {
            League = query.Include.Contains("league") && Text(8) is { } league ? JsonSerializer.Deserialize(league, CoreJson.Default.League) : null,
            HomeTeam = query.Include.Contains("teams") && Text(9) is { } home ? JsonSerializer.Deserialize(home, CoreJson.Default.Team) : null,
            AwayTeam = query.Include.Contains("teams") && Text(10) is { } away ? JsonSerializer.Deserialize(away, CoreJson.Default.Team) : null,
            Country = query.Include.Contains("country")
                ? new Optional<Country?>(Text(11) is { } country ? JsonSerializer.Deserialize(country, CoreJson.Default.Country) : null)
                : default,
            Odds = query.Include.Contains("odds") ? Prices(row.GetString(12), query.Markets) : null,
        };

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    private static List<Odd> Prices(string json, long[] markets)
    {
        var odds = JsonSerializer.Deserialize(json, CoreJson.Default.ListOdd) ?? [];
        return markets.Length == 0 ? odds : odds.FindAll(o => markets.Contains(o.MarketId));
    }
}
