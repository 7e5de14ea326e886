using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Mail;
using Juke.Server.Plumbing;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.SignUp;

/// <summary>
/// Connects a Spotify account to who is signed in: identity and tokens in one transaction, in place of another Spotify account
/// that was there. One that is somebody else's is refused (contract §4). The way out for who came in through Spotify and then
/// remembered an account: an account that was only begun, and has no other way in, yields it.
/// </summary>
internal sealed class ConnectSpotify(NpgsqlDataSource database, TokenSeal seal, TimeProvider time, Audit audit, MailSignal mail)
{
    /// <summary>The refusal with its ways out. Disconnecting takes Spotify off an account only where another way in remains.</summary>
    public const string TakenText =
        "This Spotify account belongs to another Juke account. Sign in with Spotify to get there. To use it here instead, disconnect it there first; "
        + "if Spotify is the only way into that account, add an e-mail address and a password there before.";

    private static readonly Problem Taken = new(Problem.IdentityTaken, TakenText);

    private static readonly Problem SignInAgain = new(
        ProblemCode.AccessTokenSignInOff, "Signed in with an access token, you can connect the Spotify account of that token and no other. Sign in again through Spotify with a code.");

    private static readonly Problem Over = new(ProblemCode.Unauthorized, "Your session ended meanwhile. Please sign in, and connect again.");

    /// <summary>Connects.</summary>
    /// <param name="userId">To whom.</param>
    /// <param name="sid">The session that asked: it must still live when this is committed.</param>
    /// <param name="proof">What Spotify gave.</param>
    /// <param name="how">For the audit line.</param>
    /// <param name="unfinishedYields">Whether an account that was only begun with this Spotify account gives it up: where the person came from a page of ours, not by a link that somebody may have sent.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task<Outcome<Account>> RunAsync(long userId, byte[] sid, SpotifyProof proof, string how, bool unfinishedYields, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // The user's row first: a reset that comes at the same moment has either ended the session before the next command
        // looks at it, or waits and removes what was linked.
        if (await LockAsync(transaction, userId, sid, proof.Person, cancellation) is not { } asking) return Refuse(userId, "the session ended", Over);
        var (account, mayConnect) = asking;
        if (!mayConnect) return Refuse(userId, "a bare token opened the session, and it is another account", SignInAgain);
        if (unfinishedYields) await TakeOffUnfinishedAsync(transaction, userId, proof.Person, now, cancellation);
        try
        {
            await using var put = new NpgsqlBatch(connection, transaction) { BatchCommands = { ProviderCredentials.ForgetOthers(userId, proof.Person) } };
            foreach (var command in Identities.PutFor(userId, sid, proof.Person, now)) put.BatchCommands.Add(command);
            if (await put.ExecuteScalarAsync(cancellation) is null) return Refuse(userId, "the session ended", Over);
        }
        catch (PostgresException e) when (Identities.IsTaken(e))
        {
            return Refuse(userId, "somebody else's", Taken);
        }
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(ProviderCredentials.Store(userId, proof.Person.Provider, seal.Seal(proof.Tokens, now), isConnect: true));
        if (account.EmailProvedAt is not null) batch.BatchCommands.Add(EmailTokens.Notify(userId, MailKind.SpotifyConnected, account.Email!, now));
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        audit.IdentityLinked(userId, proof.Person.Provider, how);
        mail.Wake();
        return account;
    }

    private async Task TakeOffUnfinishedAsync(NpgsqlTransaction transaction, long userId, ProviderPerson person, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var take = new NpgsqlBatch(transaction.Connection!, transaction);
        foreach (var command in Identities.TakeOffUnfinished(userId, person)) take.BatchCommands.Add(command);
        long begun;
        await using (var row = await take.ExecuteReaderAsync(cancellation))
        {
            await row.NextResultAsync(cancellation);
            if (!await row.ReadAsync(cancellation)) return;
            begun = row.GetInt64(0);
        }
        await using var end = new NpgsqlBatch(transaction.Connection!, transaction) { BatchCommands = { SessionRows.EndAll(begun, keep: null, "its way in went to another account", now) } };
        await end.ExecuteNonQueryAsync(cancellation);
        audit.ConnectionEnded(begun, person.Provider, "the account was only begun, and its owner connected another one");
    }

    /// <summary>
    /// The account, its row locked; null when it is not active or the session is over. A session of a bare token may connect only
    /// what is linked already: with another account in its place whoever holds some app's token would have a way in for good (C8).
    /// </summary>
    private static async Task<(Account Account, bool MayConnect)?> LockAsync(
        NpgsqlTransaction transaction, long userId, byte[] sid, ProviderPerson person, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection!, transaction);
        batch.BatchCommands.Add(Command("select from users where id = $1 for no key update", P(userId)));
        // A statement of its own: it sees what was committed while the first one waited.
        batch.BatchCommands.Add(Command(
            $"""
            select {Accounts.Columns},
                   not s.by_bare_token or exists (select from identities i where i.user_id = a.id and i.provider = $3 and {Identities.IsOf("$4", "$5")})
              from accounts a join sessions s on s.user_id = a.id
             where a.id = $1 and a.state = 'active' and s.sid = $2 and s.ended_at is null
            """,
            P(userId), P(sid), P(person.Provider), Text(person.Subject), Text(person.ExternalId)));
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        await row.NextResultAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (Accounts.Read(row), row.GetBoolean(Accounts.ColumnCount)) : null;
    }

    private Problem Refuse(long userId, string reason, Problem problem)
    {
        audit.LinkRefused(userId, ProviderPerson.Spotify, reason);
        return problem;
    }
}
