using Juke.Testing;

namespace Juke.Web.Tests;

/// <summary>Matches for the home page, counted from the server's clock.</summary>
internal static class Fixtures
{
    public static async Task SeedAsync(JukeServer server)
    {
        await using var command = server.Database.CreateCommand(
            """
            insert into fixtures (id, name, kickoff_at, state, league_id, league, home_team, away_team, country)
            select 1000 + i, 'Harbour ' || i || ' vs Valley ' || i, $1 + i * interval '11 hours', 'NS', 1,
                   '{"id": 1, "name": "Northern Star Cup", "imagePath": null}',
                   jsonb_build_object('id', 10 + i, 'name', 'Harbour ' || i, 'shortCode', 'HA' || i, 'imagePath', null),
                   jsonb_build_object('id', 20 + i, 'name', 'Valley ' || i, 'shortCode', 'VA' || i, 'imagePath', null), null
              from generate_series(1, 6) i
            """);
        command.Parameters.AddWithValue(server.Clock.GetUtcNow());
        await command.ExecuteNonQueryAsync();
    }
}
