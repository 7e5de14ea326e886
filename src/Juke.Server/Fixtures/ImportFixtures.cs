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
            return fixture is { Name: not null, State: not null } && fixture.KickoffAt != default ? fixture : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
