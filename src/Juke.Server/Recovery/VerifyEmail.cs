using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Mail;
using Juke.Server.Plumbing;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Recovery;

/// <summary>
/// The link of a verification mail. It counts only together with a session of the same account: otherwise the owner of a
/// mailbox could be made to bless an account that somebody else made with the address (contract §4, C7). Whoever got the
/// mail and did not ask for it says "not me", and the address leaves that account.
/// </summary>
internal sealed class VerifyEmail(NpgsqlDataSource database, Keys keys, TimeProvider time, Limits limits, Audit audit)
{
    public static Done Verified { get; } = new(true, "Your e-mail address is confirmed.");

    public static Done Rejected { get; } = new(true, "The address has been taken off that account.");

    public static Problem InvalidLink { get; } = new(ProblemCode.InvalidLink, "Invalid or expired link");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/auth/verify-email", async (EmailTokenRequest request, HttpContext http, VerifyEmail verify, CancellationToken cancellation) =>
            (await verify.RunAsync(CurrentUser.Of(http), request.Token, cancellation)).Answer(CoreJson.Default.Done))
        .WithName("verifyEmail").WithSummary("Confirm the address, signed in as the account that asked")
        .WithDescription("The link counts only together with a session of the same account.")
        .Gives(CoreJson.Default.Done)
        .Problems(ProblemCode.InvalidLink, ProblemCode.Forbidden, ProblemCode.EmailTaken);

        routes.MapPost("/auth/verify-email/reject", async (EmailTokenRequest request, HttpContext http, VerifyEmail verify, CancellationToken cancellation) =>
            (await verify.RejectAsync(request.Token, Limits.Address(http), cancellation)).Answer(CoreJson.Default.Done))
        .WithName("rejectEmail").WithSummary("Not me: take my address off that account").Gives(CoreJson.Default.Done)
        .Problems(ProblemCode.InvalidLink);
    }

    public async Task<Outcome<Done>> RunAsync(CurrentUser user, string? token, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(token)) return Problem.Fields(("token", "The token of the link is required"));
        if (EmailLink.Read(keys, token) is not { } id) return InvalidLink;
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await EmailTokens.LockOpenAsync(transaction, id, EmailTokens.Verify, now, cancellation) is not { } link) return InvalidLink;
        if (link.UserId != user.Id)
            return new Problem(ProblemCode.Forbidden, "This link belongs to another account. Sign in to that account and follow the link again.");
        // A proved address is a way in for good: whoever holds some app's token of the owner must not make one (C8).
        if (user.ByBareToken)
            return new Problem(ProblemCode.Forbidden, "Signed in with an access token, you cannot confirm an address. Sign in again through Spotify with a code, and follow the link again.");

        // An unproved claim of somebody else yields to the proof; a proved one does not.
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Command(
            "update users set email = null, email_key = null where email_key = $1 and id <> $2 and email_proved_at is null", P(link.EmailKey), P(user.Id)));
        batch.BatchCommands.Add(Command(
            "update users set email = $2, email_key = $3, email_proved_at = $4 where id = $1 and state = 'active'", P(user.Id), P(link.Email), P(link.EmailKey), P(now)));
        batch.BatchCommands.Add(EmailTokens.CloseAll(user.Id, now));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (PostgresException e) when (Database.UniqueViolation(e) is Users.EmailKeyUnique)
        {
            // Said only to who proved to read the mailbox.
            return new Problem(ProblemCode.EmailTaken, "This address is confirmed for another account already.");
        }
        audit.AddressProved(user.Id, "link and session");
        return Verified;
    }

    public async Task<Outcome<Done>> RejectAsync(string? token, string address, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(token)) return Problem.Fields(("token", "The token of the link is required"));
        if (EmailLink.Read(keys, token) is not { } id) return InvalidLink;
        if (limits.CheckIdentifier(address, "reject", Convert.ToHexString(id)) is { } tooMany) return tooMany;
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await EmailTokens.LockOpenAsync(transaction, id, EmailTokens.Verify, now, cancellation) is not { } link) return InvalidLink;
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Command(
            "update users set email = null, email_key = null where id = $1 and email_key = $2 and email_proved_at is null", P(link.UserId), P(link.EmailKey)));
        batch.BatchCommands.Add(EmailTokens.CloseAll(link.UserId, now));
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        audit.AddressRemoved(link.UserId, "not me");
        return Rejected;
    }

    /// <summary>Which account the link is about, for the page that asks; null when the link is not open.</summary>
    public async Task<EmailTokenRow?> FindAsync(string? token, CancellationToken cancellation) =>
        EmailLink.Read(keys, token) is { } id ? await EmailTokens.FindOpenAsync(database, id, EmailTokens.Verify, time.GetUtcNow(), cancellation) : null;
}
