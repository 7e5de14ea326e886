using Juke.Server.Plumbing;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Data;

/// <summary>A credential as it is stored: tokens are sealed.</summary>
/// <param name="ExternalId">What the provider's own pages call the account; its subject where there is no such name.</param>
/// <param name="AccessToken">Null: none is known any more.</param>
/// <param name="AccessEndsAt">Null: the provider did not say.</param>
/// <param name="RefreshToken">Null: "reconnect needed" once the access token is old.</param>
/// <param name="Scopes">What was granted.</param>
/// <param name="ObtainedAt">When the access token was.</param>
internal sealed record CredentialRow(
    string ExternalId, string? AccessToken, DateTimeOffset? AccessEndsAt, string? RefreshToken, IReadOnlyList<string> Scopes, DateTimeOffset ObtainedAt);

/// <summary>The table <c>credentials</c>. Sealing is not its business: <c>Plumbing.TokenSeal</c>.</summary>
internal static class ProviderCredentials
{
    // A sign-in must never take away what a connection gave: without a refresh token of its own it leaves a stored one
    // alone, and so it does when its scopes are fewer.
    private const string Insert =
        """
        insert into credentials (user_id, provider, access_token, access_expires_at, refresh_token, scopes, obtained_at)
        select {0}, $1, $2, $3, $4, $5, $6 {1}
        on conflict (user_id, provider) do update set (access_token, access_expires_at, refresh_token, scopes, obtained_at)
          = (excluded.access_token, excluded.access_expires_at, excluded.refresh_token, excluded.scopes, excluded.obtained_at)
        where credentials.refresh_token is null or (excluded.refresh_token is not null and (credentials.scopes <@ excluded.scopes or $7))
        """;

    private const string Select =
        """
        select coalesce(i.external_id, i.subject), c.access_token, c.access_expires_at, c.refresh_token, c.scopes, c.obtained_at
          from credentials c join identities i using (user_id, provider)
         where c.user_id = $1 and c.provider = $2
        """;

    /// <summary>Stores new tokens beside an identity that the same transaction may just have made.</summary>
    /// <param name="userId">Whose; null: the user whom this batch inserted (<see cref="Users.InsertWithProfile"/>).</param>
    /// <param name="credential">Sealed; its <see cref="CredentialRow.ExternalId"/> is not stored here.</param>
    /// <param name="provider">Which provider.</param>
    /// <param name="isConnect">The person came to connect: their newest word replaces what is stored, also with fewer scopes.</param>
    public static NpgsqlBatchCommand Store(long? userId, string provider, CredentialRow credential, bool isConnect)
    {
        var parameters = new List<NpgsqlParameter>
        {
            P(provider), Text(credential.AccessToken), Instant(credential.AccessEndsAt), Text(credential.RefreshToken), Texts(credential.Scopes), P(credential.ObtainedAt), P(isConnect),
        };
        if (userId is { } id) parameters.Add(P(id));
        return Command(userId is null ? InsertForNew : InsertFor, [.. parameters]);
    }

    /// <summary>
    /// Keeps what a sign-in brought, unless the identity went to another account of the provider since: tokens never stand beside
    /// an identity that is not theirs. The user's row first, which whoever connects holds too.
    /// </summary>
    public static NpgsqlBatchCommand[] Keep(long userId, ProviderPerson person, CredentialRow credential)
    {
        var store = Store(userId, person.Provider, credential, isConnect: false);
        store.CommandText = InsertBeside;
        store.Parameters.AddAll(Text(person.Subject), Text(person.ExternalId));
        return [Command("select from users where id = $1 for no key update", P(userId)), store];
    }

    /// <summary>Forgets the tokens that belong to another account of the provider than this one: they must never stand beside its identity.</summary>
    public static NpgsqlBatchCommand ForgetOthers(long userId, ProviderPerson person) =>
        Command(
            $"""
            delete from credentials c using identities i
             where c.user_id = $1 and c.provider = $2 and (i.user_id, i.provider) = (c.user_id, c.provider)
               and {Identities.IsOf("$3", "$4")} is not true
            """,
            P(userId), P(person.Provider), Text(person.Subject), Text(person.ExternalId));

