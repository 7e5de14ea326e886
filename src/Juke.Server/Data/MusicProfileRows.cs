using System.Data.Common;
using Juke.Contract.Profiles;
using Juke.Contract.Wire;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Data;

/// <summary>A music profile as it is stored, with what belongs to it from the account.</summary>
internal sealed record MusicProfileRow(
    long UserId, string? Username, DateTimeOffset? CompletedAt, CanonicalProfile Profile, IReadOnlyList<string> SkippedSteps,
    double Clout, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt, int Revision, bool PlaysSpotify)
{
    /// <summary>Whether its owner, or an import, ever saved it.</summary>
    public required bool IsSaved { get; init; }

    public MusicProfile ToWire(bool isOwner) => Profile.ToWire(
        UserId, Username, CompletedAt, Clout, Profile.FavoriteGenres is [var top, ..] ? top : null, CreatedAt, ModifiedAt, isOwner);
}

/// <summary>The music profile's columns of <c>user_profiles</c>.</summary>
internal static class MusicProfileRows
{
    // The last but one: connected, as spotify/status says it. An identity without tokens is only a way to sign in.
    private const string Columns =
        "p.user_id, a.username, a.completed_at, p.name, p.display_name, p.tagline, p.bio, p.location, p.avatar_url, "
        + "p.favorite_genres, p.favorite_artists, p.favorite_albums, p.favorite_tracks, p.city_lat, p.city_lng, p.custom_data::text, "
        + "p.skipped_steps, p.clout, coalesce(p.created_at, a.created_at), coalesce(p.modified_at, a.created_at), p.revision, "
        + "exists (select from credentials c where c.user_id = a.id and c.provider = 'spotify'), p.modified_at is not null";

    private const string Select = "select " + Columns + " from accounts a join user_profiles p on p.user_id = a.id ";

    // One UPDATE carries out the whole change. What two saves can race for is decided in it: custom_data is merged, not
    // replaced; a position goes with the location that it belonged to; a stale If-Match matches nothing.
    private const string Update =
        "update user_profiles p set "
        + "name = case when $4 then $5 else p.name end, "
        + "display_name = coalesce($6, p.display_name), tagline = coalesce($7, p.tagline), bio = coalesce($8, p.bio), "
        + "location = coalesce($9, p.location), avatar_url = coalesce($10, p.avatar_url), "
        + "favorite_genres = coalesce($11, p.favorite_genres), favorite_artists = coalesce($12, p.favorite_artists), "
        + "favorite_albums = coalesce($13, p.favorite_albums), favorite_tracks = coalesce($14, p.favorite_tracks), "
        + "city_lat = case when $15 then $16 when $9 is distinct from p.location and $9 is not null then null else p.city_lat end, "
        + "city_lng = case when $15 then $17 when $9 is distinct from p.location and $9 is not null then null else p.city_lng end, "
        + "custom_data = (p.custom_data - $18::text[]) || $19::jsonb, "
        + "revision = p.revision + 1, modified_at = $3 "
        + "from accounts a where a.id = p.user_id and p.user_id = $1 and ($2::integer is null or p.revision = $2) returning " + Columns;

