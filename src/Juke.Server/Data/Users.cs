using Juke.Contract;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Data;

/// <summary>Writes to the table <c>users</c>.</summary>
internal static class Users
{
    public const string EmailKeyUnique = "users_email_key_unique";
    public const string UsernameKeyUnique = "users_username_key_unique";

    /// <summary>How long a registration that nobody verified keeps its name and address from others.</summary>
    public static readonly TimeSpan PendingFor = TimeSpan.FromDays(7);

    // $3: now, less PendingFor.
    private const string HasYielded = "state = 'pending' and created_at <= $3";

    /// <summary>
    /// The one insert of a user, and of the profile that belongs to it (the seed's <c>ensureUserProfile</c>). The new id is
    /// <c>currval('users_id_seq')</c> for the rest of the batch.
    /// </summary>
    public static NpgsqlBatchCommand InsertWithProfile(
        string? email, string? emailKey, DateTimeOffset? emailProvedAt, string? username, string? usernameKey, string? name, string? image, string role, string? passwordHash,
        DateTimeOffset now, bool pending = false) =>
        Command(
            """
            with u as (
              insert into users (email, email_key, email_proved_at, username, username_key, name, image, role, password_hash, created_at, last_sign_in_at, state)
              values ($1, $2, $3, $4, $5, $6, $11, $7, $8, $9, case when $10 then null else $9 end, case when $10 then 'pending' else 'active' end)
              returning id)
            insert into user_profiles (user_id) select id from u
            """,
            Text(email), Text(emailKey), Instant(emailProvedAt), Text(username), Text(usernameKey), Text(name), P(role), Text(passwordHash), P(now), P(pending), Text(image));

    /// <summary>
    /// Before somebody takes a name or an address: a registration that nobody verified in time gives up the one that is wanted
    /// (contract §2). In the same transaction as the taking, and one statement for both, so that two who take at once meet on
    /// the same rows in the same order. An imported twin has no key: its text stands for it, and it yields together with a
    /// holder who yields, or the name would only be handed on to it.
    /// </summary>
    public static NpgsqlBatchCommand YieldPending(string? username, string? emailKey, DateTimeOffset now) =>
        Command(
            $$"""
            with wanted as (
              select id, username_key = $1 or username = $4 or username_twin_key = $1 as has_name from users
               where (username_key = $1 or username = $4 or email_key = $2
                      or (username_twin_key = $1 and exists (select from users h where h.username_key = $1 and h.state = 'pending' and h.created_at <= $3)))
                 and {{HasYielded}}
               order by id for no key update)
            update users u
               set username = case when w.has_name then null else u.username end, username_key = case when w.has_name then null else u.username_key end,
                   email = case when u.email_key = $2 then null else u.email end, email_key = case when u.email_key = $2 then null else u.email_key end
              from wanted w where w.id = u.id
            """,
            Text(username is null ? null : Username.Key(username)), Text(emailKey), P(now - PendingFor), Text(username));

    /// <summary>
    /// Sets the name; the unique key decides every race, and of one text in another case the database (migration 0008). Who
    /// sets the name that stands there keeps its key as it is: an imported twin has none. Also then the row is written, so that
    /// renames of one user happen one after the other. The profile shows the name, so its revision moves too.
    /// </summary>
    public static NpgsqlBatchCommand SetUsername(long id, string username, string usernameKey) =>
        Command(
            """
            with u as (
              update users
                 set username = case when username = $2 then username else username_free_for($1, $2) end,
                     username_key = case when username = $2 then username_key else $3 end
               where id = $1
              returning id)
            update user_profiles p set revision = p.revision + 1 from u where p.user_id = u.id
            """,
            P(id), P(username), P(usernameKey));

    /// <summary>Sets the name only while it is still the missing one that was read: another device may have been quicker.</summary>
    public static NpgsqlBatchCommand SetMissingUsername(long id, string? missing, string username, string usernameKey) =>
        Command("update users set username = $2, username_key = $3 where id = $1 and username is not distinct from $4", P(id), P(username), P(usernameKey), Text(missing));

    /// <summary>Whether the name is free for this user: their own counts as free, and one that would be given up.</summary>
    public static async Task<bool> IsUsernameFreeAsync(NpgsqlDataSource database, long id, string username, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $$"""
            select exists (select from users where id = $1 and username = $4)
                or not exists (select from users where (username_key = $2 or username = $4) and id <> $1 and not ({{HasYielded}}))
            """);
        command.Parameters.AddAll(P(id), P(Username.Key(username)), P(now - PendingFor), P(username));
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Which of the two is somebody's already: a help for the answer; the constraints decide.</summary>
    public static async Task<(bool Username, bool Email)> AreTakenAsync(
        NpgsqlDataSource database, string? usernameKey, string? emailKey, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $$"""
            select exists (select from users where username_key = $1 and not ({{HasYielded}})),
                   exists (select from users where email_key = $2 and not ({{HasYielded}}))
            """);
        command.Parameters.AddAll(Text(usernameKey), Text(emailKey), P(now - PendingFor));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return (row.GetBoolean(0), row.GetBoolean(1));
    }

    /// <summary>The first of these names that nobody has, or null.</summary>
    public static async Task<string?> FirstFreeUsernameAsync(NpgsqlDataSource database, string[] names, string[] keys, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select c.name from unnest($1, $2) with ordinality as c (name, key, rank)
             where not exists (select from users u where u.username_key = c.key or u.username = c.name)
             order by c.rank limit 1
            """);
        command.Parameters.AddAll(P(names), P(keys));
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Changes the password only while it is still the one that was verified.</summary>
    /// <returns>False when it was changed meanwhile.</returns>
    public static async Task<bool> ReplacePasswordAsync(
        NpgsqlTransaction transaction, long id, string verifiedHash, string newHash, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "update users set password_hash = $3, password_set_at = $4 where id = $1 and password_hash = $2 and state = 'active'", transaction.Connection, transaction);
        command.Parameters.AddAll(P(id), P(verifiedHash), P(newHash), P(now));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }
}
