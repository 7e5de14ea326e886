using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Mail;
using Juke.Server.Passwords;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Recovery;

/// <summary>
/// Asks for an address to be added or changed, or for the verification mail once more. Nothing changes until the link is
/// followed, and the answer never says whether the address is somebody else's.
/// </summary>
internal sealed class AddEmail(NpgsqlDataSource database, PasswordHashing hashing, TimeProvider time, Limits limits, MailSignal mail)
{
    public static Done Answer { get; } = new(true, "We sent a link to that address. Follow it to confirm the address.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/email", async (AddEmailRequest request, HttpContext http, AddEmail add, CancellationToken cancellation) =>
            (await add.RunAsync(CurrentUser.Of(http), request, Limits.Address(http), cancellation)).Answer(CoreJson.Default.Done))
        .WithName("addEmail").WithSummary("Add or change the e-mail address, or mail its link again")
        .WithDescription("Nothing changes until the link in the mail is followed.")
        .Gives(CoreJson.Default.Done)
        .Problems(ProblemCode.InvalidCredentials, ProblemCode.TooManyRequests);

    public async Task<Outcome<Done>> RunAsync(CurrentUser user, AddEmailRequest request, string address, CancellationToken cancellation)
    {
        if (EmailAddress.Check(request.Email, out var email) is { } error) return Problem.Fields(("email", error));
        if (request.CurrentPassword?.Length > Password.MaxTypedLength) return Problem.Fields(("currentPassword", "Current password is incorrect"));
        var key = EmailAddress.Key(email);
        if (limits.CheckIdentifier(address, "email", "user " + user.Id) is { } tooMany) return tooMany;

        // Replacing a proved address takes over the way back in, so it takes the password, where there is one (ASVS 7.5.1).
        var account = user.Account;
        if (account.EmailProvedAt is not null && account.HasPassword && EmailAddress.Key(account.Email!) != key)
        {
            if (string.IsNullOrEmpty(request.CurrentPassword)) return Problem.Fields(("currentPassword", "Enter your current password"));
            // The same delay as at change-password: neither is the quicker way to guess.
            var identifier = "user " + user.Id;
            await limits.DelayAsync(identifier, cancellation);
            var verified = await hashing.VerifyAsync(await Accounts.FindPasswordHashAsync(database, user.Id, cancellation), request.CurrentPassword, cancellation);
            if (verified.Failed) return verified.Problem;
            if (!verified.Value.IsRight)
            {
                limits.Failed(identifier);
                return new Problem(ProblemCode.InvalidCredentials, "Current password is incorrect");
            }
            limits.Succeeded(identifier);
        }

        var now = time.GetUtcNow();
        await Sql.ExecuteAsync(
            database,
            [
                EmailTokens.CloseAll(user.Id, now, EmailTokens.Verify), // One pending change at a time.
                EmailTokens.IssueFor(user.Id, EmailLink.NewId(), EmailTokens.Verify, email, key, now, EmailLink.VerifyLifetime),
            ],
            cancellation);
        mail.Wake();
        return Answer;
    }
}