    private static readonly string InsertForNew = InsertOf("currval('users_id_seq')");

    private static readonly string InsertFor = InsertOf("$8");

    private static readonly string InsertBeside = InsertOf(
        "i.user_id", "from identities i where i.user_id = $8 and i.provider = $1 and " + Identities.IsOf("$9", "$10"));

    private static string InsertOf(string userId, string from = "") =>
        Insert.Replace("{0}", userId, StringComparison.Ordinal).Replace("{1}", from, StringComparison.Ordinal);

    public static async Task<CredentialRow?> FindAsync(NpgsqlDataSource database, long userId, string provider, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Select);
        return await ReadAsync(command, userId, provider, cancellation);
    }

    /// <summary>Reads the row and holds it: whoever else wants to refresh it waits, up to five seconds, and then sees what was written.</summary>
    /// <exception cref="PostgresException"><c>lock_not_available</c> when the wait was too long.</exception>
    public static async Task<CredentialRow?> HoldAsync(NpgsqlTransaction transaction, long userId, string provider, CancellationToken cancellation)
    {
        await using (var wait = new NpgsqlCommand("set local lock_timeout = '5s'", transaction.Connection, transaction)) await wait.ExecuteNonQueryAsync(cancellation);
        await using var command = new NpgsqlCommand(Select + " for update of c", transaction.Connection, transaction);
        return await ReadAsync(command, userId, provider, cancellation);
    }

    /// <summary>Writes what a refresh gave. No refresh token, or no scopes, in the answer means that the stored ones stay (RFC 6749 §5.1, §6).</summary>
    public static Task RefreshedAsync(NpgsqlTransaction transaction, long userId, string provider, CredentialRow fresh, CancellationToken cancellation) =>
        ExecuteAsync(
            transaction,
            """
            update credentials
               set access_token = $3, access_expires_at = $4, refresh_token = coalesce($5, refresh_token),
                   scopes = case when cardinality($6) > 0 then $6 else scopes end, obtained_at = $7
             where user_id = $1 and provider = $2
            """,
            cancellation,
            P(userId), P(provider), Text(fresh.AccessToken), Instant(fresh.AccessEndsAt), Text(fresh.RefreshToken), Texts(fresh.Scopes), P(fresh.ObtainedAt));

    /// <summary>Forgets a refresh token that the provider no longer takes. The row stays: the person connected, and has to connect again.</summary>
    public static Task ForgetRefreshTokenAsync(NpgsqlTransaction transaction, long userId, string provider, CancellationToken cancellation) =>
        ExecuteAsync(transaction, "update credentials set refresh_token = null where user_id = $1 and provider = $2", cancellation, P(userId), P(provider));

    /// <summary>
    /// Deletes the credential, and the identity too if another way to sign in remains. The user's row first: who adds or
    /// takes away another way at the same moment waits for it, so that the second statement sees how things are.
    /// </summary>
    public static Task DisconnectAsync(NpgsqlDataSource database, long userId, string provider, CancellationToken cancellation) =>
        Sql.ExecuteAsync(
            database,
            [
                Command("select from users where id = $1 for update", P(userId)),
                Command(
                    $$"""
                    with gone as (
                      delete from identities i using accounts a
                       where i.user_id = $1 and i.provider = $2 and a.id = i.user_id
                         and (({{Accounts.PasswordSignsIn}})
                              or exists (select from identities o where o.user_id = $1 and o.provider <> $2)))
                    delete from credentials where user_id = $1 and provider = $2
                    """,
                    P(userId), P(provider)),
            ],
            cancellation);

    private static async Task<CredentialRow?> ReadAsync(NpgsqlCommand command, long userId, string provider, CancellationToken cancellation)
    {
        command.Parameters.AddAll(P(userId), P(provider));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) return null;
        return new CredentialRow(
            row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2),
            row.IsDBNull(3) ? null : row.GetString(3), row.GetFieldValue<string[]>(4), row.GetFieldValue<DateTimeOffset>(5));
    }

    private static async Task ExecuteAsync(NpgsqlTransaction transaction, string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        command.Parameters.AddAll(parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