    public static async Task<MusicProfileRow?> FindAsync(NpgsqlDataSource database, long userId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Select + "where a.id = $1");
        command.Parameters.Add(P(userId));
        return await ReadOneAsync(command, cancellation);
    }

    /// <summary>
    /// By the exact text of the name: imported case twins are two people. Where several have one text, the reader's own comes
    /// first, then that of who holds the key.
    /// </summary>
    public static async Task<MusicProfileRow?> FindByUsernameAsync(NpgsqlDataSource database, string username, long readerId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            Select + "where a.username = $1 and a.state = 'active' order by a.id = $2 desc, a.username_key is not null desc, a.id limit 1");
        command.Parameters.AddAll(P(username), P(readerId));
        return await ReadOneAsync(command, cancellation);
    }

    /// <summary>Carries out a change.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="userId">Whose.</param>
    /// <param name="change">What changes.</param>
    /// <param name="revision">The revision that the caller has read, or null when it does not matter.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="cancellation">The request's.</param>
    /// <returns>The row afterwards; null when it has another revision.</returns>
    public static async Task<MusicProfileRow?> SaveAsync(
        NpgsqlDataSource database, long userId, ProfileChange change, int? revision, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Update);
        AddParameters(command.Parameters, userId, change, revision, now);
        return await ReadOneAsync(command, cancellation);
    }

    /// <inheritdoc cref="SaveAsync(NpgsqlDataSource, long, ProfileChange, int?, DateTimeOffset, CancellationToken)"/>
    public static async Task<MusicProfileRow?> SaveAsync(
        NpgsqlTransaction transaction, long userId, ProfileChange change, int? revision, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Update, transaction.Connection, transaction);
        AddParameters(command.Parameters, userId, change, revision, now);
        return await ReadOneAsync(command, cancellation);
    }

    /// <summary>Remembers that a step was passed over.</summary>
    public static Task SkipAsync(NpgsqlDataSource database, long userId, string step, CancellationToken cancellation) =>
        ExecuteAsync(database, "update user_profiles set skipped_steps = array_append(skipped_steps, $2) where user_id = $1 and not ($2 = any (skipped_steps))",
            cancellation, P(userId), P(step));

    /// <summary>People whose sessions were seen since then, by name, and how many they are.</summary>
    public static async Task<(IReadOnlyList<MusicProfileRow> Rows, long Count)> ListSeenAsync(
        NpgsqlDataSource database, DateTimeOffset since, int limit, int offset, CancellationToken cancellation)
    {
        const string people = " where " + People.Shown + " and a.id in (select s.user_id from sessions s where s.ended_at is null and s.seen_at >= $1)";
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command("select count(*) from accounts a" + people, P(since)));
        batch.BatchCommands.Add(Command(Select + people + " order by a.username, a.id limit $2 offset $3", P(since), P(limit), P(offset)));
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var count = row.GetInt64(0);
        await row.NextResultAsync(cancellation);
        var rows = new List<MusicProfileRow>();
        while (await row.ReadAsync(cancellation)) rows.Add(Read(row));
        return (rows, count);
    }

    private static async Task<MusicProfileRow?> ReadOneAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? Read(row) : null;
    }

    private static void AddParameters(NpgsqlParameterCollection parameters, long userId, ProfileChange change, int? revision, DateTimeOffset now) => parameters.AddAll(
        P(userId),
        new NpgsqlParameter { Value = (object?)revision ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer },
        P(now),
        P(change.Name.IsPresent), Text(change.Name.Value),
        Text(change.DisplayName.Value), Text(change.Tagline.Value), Text(change.Bio.Value), Text(change.Location.Value), Text(change.AvatarUrl.Value),
        Texts(change.FavoriteGenres.Value), Texts(change.FavoriteArtists.Value), Texts(change.FavoriteAlbums.Value), Texts(change.FavoriteTracks.Value),
        P(change.City.IsPresent), Number(change.City.Value?.Latitude), Number(change.City.Value?.Longitude),
        Texts(change.CustomData.Remove), Text(change.CustomData.Set));

    private static MusicProfileRow Read(DbDataReader row) => new(
        row.GetInt64(0),
        row.IsDBNull(1) ? null : row.GetString(1),
        row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2),
        new CanonicalProfile
        {
            Name = row.IsDBNull(3) ? null : row.GetString(3),
            DisplayName = row.GetString(4),
            Tagline = row.GetString(5),
            Bio = row.GetString(6),
            Location = row.GetString(7),
            AvatarUrl = row.GetString(8),
            FavoriteGenres = row.GetFieldValue<string[]>(9),
            FavoriteArtists = row.GetFieldValue<string[]>(10),
            FavoriteAlbums = row.GetFieldValue<string[]>(11),
            FavoriteTracks = row.GetFieldValue<string[]>(12),
            City = row.IsDBNull(13) ? null : new Coordinates(row.GetDouble(13), row.GetDouble(14)),
            CustomData = row.GetString(15),
        },
        row.GetFieldValue<string[]>(16), row.GetDouble(17),
        row.GetFieldValue<DateTimeOffset>(18), row.GetFieldValue<DateTimeOffset>(19), row.GetInt32(20), row.GetBoolean(21))
    {
        IsSaved = row.GetBoolean(22),
    };
}
