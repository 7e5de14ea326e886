using System.Security.Cryptography;
using Juke.Server.Sessions;
using Npgsql;
using NpgsqlTypes;

namespace Juke.Server.Import;

/// <summary>Writes users who were never here, with COPY: one for each table, all in the caller's transaction.</summary>
internal sealed class Arrivals(NpgsqlConnection connection, Func<string, string> seal, DateTimeOffset now)
{
    public async Task WriteAsync(IReadOnlyList<(Incoming Incoming, StoredAccount Account, IReadOnlyList<Remark> Remarks)> arrivals, CancellationToken cancellation)
    {
        await CopyAsync(
            "users (id, state, email, email_key, email_proved_at, username, username_key, username_twin_key, name, password_hash, created_at, last_sign_in_at)",
            arrivals.Select(a => a.Account),
            async (row, a) =>
            {
                await row.WriteAsync(a.Id, cancellation);
                await TextAsync(row, a.State);
                await TextAsync(row, a.Email);
                await TextAsync(row, a.EmailKey);
                await InstantAsync(row, a.EmailProvedAt);
                await TextAsync(row, a.Username);
                await TextAsync(row, a.UsernameKey);
                await TextAsync(row, a.UsernameTwinKey);
                await TextAsync(row, a.Name);
                await TextAsync(row, a.PasswordHash);
                await InstantAsync(row, a.CreatedAt);
                await InstantAsync(row, a.LastSignInAt);
            },
            cancellation);
        await CopyAsync(
            "user_profiles (user_id, onboarding_done, onboarding_done_at, name, display_name, tagline, bio, location, avatar_url, "
            + "favorite_genres, favorite_artists, favorite_albums, favorite_tracks, city_lat, city_lng, custom_data, clout, created_at, modified_at)",
            arrivals.Select(a => a.Account),
            async (row, a) =>
            {
                var p = a.Profile;
                await row.WriteAsync(a.Id, cancellation);
                await row.WriteAsync(a.OnboardedAt is not null, cancellation);
                await InstantAsync(row, a.OnboardedAt);
                foreach (var text in (string?[])[p.Name, p.DisplayName, p.Tagline, p.Bio, p.Location, p.AvatarUrl]) await TextAsync(row, text);
                foreach (var list in (IReadOnlyList<string>[])[p.FavoriteGenres, p.FavoriteArtists, p.FavoriteAlbums, p.FavoriteTracks])
                    await row.WriteAsync(list.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellation);
                foreach (var number in (double?[])[p.City?.Latitude, p.City?.Longitude])
                {
                    if (number is { } degrees) await row.WriteAsync(degrees, cancellation);
                    else await row.WriteNullAsync(cancellation);
                }
                await row.WriteAsync(p.CustomData, NpgsqlDbType.Jsonb, cancellation);
                await row.WriteAsync(a.Clout, cancellation);
                await InstantAsync(row, a.ProfileCreatedAt);
                await InstantAsync(row, a.ProfileModifiedAt);
            },
            cancellation);
        await CopyAsync(
            "sessions (sid, user_id, kind, issued_at, salt, secret_hash, created_at, seen_at, idle_ends_at, absolute_ends_at)",
            arrivals.Select(a => a.Account).Where(a => a.TokenHash is not null),
            async (row, a) =>
            {
                await row.WriteAsync(RandomNumberGenerator.GetBytes(16), cancellation);
                await row.WriteAsync(a.Id, cancellation);
                await TextAsync(row, Lifetimes.Juke);
                await InstantAsync(row, now);
                await row.WriteAsync(RandomNumberGenerator.GetBytes(16), cancellation);
                await row.WriteAsync(a.TokenHash!, cancellation);
                await InstantAsync(row, now);
                await InstantAsync(row, now);
                await InstantAsync(row, now + Lifetimes.Idle(Lifetimes.Juke));
                await InstantAsync(row, now + Lifetimes.Absolute(Lifetimes.Juke));
            },
            cancellation);
        await CopyAsync(
            "identities (user_id, provider, external_id, created_at, seen_at)",
            arrivals.Select(a => a.Account).Where(a => a.SpotifyId is not null),
            async (row, a) =>
            {
                await row.WriteAsync(a.Id, cancellation);
                await TextAsync(row, "spotify");
                await TextAsync(row, a.SpotifyId);
                await InstantAsync(row, a.SpotifyLinkedAt ?? a.CreatedAt);
                await InstantAsync(row, a.SpotifyLinkedAt ?? a.CreatedAt);
            },
            cancellation);
        await CopyAsync(
            "credentials (user_id, provider, access_token, access_expires_at, refresh_token, scopes, obtained_at)",
            arrivals.Select(a => a.Account).Where(a => a.SpotifyTokens is not null),
            async (row, a) =>
            {
                var tokens = a.SpotifyTokens!;
                await row.WriteAsync(a.Id, cancellation);
                await TextAsync(row, "spotify");
                await TextAsync(row, tokens.Access is null ? null : seal(tokens.Access));
                await InstantAsync(row, tokens.ExpiresAt);
                await TextAsync(row, tokens.Refresh is null ? null : seal(tokens.Refresh));
                await row.WriteAsync(tokens.Scopes.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellation);
                await InstantAsync(row, tokens.ObtainedAt);
            },
            cancellation);
        await CopyAsync(
            "imported_users (id, source_hash, taken, written, token_hash)",
            arrivals,
            async (row, a) =>
            {
                await row.WriteAsync(a.Account.Id, cancellation);
                await row.WriteAsync(a.Incoming.SourceHash, cancellation);
                await row.WriteAsync(a.Incoming.Taken.Bytes, cancellation);
                await row.WriteAsync(Fingerprint.Of(a.Account.AsStored()).Bytes, cancellation);
                if (a.Account.TokenHash is { } hash) await row.WriteAsync(hash, cancellation);
                else await row.WriteNullAsync(cancellation);
            },
            cancellation);
        await WriteRemarksAsync(arrivals.SelectMany(a => a.Remarks.Select(r => (a.Account.Id, r))), cancellation);

        async Task TextAsync(NpgsqlBinaryImporter row, string? text)
        {
            if (text is null) await row.WriteNullAsync(cancellation);
            else await row.WriteAsync(text, NpgsqlDbType.Text, cancellation);
        }

        async Task InstantAsync(NpgsqlBinaryImporter row, DateTimeOffset? instant)
        {
            if (instant is { } at) await row.WriteAsync(at, NpgsqlDbType.TimestampTz, cancellation);
            else await row.WriteNullAsync(cancellation);
        }
    }

