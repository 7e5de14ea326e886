using Juke.Server.Plumbing;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Data;

/// <summary>The table <c>identities</c>: how somebody signs in through a provider. One rule finds a row, wherever it is asked.</summary>
internal static class Identities
{
    public const string SubjectUnique = "identities_subject_unique";
    public const string ExternalIdUnique = "identities_external_id_unique";
    public const string OneOfEachProvider = "identities_pkey";

    private const string Insert = "insert into identities (user_id, provider, subject, external_id, email_hint, name_hint, image_hint, created_at, seen_at) ";

    // By the subject; by Spotify's id only while the row has no subject (contract §2). $11 provider, $12 subject, $13 external id.
    private const string Matches = "i.provider = $11 and (i.subject = $12 or (i.subject is null and i.external_id = $13))";

    /// <summary>SQL: whether the row <c>i</c> of one user and provider is this person's, not of another account there.</summary>
    /// <param name="subject">The person's subject, as SQL.</param>
    /// <param name="externalId">The person's id there, as SQL.</param>
    public static string IsOf(string subject, string externalId) => $"(case when i.subject is null then i.external_id = {externalId} else i.subject = {subject} end)";

    // A row comes without its subject where it has an id, and gets it from NameSubject in the same transaction: so it meets, at
    // the unique key of ids, a row that has no subject yet, be it not committed. Import writes those (Import/Neighbours.cs).
    private const string FirstSubject = "case when $3 is null then $2 end";

    // One statement: find, look whether the account is active, sign in. The user's row is locked first: it serialises with a
    // reset, which removes identities under the same lock, and with disabling. What was removed meanwhile opens no session.
    // A bare token ($10) opens only an account that has no other way in: no password, no proved address, no other identity.
    private static readonly string SignInStatement =
        $"""
        with known as (
          select i.user_id from identities i where {Matches} order by i.subject is null limit 1),
        u as (
          update users set last_sign_in_at = $3 from known where users.id = known.user_id and users.state = 'active'
             and (not $10 or (users.password_hash is null and users.email_proved_at is null and users.role = 'user'
                  and not exists (select from identities o where o.user_id = users.id and o.provider <> $11)))
          returning users.id),
        seen as (
          update identities i
             set subject = coalesce($12, i.subject), external_id = coalesce($13, i.external_id), seen_at = $3,
                 email_hint = coalesce($14, i.email_hint), name_hint = coalesce($15, i.name_hint), image_hint = coalesce($16, i.image_hint)
            from u where i.user_id = u.id and {Matches}
          returning i.user_id),
        opened as ({SessionRows.InsertFrom("seen", "seen.user_id")} returning user_id)
        select {Accounts.Columns}, exists (select from opened)
          from accounts a where a.id = (select user_id from known)
        """;

