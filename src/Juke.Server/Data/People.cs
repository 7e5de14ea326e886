using Juke.Contract.Wire;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Data;

/// <summary>
/// Reads about other people: those who can sign in and are through onboarding. Nobody else is shown, found or counted.
/// </summary>
internal static class People
{
    /// <summary>Who may be shown to others.</summary>
    public const string Shown = "a.state = 'active' and not a.onboarding_required";

    /// <summary>
    /// From three characters on the trigram index finds them all. Less has no trigram and finds half of everybody, so each part
    /// stops at a hundred.
    /// </summary>
    private const int Trigram = 3;

    private static readonly string SearchLong = Search("");

    private static readonly string SearchShort = Search(" limit 100");

    private static string Search(string limit) =>
        $"""
        with hit as (
          (select a.id from accounts a where a.username_key = $2 and {Shown})
          union
          (select a.id from accounts a where a.username ilike $1 and {Shown}{limit})
          union
          (select a.id from user_profiles p join accounts a on a.id = p.user_id where p.display_name <> '' and p.display_name ilike $1 and {Shown}{limit}))
        select a.username, p.display_name, p.tagline, p.avatar_url
          from hit join accounts a on a.id = hit.id join user_profiles p on p.user_id = a.id
         order by (a.username_key = $2) desc nulls last, (a.username ilike $3) desc, a.username, a.id
         limit $4
        """;

    private const string Globe =
        $"""
        select a.id, a.username, p.city_lat, p.city_lng, p.clout, p.favorite_genres[1], p.display_name, p.location
          from user_profiles p join accounts a on a.id = p.user_id
         where p.city_lat is not null and p.city_lat between $1 and $2 and p.city_lng between $3 and $4 and p.clout >= $5 and {Shown}
         order by p.clout desc, p.user_id
         limit $6
        """;

    /// <summary>By a part of the username or of the display name; the whole name first, then beginnings.</summary>
    public static async Task<IReadOnlyList<FoundProfile>> SearchAsync(NpgsqlDataSource database, string text, string key, int limit, CancellationToken cancellation)
    {
        var pattern = text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
        await using var command = database.CreateCommand(text.Length < Trigram ? SearchShort : SearchLong);
        command.Parameters.AddAll(P($"%{pattern}%"), P(key), P(pattern + "%"), P(limit));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<FoundProfile>();
        while (await row.ReadAsync(cancellation)) found.Add(new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)));
        return found;
    }

    /// <summary>Who has a place inside the rectangle (degrees) and at least this clout, the most first.</summary>
    public static async Task<IReadOnlyList<GlobePoint>> OnGlobeAsync(
        NpgsqlDataSource database, (double Min, double Max) lat, (double Min, double Max) lng, double clout, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Globe);
        command.Parameters.AddAll(P(lat.Min), P(lat.Max), P(lng.Min), P(lng.Max), P(clout), P(limit));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var points = new List<GlobePoint>();
        while (await row.ReadAsync(cancellation))
            points.Add(new(
                row.GetInt64(0), row.GetString(1), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4), row.IsDBNull(5) ? "other" : row.GetString(5), row.GetString(6), row.GetString(7)));
        return points;
    }

    /// <summary>Ids and names in the order of the ids, and how many there are.</summary>
    public static async Task<(IReadOnlyList<(long Id, string Username)> Rows, long Count)> ListAsync(
        NpgsqlDataSource database, int limit, int offset, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command("select count(*) from accounts a where a.username is not null and " + Shown));
        batch.BatchCommands.Add(Command($"select a.id, a.username from accounts a where a.username is not null and {Shown} order by a.id limit $1 offset $2", P(limit), P(offset)));
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var count = row.GetInt64(0);
        await row.NextResultAsync(cancellation);
        var rows = new List<(long, string)>();
        while (await row.ReadAsync(cancellation)) rows.Add((row.GetInt64(0), row.GetString(1)));
        return (rows, count);
    }

    /// <summary>The name of one of them, or null.</summary>
    public static async Task<string?> FindNameAsync(NpgsqlDataSource database, long id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select a.username from accounts a where a.id = $1 and " + Shown);
        command.Parameters.Add(P(id));
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }
}
