using Juke.Server.Plumbing;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Mail;

/// <summary>Tells the worker that there may be mail, so that it need not wait for its next look.</summary>
internal sealed class MailSignal : IDisposable
{
    private readonly SemaphoreSlim signal = new(0, 1);

    public void Wake()
    {
        try
        {
            signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been told.
        }
    }

    public void Dispose() => signal.Dispose();

    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => await signal.WaitAsync(atMost, cancellation);
}

/// <summary>
/// Empties the outbox. Each mail is taken under a row lock that other servers skip, and deleted only after it was handed
/// over: a crash in between sends it twice rather than never.
/// </summary>
internal sealed class MailWorker(NpgsqlDataSource database, MailSignal signal, MailText text, IMailTransport transport, TimeProvider time, ILogger<MailWorker> logger)
    : BackgroundService
{
    private const int LastAttempt = 12;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>How long a relay may take for one mail: SmtpClient's own timeout does not hold for asynchronous sends.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await SendOneAsync(stoppingToken))
                {
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, cancellation of a query included: an exception that left here would stop the server.
                logger.LogWarning("The outbox could not be read: {Kind}", e.GetType().Name);
            }
            catch (Exception)
            {
                return; // Stopping; a start that failed takes the pool and the signal away as well.
            }
            try
            {
                await signal.WaitAsync(Look, stoppingToken);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    /// <returns>False when nothing is due.</returns>
    private async Task<bool> SendOneAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await TakeAsync(transaction, cancellation) is not { } mail) return false;
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
            using var message = text.Write(mail);
            if (message is not null) await transport.SendAsync(message, either.Token).WaitAsync(either.Token);
            await RunAsync(transaction, "delete from mails where id = $1", cancellation, P(mail.Id));
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            logger.LogWarning("Mail {MailId} ({MailKind}) was not taken: {Kind}", mail.Id, mail.Kind, e.GetType().Name);
            // 30 s, 1 min, 2 min … 17 h: longer than any link lives, shorter than anybody waits.
            var wait = TimeSpan.FromSeconds(15 * Math.Pow(2, mail.Attempts + 1));
            if (mail.Attempts + 1 >= LastAttempt) await RunAsync(transaction, "delete from mails where id = $1", cancellation, P(mail.Id));
            else
                await RunAsync(transaction, "update mails set attempts = attempts + 1, next_try_at = $2 where id = $1", cancellation, P(mail.Id), P(time.GetUtcNow() + wait));
        }
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private async Task<WaitingMail?> TakeAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select m.id, m.kind, m.address, m.token_id, m.attempts, m.user_id, t.created_at, t.origin
              from mails m left join email_tokens t on t.id = m.token_id
             where m.next_try_at <= $1 order by m.next_try_at, m.id limit 1 for update of m skip locked
            """,
            transaction.Connection, transaction);
        command.Parameters.Add(P(time.GetUtcNow()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new WaitingMail(row.GetInt64(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3), row.GetInt32(4))
            {
                UserId = row.GetInt64(5),
                LinkMadeAt = row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
                LinkOrigin = row.IsDBNull(7) ? null : row.GetString(7),
            }
            : null;
    }

    private static async Task RunAsync(NpgsqlTransaction transaction, string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        command.Parameters.AddAll(parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>A row of the outbox.</summary>
internal sealed record WaitingMail(long Id, string Kind, string Address, byte[]? TokenId, int Attempts)
{
    /// <summary>Whose mail it is.</summary>
    public long UserId { get; init; }

    /// <summary>When its link was made.</summary>
    public DateTimeOffset? LinkMadeAt { get; init; }

    /// <summary>Where the page of its link is; null: at ours.</summary>
    public string? LinkOrigin { get; init; }
}