    /// <summary>Signs in the owner of the identity, and writes down what the provider says of the person today.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="person">Whom the provider proved.</param>
    /// <param name="session">The session to open; one of a bare token only if there is no other way into the account.</param>
    /// <param name="cancellation">The request's.</param>
    /// <returns>The account, and whether the session was opened: it is not when the account is not active, or a bare token does not do. Null when nobody has the identity.</returns>
    public static async Task<(Account Account, bool SignedIn)?> SignInAsync(
        NpgsqlDataSource database, ProviderPerson person, NewSessionRow session, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SignInStatement);
        SessionRows.AddParameters(command.Parameters, session);
        command.Parameters.AddAll(
            P(person.Provider), Text(person.Subject), Text(person.ExternalId), Text(person.Email), Text(person.Name), Text(person.Image));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (Accounts.Read(row), row.GetBoolean(Accounts.ColumnCount)) : null;
    }

    /// <summary>The insert for the user that an earlier command of the same batch made.</summary>
    public static NpgsqlBatchCommand[] InsertForNewUser(ProviderPerson person, DateTimeOffset now) =>
        [Command(Insert + $"values (currval('users_id_seq'), $1, {FirstSubject}, $3, $4, $5, $6, $7, $7)", [.. Facts(person), P(now)]), .. NameSubject(null, person)];

    /// <summary>Adds the identity to a user who has none of this provider.</summary>
    public static NpgsqlBatchCommand[] InsertFor(long userId, ProviderPerson person, DateTimeOffset now) =>
        [Command(Insert + $"values ($8, $1, {FirstSubject}, $3, $4, $5, $6, $7, $7)", [.. Facts(person), P(now), P(userId)]), .. NameSubject(userId, person)];

    /// <summary>
    /// Gives the user this identity, in place of another one of the same provider. The first command gives no row when the session
    /// that asked is over; when somebody else has the identity, by its id or by its subject, a constraint says so.
    /// </summary>
    public static NpgsqlBatchCommand[] PutFor(long userId, byte[] sid, ProviderPerson person, DateTimeOffset now) =>
    [
        Command(
            Insert + $"""
            select s.user_id, $1, {FirstSubject}, $3, $4, $5, $6, $7, $7 from sessions s
             where s.sid = $9 and s.user_id = $8 and s.ended_at is null
            on conflict (user_id, provider) do update
               set subject = excluded.subject, external_id = excluded.external_id, seen_at = excluded.seen_at,
                   email_hint = excluded.email_hint, name_hint = excluded.name_hint, image_hint = excluded.image_hint
            returning user_id
            """,
            [.. Facts(person), P(now), P(userId), P(sid)]),
        .. NameSubject(userId, person),
    ];

    /// <summary>
    /// Takes the identity off an account that was begun with it and holds nothing: no username, no answer, not imported; and that
    /// nothing else leads into: no password, no address, no other identity. Its owner is whoever has the identity, and wants to be
    /// somebody else here. The second command gives that account's id, or no row.
    /// </summary>
    public static NpgsqlBatchCommand[] TakeOffUnfinished(long besides, ProviderPerson person)
    {
        const string Holder =
            "(select i.user_id from identities i where i.provider = $1 and i.user_id <> $4 and (i.subject = $2 or (i.subject is null and i.external_id = $3)) order by i.subject is null limit 1)";
        return
        [
            // Locked in a statement of its own: the next one sees what was committed meanwhile, a completion above all.
            Command($"select from users where id = {Holder} for no key update", P(person.Provider), Text(person.Subject), Text(person.ExternalId), P(besides)),
            Command(
                $"""
                delete from identities i using accounts a
                 where a.id = {Holder} and i.user_id = a.id and i.provider = $1
                   and a.state = 'active' and a.role = 'user' and a.username is null and a.password_hash is null and a.email is null
                   and not exists (select from imported_users m where m.id = a.id)
                   and not exists (select from user_profiles p where p.user_id = a.id and p.modified_at is not null)
                   and not exists (select from identities o where o.user_id = a.id and o.provider <> $1)
                returning i.user_id
                """,
                P(person.Provider), Text(person.Subject), Text(person.ExternalId), P(besides)),
        ];
    }

    /// <summary>Takes every identity off the user, and the credentials with them.</summary>
    public static NpgsqlBatchCommand RemoveAll(long userId) => Command("delete from identities where user_id = $1", P(userId));

    /// <summary>Whether the unique key that was hit means that somebody has this identity, or the user one of this provider.</summary>
    public static bool IsTaken(PostgresException exception) => Database.UniqueViolation(exception) is SubjectUnique or ExternalIdUnique or OneOfEachProvider;

    private static NpgsqlBatchCommand[] NameSubject(long? userId, ProviderPerson person)
    {
        if (person.Subject is null || person.ExternalId is null) return [];
        var command = Command(
            $"update identities set subject = $2 where user_id = {(userId is null ? "currval('users_id_seq')" : "$4")} and provider = $1 and subject is null and external_id = $3",
            P(person.Provider), P(person.Subject), P(person.ExternalId));
        if (userId is { } id) command.Parameters.Add(P(id));
        return [command];
    }

    private static NpgsqlParameter[] Facts(ProviderPerson person) =>
        [P(person.Provider), Text(person.Subject), Text(person.ExternalId), Text(person.Email), Text(person.Name), Text(person.Image)];
}
