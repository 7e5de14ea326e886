using Juke.Server.Sessions;
using Npgsql;
using System.Security.Cryptography;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Import;

/// <summary>Writes what <see cref="Merge"/> decided about users who were imported before, in the caller's transaction.</summary>
internal sealed class Changes(NpgsqlConnection connection, NpgsqlTransaction transaction, Func<string, string> seal, DateTimeOffset now)
{
    private const string EndedThere = "ended in the old system";

    /// <summary>
    /// Locks all that is judged until the transaction ends, so that it is what is changed: a profile is saved and a token
    /// renewed without a lock on the account. The account first, as everybody who writes more than one of them.
    /// </summary>
    public async Task LockAsync(long[] ids, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Command("select from users where id = any ($1) order by id for update", P(ids)));
        batch.BatchCommands.Add(Command("select from user_profiles where user_id = any ($1) order by user_id for update", P(ids)));
        batch.BatchCommands.Add(Command("select from credentials where user_id = any ($1) order by user_id, provider for update", P(ids)));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Writes one merged account; <paramref name="account"/> is the merged one, with the keys that it may hold.</summary>
    public async Task WriteAsync(Incoming incoming, HereRow here, Merge merge, StoredAccount account, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (account.Username != here.Account!.Username)
        {
            batch.BatchCommands.Add(Command("update users set username = $2, username_key = $3 where id = $1", P(account.Id), Text(account.Username), Text(account.UsernameKey)));
            if (account.UsernameTwinKey is not null)
                batch.BatchCommands.Add(Command("update users set username_twin_key = $2 where id = $1", P(account.Id), P(account.UsernameTwinKey)));
        }
        batch.BatchCommands.Add(Command(
            "update users set state = $2, email = $3, email_key = $4, email_proved_at = $5, name = $6, password_hash = $7, created_at = $8, last_sign_in_at = $9 where id = $1",
            P(account.Id), P(account.State), Text(account.Email), Text(account.EmailKey), Instant(account.EmailProvedAt), Text(account.Name), Text(account.PasswordHash),
            P(account.CreatedAt), Instant(account.LastSignInAt)));
        AddProfile(batch, here.Account, merge, account, incoming.Account.ProfileModifiedAt);
        AddToken(batch, here, merge, incoming);
        AddSpotify(batch, merge, account);
        // Who was disabled here and there stays disabled when the old system changes its mind: the state counts as written by us
        // only if it was.
        batch.BatchCommands.Add(Command(
            "update imported_users set source_hash = $2, taken = $3, written = $4, token_hash = coalesce($5, token_hash) where id = $1",
            P(account.Id), P(incoming.SourceHash), P(here.Taken.With(incoming.Taken, merge.Settled).Bytes),
            P(here.Written.With(Fingerprint.Of(account.AsStored()), merge.Settled.Where(f => f != ImportField.State || merge.Fields.Contains(f))).Bytes), Bytes(merge.Settled.Contains(ImportField.Token) ? incoming.Account.TokenHash : null)));
        batch.BatchCommands.Add(Command("delete from import_remarks where user_id = $1 and field <> $2", P(account.Id), P(Remark.AddressWon)));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static void AddProfile(NpgsqlBatch batch, StoredAccount before, Merge merge, StoredAccount account, DateTimeOffset? modifiedThere)
    {
        var p = account.Profile;
        var isChanged = p != before.Profile || account.Username != before.Username || account.OnboardedAt != before.OnboardedAt;
        if (!isChanged && account.Clout.Equals(before.Clout) && account.ProfileCreatedAt == before.ProfileCreatedAt) return;
        batch.BatchCommands.Add(Command(
            """
            update user_profiles set
              onboarding_done = $2, onboarding_done_at = $3, name = $4, display_name = $5, tagline = $6, bio = $7, location = $8, avatar_url = $9,
              favorite_genres = $10, favorite_artists = $11, favorite_albums = $12, favorite_tracks = $13, city_lat = $14, city_lng = $15,
              custom_data = $16::jsonb, clout = $17, created_at = $18, modified_at = greatest(modified_at, $19), revision = revision + $20
             where user_id = $1
            """,
            P(account.Id), P(account.OnboardedAt is not null), Instant(account.OnboardedAt), Text(p.Name), P(p.DisplayName), P(p.Tagline), P(p.Bio), P(p.Location), P(p.AvatarUrl),
            Texts(p.FavoriteGenres), Texts(p.FavoriteArtists), Texts(p.FavoriteAlbums), Texts(p.FavoriteTracks), Number(p.City?.Latitude), Number(p.City?.Longitude),
            P(p.CustomData), P(account.Clout), Instant(account.ProfileCreatedAt), Instant(isChanged ? modifiedThere : null), P(isChanged ? 1 : 0)));
    }

    private void AddToken(NpgsqlBatch batch, HereRow here, Merge merge, Incoming incoming)
    {
        // A conflict ends the earlier token all the same: there it is no more.
        var isRefused = merge.Conflicts.Any(c => c.Field == Fingerprint.NameOf(ImportField.Token));
        if (!merge.Fields.Contains(ImportField.Token) && !isRefused) return;
        var hash = isRefused ? null : incoming.Account.TokenHash;
        if (here.TokenHash is { } old && !old.AsSpan().SequenceEqual(hash))
            batch.BatchCommands.Add(Command(
                "update sessions set ended_at = $2, end_reason = $3 where secret_hash = $1 and ended_at is null", P(old), P(now), P(EndedThere)));
        if (hash is null) return;
        // A session that ended here stays ended; one that only the old system ended goes on when the account is active again there.
        batch.BatchCommands.Add(Command(
            """
            insert into sessions (sid, user_id, kind, issued_at, salt, secret_hash, created_at, seen_at, idle_ends_at, absolute_ends_at)
            values ($1, $2, $3, $4, $5, $6, $4, $4, $7, $8)
            on conflict (secret_hash) do update set ended_at = null, end_reason = null
             where sessions.user_id = $2 and sessions.end_reason = $9
            """,
            P(RandomNumberGenerator.GetBytes(16)), P(incoming.Id), P(Lifetimes.Juke), P(now), P(RandomNumberGenerator.GetBytes(16)), P(hash),
            P(now + Lifetimes.Idle(Lifetimes.Juke)), P(now + Lifetimes.Absolute(Lifetimes.Juke)), P(EndedThere)));
    }

    private void AddSpotify(NpgsqlBatch batch, Merge merge, StoredAccount account)
    {
        if (merge.Fields.Contains(ImportField.Spotify))
        {
            batch.BatchCommands.Add(Command("delete from identities where user_id = $1 and provider = 'spotify'", P(account.Id)));
            if (account.SpotifyId is not null)
                batch.BatchCommands.Add(Command(
                    "insert into identities (user_id, provider, external_id, created_at, seen_at) values ($1, 'spotify', $2, $3, $3)",
                    P(account.Id), P(account.SpotifyId), P(account.SpotifyLinkedAt ?? account.CreatedAt)));
        }
        if (!merge.Fields.Contains(ImportField.SpotifyTokens) || account.SpotifyId is null) return;
        batch.BatchCommands.Add(Command("delete from credentials where user_id = $1 and provider = 'spotify'", P(account.Id)));
        if (account.SpotifyTokens is not { } tokens) return;
        batch.BatchCommands.Add(Command(
            """
            insert into credentials (user_id, provider, access_token, access_expires_at, refresh_token, scopes, obtained_at)
            values ($1, 'spotify', $2, $3, $4, $5, $6)
            """,
            P(account.Id), Text(tokens.Access is null ? null : seal(tokens.Access)), Instant(tokens.ExpiresAt), Text(tokens.Refresh is null ? null : seal(tokens.Refresh)),
            Texts(tokens.Scopes), P(tokens.ObtainedAt)));
    }
}