    /// <summary>Adds remarks; values that could open something are sealed.</summary>
    public Task WriteRemarksAsync(IEnumerable<(long Id, Remark Remark)> remarks, CancellationToken cancellation) => CopyAsync(
        "import_remarks (user_id, kind, field, raw, reason)",
        remarks,
        async (row, r) =>
        {
            await row.WriteAsync(r.Id, cancellation);
            await row.WriteAsync(r.Remark.Kind, NpgsqlDbType.Text, cancellation);
            await row.WriteAsync(r.Remark.Field, NpgsqlDbType.Text, cancellation);
            if (r.Remark.Raw is null) await row.WriteNullAsync(cancellation);
            else await row.WriteAsync(IsSecret(r.Remark.Field) ? seal(r.Remark.Raw) : r.Remark.Raw, NpgsqlDbType.Text, cancellation);
            await row.WriteAsync(r.Remark.Reason, NpgsqlDbType.Text, cancellation);
        },
        cancellation);

    // A row that is no JSON may hold a password's hash as well.
    private static bool IsSecret(string field) =>
        field is "user" or "user.password" || field.StartsWith("spotify", StringComparison.Ordinal) || field.StartsWith("token", StringComparison.Ordinal);

    private async Task CopyAsync<T>(string into, IEnumerable<T> items, Func<NpgsqlBinaryImporter, T, Task> write, CancellationToken cancellation)
    {
        NpgsqlBinaryImporter? rows = null;
        try
        {
            foreach (var item in items)
            {
                rows ??= await connection.BeginBinaryImportAsync($"copy {into} from stdin (format binary)", cancellation);
                await rows.StartRowAsync(cancellation);
                await write(rows, item);
            }
            if (rows is not null) await rows.CompleteAsync(cancellation);
        }
        finally
        {
            if (rows is not null) await rows.DisposeAsync();
        }
    }
}
