using System.Text.Json;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Fixtures;

/// <summary>Reads fixtures from JSON lines, one as <see cref="Fixture"/> shows it per line, and inserts or replaces them: all or none.</summary>
internal static class ImportFixtures
{
    private const string Upsert =
        """
        insert into fixtures (id, name, kickoff_at, state, stage, round, leg, league_id, league, home_team, away_team, country, odds)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10::jsonb, $11::jsonb, $12::jsonb, $13::jsonb)
        on conflict (id) do update set (name, kickoff_at, state, stage, round, leg, league_id, league, home_team, away_team, country, odds)
          = (excluded.name, excluded.kickoff_at, excluded.state, excluded.stage, excluded.round, excluded.leg, excluded.league_id, excluded.league,
             excluded.home_team, excluded.away_team, excluded.country, excluded.odds)
        """;

    /// <returns>How many fixtures were read, or which line is wrong and why.</returns>
    public static async Task<(int Count, string? Complaint)> RunAsync(NpgsqlDataSource database, TextReader lines, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var number = 0;
        var count = 0;
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (Read(line) is not { } fixture) return (0, $"line {number} is not a fixture: it needs at least id, name, kickoffAt and state, and no member that is unknown");
            if (Lacking(fixture) is { } field) return (0, $"line {number} lacks {field}");
            await using var command = new NpgsqlCommand(Upsert, connection, transaction);
            command.Parameters.AddAll(
                P(fixture.Id), P(fixture.Name), P(fixture.KickoffAt.ToUniversalTime()), P(fixture.State), Text(fixture.Stage), Text(fixture.Round), Text(fixture.Leg),
                new NpgsqlParameter { Value = (object?)fixture.League?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint },
                Text(fixture.League is { } l ? JsonSerializer.Serialize(l, CoreJson.Default.League) : null),
                Text(fixture.HomeTeam is { } h ? JsonSerializer.Serialize(h, CoreJson.Default.Team) : null),
                Text(fixture.AwayTeam is { } a ? JsonSerializer.Serialize(a, CoreJson.Default.Team) : null),
                Text(fixture.Country.Value is { } c ? JsonSerializer.Serialize(c, CoreJson.Default.Country) : null),
                Text(JsonSerializer.Serialize([.. fixture.Odds ?? []], CoreJson.Default.ListOdd)));
            try
            {
                await command.ExecuteNonQueryAsync(cancellation);
            }
            catch (PostgresException e) when (e.SqlState.StartsWith("22", StringComparison.Ordinal))
            {
                return (0, $"line {number} cannot be stored: {e.MessageText}");
            }
            count++;
        }
        await transaction.CommitAsync(cancellation);
        return (count, null);
    }

    private static Fixture? Read(string line)
    {
        try
        {
            var fixture = JsonSerializer.Deserialize(line, CoreJson.Default.Fixture);
            return fixture is { Id: not 0, Name: not null, State: not null } && fixture.KickoffAt != default ? fixture : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The first member inside a block that clients count on (it is never null to them) and the line has not; null when all are there.</summary>
    private static string? Lacking(Fixture fixture)
    {
        IEnumerable<(string Field, bool IsThere)> fields =
        [
            .. fixture.League is { } league ? Named("league", league.Id, league.Name) : [],
            .. fixture.HomeTeam is { } home ? [.. Named("homeTeam", home.Id, home.Name), ("homeTeam.shortCode", home.ShortCode is not null)] : Nothing,
            .. fixture.AwayTeam is { } away ? [.. Named("awayTeam", away.Id, away.Name), ("awayTeam.shortCode", away.ShortCode is not null)] : Nothing,
            .. fixture.Country.Value is { } country ? [.. Named("country", country.Id, country.Name), ("country.iso2", country.Iso2 is not null)] : Nothing,
            .. (fixture.Odds ?? []).SelectMany((odd, i) => odd is null
                ? [($"odds[{i}]", false)]
                : new[] { ($"odds[{i}].marketId", odd.MarketId != 0), ($"odds[{i}].market", odd.Market is not null), ($"odds[{i}].label", odd.Label is not null), ($"odds[{i}].value", odd.Value != 0) }),
        ];
        return fields.FirstOrDefault(f => !f.IsThere).Field;
    }

    private static (string Field, bool IsThere)[] Nothing => [];

    private static (string Field, bool IsThere)[] Named(string block, long id, string? name) => [(block + ".id", id != 0), (block + ".name", name is not null)];
}
