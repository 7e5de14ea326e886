using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Import;

/// <summary>An old user without an address or a Spotify account that is somebody else's, or was.</summary>
/// <param name="Address">What stands there without its key, when nobody holds the key any more; or null.</param>
/// <param name="HasNoLink">Whether the link was refused; only the old row says which it was.</param>
internal readonly record struct Loser(string? Address, bool HasNoLink);

/// <summary>Finds them. Most lost an address for good (twins): those are left out before anything of the old system is read.</summary>
internal static class Losers
{
    /// <summary>Those who may have something to ask again for, by id.</summary>
    public static async Task<Dictionary<long, Loser>> FindAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var losers = new Dictionary<long, Loser>();
        await using (var command = new NpgsqlCommand(
            """
            select u.id, max(u.email) filter (where r.reason = $1 and u.email_key is null), bool_or(r.reason = $2)
              from import_remarks r join users u on u.id = r.user_id
             where (r.reason = $1 and u.email_key is null)
                or (r.reason = $2 and not exists (select from identities i where i.user_id = u.id and i.provider = 'spotify'))
             group by u.id
            """,
            connection)
        { Parameters = { P(Neighbours.AddressLost.Reason), P(Neighbours.LinkLost.Reason) }, CommandTimeout = 0 })
        {
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation)) losers.Add(row.GetInt64(0), new(row.IsDBNull(1) ? null : row.GetString(1), row.GetBoolean(2)));
        }
        var held = await HeldAsync(connection, [.. losers.Values.Select(l => KeyClaim.EmailKey(l.Address)).OfType<string>().Distinct(StringComparer.Ordinal)], cancellation);
        foreach (var (id, loser) in losers.ToArray())
        {
            if (KeyClaim.EmailKey(loser.Address) is { } key && !held.Contains(key)) continue;
            if (loser.HasNoLink) losers[id] = loser with { Address = null };
            else losers.Remove(id);
        }
        return losers;
    }

    private static async Task<HashSet<string>> HeldAsync(NpgsqlConnection connection, string[] keys, CancellationToken cancellation)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("select email_key from users where email_key = any ($1)", connection) { Parameters = { P(keys) }, CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) held.Add(row.GetString(0));
        return held;
    }
}
