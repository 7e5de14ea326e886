using Juke.Contract.Profiles;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Import;

/// <summary>What stands here of an imported user, and what the import remembers of it.</summary>
/// <param name="Account">Null when the account was deleted here.</param>
/// <param name="SourceHash">Of the old rows, as last looked at.</param>
/// <param name="Taken">The old values last taken.</param>
/// <param name="Written">The values written for them.</param>
/// <param name="TokenHash">Of the old token that became a session.</param>
/// <param name="PasswordWasSetHere">Whether the person set a password here.</param>
internal sealed record HereRow(
    StoredAccount? Account, byte[] SourceHash, Fingerprint Taken, Fingerprint Written, byte[]? TokenHash, bool PasswordWasSetHere)
{
    /// <summary>Whether there is a session of the old token, be it ended.</summary>
    public bool HasTokenRow { get; init; }

    /// <summary>Of the profile: 1 until something was saved here or taken by a later run.</summary>
    public int Revision { get; init; }

    /// <summary>Tokens of the Spotify link, sealed.</summary>
    public string? SealedAccess { get; init; }

    public string? SealedRefresh { get; init; }

    /// <summary>Whether the value here is no longer the one that was written.</summary>
    public bool Changed(ImportField field, Fingerprint here) => field == ImportField.Password
        // A newer hash of the same password is no change.
        ? PasswordWasSetHere || (Account!.PasswordHash is null && !Written.Same(here, field))
        : !Written.Same(here, field);
}

/// <summary>Reads them.</summary>
internal static class HereRows
{
    private const string Select =
        """
        select m.id, m.source_hash, m.taken, m.written, m.token_hash,
               u.state, u.email, u.email_key, u.email_proved_at, u.username, u.username_key, u.username_twin_key, u.name, u.password_hash, u.created_at,
               u.last_sign_in_at, u.password_set_at is not null,
               p.onboarding_done_at, p.name, p.display_name, p.tagline, p.bio, p.location, p.avatar_url,
               p.favorite_genres, p.favorite_artists, p.favorite_albums, p.favorite_tracks, p.city_lat, p.city_lng, p.custom_data::text,
               p.clout, p.created_at, p.modified_at,
               case when s.ended_at is null then s.secret_hash end, i.external_id, i.created_at, c.obtained_at,
               s.sid is not null, coalesce(p.revision, 0), c.access_token, c.refresh_token
          from imported_users m
          left join users u on u.id = m.id
          left join user_profiles p on p.user_id = m.id
          left join sessions s on s.secret_hash = m.token_hash and s.user_id = m.id
          left join identities i on i.user_id = m.id and i.provider = 'spotify'
          left join credentials c on c.user_id = m.id and c.provider = 'spotify'
         where m.id = any ($1)
        """;

    /// <summary>The rows of those among these ids who were imported.</summary>
    public static async Task<Dictionary<long, HereRow>> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, long[] ids, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Select, connection, transaction);
        command.Parameters.Add(P(ids));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var rows = new Dictionary<long, HereRow>();
        while (await row.ReadAsync(cancellation))
        {
            var id = row.GetInt64(0);
            rows.Add(id, new HereRow(
                row.IsDBNull(5) ? null : Account(row, id), row.GetFieldValue<byte[]>(1), Fingerprint.Stored(row.GetFieldValue<byte[]>(2)),
                Fingerprint.Stored(row.GetFieldValue<byte[]>(3)), Bytes(row, 4), !row.IsDBNull(16) && row.GetBoolean(16))
            {
                HasTokenRow = row.GetBoolean(38),
                Revision = row.GetInt32(39),
                SealedAccess = Text(row, 40),
                SealedRefresh = Text(row, 41),
            });
        }
        return rows;
    }

    private static StoredAccount Account(NpgsqlDataReader row, long id) => new()
    {
        Id = id,
        State = row.GetString(5),
        Email = Text(row, 6),
        EmailKey = Text(row, 7),
        EmailProvedAt = Instant(row, 8),
        Username = Text(row, 9),
        UsernameKey = Text(row, 10),
        UsernameTwinKey = Text(row, 11),
        Name = Text(row, 12),
        PasswordHash = Text(row, 13),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(14),
        LastSignInAt = Instant(row, 15),
        OnboardedAt = Instant(row, 17),
        Profile = new CanonicalProfile
        {
            Name = Text(row, 18),
            DisplayName = row.GetString(19),
            Tagline = row.GetString(20),
            Bio = row.GetString(21),
            Location = row.GetString(22),
            AvatarUrl = row.GetString(23),
            FavoriteGenres = row.GetFieldValue<string[]>(24),
            FavoriteArtists = row.GetFieldValue<string[]>(25),
            FavoriteAlbums = row.GetFieldValue<string[]>(26),
            FavoriteTracks = row.GetFieldValue<string[]>(27),
            City = row.IsDBNull(28) ? null : new Coordinates(row.GetDouble(28), row.GetDouble(29)),
            CustomData = row.GetString(30),
        },
        Clout = row.GetDouble(31),
        ProfileCreatedAt = Instant(row, 32),
        ProfileModifiedAt = Instant(row, 33),
        TokenHash = Bytes(row, 34),
        SpotifyId = Text(row, 35),
        SpotifyLinkedAt = Instant(row, 36),
        SpotifyTokens = Instant(row, 37) is { } obtained ? new LinkTokens(null, null, null, [], obtained) : null,
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static byte[]? Bytes(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    private static DateTimeOffset? Instant(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
