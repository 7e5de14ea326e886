using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Mail;
using Juke.Server.Passwords;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Recovery;

/// <summary>A new password for somebody who knows the old one. Every other session ends, this one stays.</summary>
internal sealed class ChangePassword(NpgsqlDataSource database, PasswordHashing hashing, TimeProvider time, Limits limits, Audit audit, MailSignal mail)
{
    public static Done Answer { get; } = new(true, "Password changed successfully");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/change-password", async (ChangePasswordRequest request, HttpContext http, ChangePassword change, CancellationToken cancellation) =>
            (await change.RunAsync(CurrentUser.Of(http), request, Limits.Address(http), cancellation)).Answer(CoreJson.Default.Done))
        .WithName("changePassword").WithSummary("Change the password; every other session ends").Gives(CoreJson.Default.Done)
        .Problems(ProblemCode.NoPassword, ProblemCode.InvalidCredentials, ProblemCode.TooManyRequests);

    public async Task<Outcome<Done>> RunAsync(CurrentUser user, ChangePasswordRequest request, string address, CancellationToken cancellation)
    {
        var errors = new List<(string, string)>();
        if (string.IsNullOrEmpty(request.CurrentPassword)) errors.Add(("currentPassword", "Enter your current password"));
        else if (request.CurrentPassword.Length > Password.MaxTypedLength) errors.Add(("currentPassword", "Current password is incorrect"));
        if (NewPassword.Check(request.NewPassword) is { } error) errors.Add(("newPassword", error));
        if (errors.Count > 0) return Problem.Fields(errors);
        if (await Accounts.FindPasswordHashAsync(database, user.Id, cancellation) is not { } current) return new Problem(ProblemCode.NoPassword, "This account has no password to change.");

        var identifier = "user " + user.Id;
        if (limits.CheckIdentifier(address, "change-password", identifier) is { } tooMany) return tooMany;
        await limits.DelayAsync(identifier, cancellation);
        var verified = await hashing.VerifyAsync(current, request.CurrentPassword!, cancellation);
        if (verified.Failed) return verified.Problem;
        if (!verified.Value.IsRight)
        {
            limits.Failed(identifier);
            return Incorrect;
        }
        var hash = await hashing.HashAsync(request.NewPassword!, cancellation);
        if (hash.Failed) return hash.Problem;

        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await Users.ReplacePasswordAsync(transaction, user.Id, current, hash.Value, now, cancellation)) return Incorrect;
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(SessionRows.EndAll(user.Id, keep: user.Sid, "password changed", now));
        batch.BatchCommands.Add(EmailTokens.CloseAll(user.Id, now, EmailTokens.Reset));
        if (user.Account.Email is { } email) batch.BatchCommands.Add(EmailTokens.Notify(user.Id, MailKind.PasswordChanged, email, now));
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);

        limits.Succeeded(identifier);
        audit.PasswordChanged(user.Id, "by its owner");
        mail.Wake();
        return Answer;
    }

    private static Problem Incorrect { get; } = new(ProblemCode.InvalidCredentials, "Current password is incorrect");
}
