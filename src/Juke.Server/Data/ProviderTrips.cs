using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Data;

/// <summary>One trip of a browser to a provider and back.</summary>
internal sealed record ProviderTrip
{
    public required string Provider { get; init; }

    /// <summary>Who connects; null when somebody signs in.</summary>
    public long? UserId { get; init; }

    /// <summary>The session that asked to connect: when it ends, so does the trip.</summary>
    public byte[]? Sid { get; init; }

    /// <summary>The browser proved nothing yet: a person has to confirm, unless the browser turns out to be the user's.</summary>
    public bool MustConfirm { get; init; }

    /// <summary>The callback that the provider was told.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>Where to go afterwards; checked when it was stored.</summary>
    public string? ReturnTo { get; init; }

    /// <summary>Sealed: what the provider said, while a person is asked to confirm.</summary>
    public string? Answer { get; init; }
}

/// <summary>The table <c>provider_trips</c>. Ids and browsers are hashes: a copy of the table finishes no trip.</summary>
internal static class ProviderTrips
{
    private const string Columns = "t.provider, t.user_id, t.sid, t.must_confirm, t.redirect_uri, t.return_to, t.answer";

    // The same for a callback (nothing was said yet) and a confirmation (the answer waits): each takes its own kind only.
    private const string Good =
        """
        t.id = $1 and t.browser = $2 and t.expires_at > $3 and (t.answer is not null) = $4
          and (t.sid is null or exists (
            select from sessions s where s.sid = t.sid and s.user_id = t.user_id and s.ended_at is null and s.idle_ends_at > $3 and s.absolute_ends_at > $3))
        """;

    /// <summary>Writes a trip down, and forgets those that are over.</summary>
    public static Task InsertAsync(
        NpgsqlDataSource database, byte[] id, byte[] browser, ProviderTrip trip, DateTimeOffset now, TimeSpan lifetime, CancellationToken cancellation) =>
        ExecuteAsync(
            database,
            [
                Command("delete from provider_trips where id in (select id from provider_trips where expires_at <= $1 limit 50)", P(now)),
                Command(
                    """
                    insert into provider_trips (id, provider, purpose, browser, user_id, sid, must_confirm, redirect_uri, return_to, answer, created_at, expires_at)
                    values ($1, $2, case when $5::bytea is null then 'sign-in' else 'connect' end, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                    """,
                    P(id), P(trip.Provider), P(browser), Id(trip.UserId), Bytes(trip.Sid), P(trip.MustConfirm), P(trip.RedirectUri), Text(trip.ReturnTo), Text(trip.Answer),
                    P(now), P(now + lifetime)),
            ],
            cancellation);

    /// <summary>Takes a trip: it counts once. Null when it is unknown, over, used, of another browser, or its session ended.</summary>
    public static Task<ProviderTrip?> TakeAsync(NpgsqlDataSource database, byte[] id, byte[] browser, bool isConfirmation, DateTimeOffset now, CancellationToken cancellation) =>
        ReadAsync(database, $"delete from provider_trips t where {Good} returning {Columns}", id, browser, isConfirmation, now, cancellation);

    /// <summary>A trip that waits to be confirmed, for showing the page.</summary>
    public static Task<ProviderTrip?> FindWaitingAsync(NpgsqlDataSource database, byte[] id, byte[] browser, DateTimeOffset now, CancellationToken cancellation) =>
        ReadAsync(database, $"select {Columns} from provider_trips t where {Good}", id, browser, isConfirmation: true, now, cancellation);

    private static async Task<ProviderTrip?> ReadAsync(
        NpgsqlDataSource database, string sql, byte[] id, byte[] browser, bool isConfirmation, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddAll(P(id), P(browser), P(now), P(isConfirmation));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) return null;
        return new ProviderTrip
        {
            Provider = row.GetString(0),
            UserId = row.IsDBNull(1) ? null : row.GetInt64(1),
            Sid = row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2),
            MustConfirm = row.GetBoolean(3),
            RedirectUri = row.GetString(4),
            ReturnTo = row.IsDBNull(5) ? null : row.GetString(5),
            Answer = row.IsDBNull(6) ? null : row.GetString(6),
        };
    }

    private static NpgsqlParameter Id(long? id) => new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint };
}
