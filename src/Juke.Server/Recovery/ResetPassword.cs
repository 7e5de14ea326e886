using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Mail;
using Juke.Server.Passwords;
using Juke.Server.Plumbing;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Recovery;

/// <summary>
/// Sets a password by a mailed link. Following the link proves the address. Every session ends; where the address was
/// unproved until now, whoever made the account may have been somebody else: what they could still come in with goes too
/// (contract §4; the pre-hijacking attacks of C7).
/// </summary>
internal sealed class ResetPassword(NpgsqlDataSource database, PasswordHashing hashing, Keys keys, TimeProvider time, Limits limits, Audit audit, MailSignal mail)
{
    public static Done Answer { get; } = new(true, "Password has been reset successfully.");

    public static Problem InvalidLink { get; } = new(ProblemCode.InvalidLink, "Invalid or expired reset link");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/reset-password", async (ResetPasswordRequest request, HttpContext http, ResetPassword reset, CancellationToken cancellation) =>
            (await reset.RunAsync(request, Limits.Address(http), cancellation)).Answer(CoreJson.Default.Done))
        .WithName("resetPassword").WithSummary("Set a new password with the link from the mail")
        .WithDescription("Every session of the account ends.")
        .Gives(CoreJson.Default.Done)
        .Problems(ProblemCode.InvalidLink);

    public async Task<Outcome<Done>> RunAsync(ResetPasswordRequest request, string address, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(request.Token)) return Problem.Fields(("token", "The token of the reset link is required"));
        if (NewPassword.Check(request.NewPassword) is { } error) return Problem.Fields(("newPassword", error));
        // A link that is not ours costs no hash and no query.
        if (EmailLink.Read(keys, request.Token) is not { } id) return InvalidLink;
        if (limits.CheckIdentifier(address, "reset", Convert.ToHexString(id)) is { } tooMany) return tooMany;

        var hash = await hashing.HashAsync(request.NewPassword!, cancellation);
        if (hash.Failed) return hash.Problem;

        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await EmailTokens.LockOpenAsync(transaction, id, EmailTokens.Reset, now, cancellation) is not { } link) return InvalidLink;

        // The user's row first: it serialises with sign-ins, which then either fail or are ended below.
        if (await SetPasswordAsync(transaction, link, hash.Value, now, cancellation) is not { } provesIt) return InvalidLink;
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (provesIt) batch.BatchCommands.Add(Identities.RemoveAll(link.UserId));
        batch.BatchCommands.Add(SessionRows.EndAll(link.UserId, keep: null, "password reset", now));
        batch.BatchCommands.Add(EmailTokens.CloseAll(link.UserId, now));
        batch.BatchCommands.Add(EmailTokens.Notify(link.UserId, MailKind.PasswordReset, link.Email, now));
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);

        audit.PasswordChanged(link.UserId, provesIt ? "reset link, address proved for the first time, identities removed" : "reset link");
        mail.Wake();
        return Answer;
    }

    /// <summary>Which address the link was mailed to, for the page that asks; null when the link is not open.</summary>
    public async Task<EmailTokenRow?> FindAsync(string? token, CancellationToken cancellation) =>
        EmailLink.Read(keys, token) is { } id ? await EmailTokens.FindOpenAsync(database, id, EmailTokens.Reset, time.GetUtcNow(), cancellation) : null;

    /// <summary>
    /// Only while the account is active and the address is still the one that the link was mailed to, else null; true when the
    /// address is proved by this for the first time.
    /// </summary>
    private static async Task<bool?> SetPasswordAsync(NpgsqlTransaction transaction, EmailTokenRow link, string hash, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            with before as (
              select id, email_proved_at from users where id = $1 and email_key = $2 and state = 'active' for no key update)
            update users u set password_hash = $3, email_proved_at = coalesce(u.email_proved_at, $4)
              from before where u.id = before.id
            returning before.email_proved_at is null
            """,
            transaction.Connection, transaction);
        command.Parameters.AddAll(P(link.UserId), P(link.EmailKey), P(hash), P(now));
        return (bool?)await command.ExecuteScalarAsync(cancellation);
    }
}
