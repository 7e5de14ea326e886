using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Mail;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Recovery;

/// <summary>Mails a link that sets a new password. The answer and its time are the same whoever asks for whatever.</summary>
internal sealed class ForgotPassword(NpgsqlDataSource database, TimeProvider time, Limits limits, MailSignal mail)
{
    public static Done Answer { get; } = new(true, "If an account with that email exists, a reset link has been sent.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/forgot-password", async (ForgotPasswordRequest request, HttpContext http, ForgotPassword forgot, CancellationToken cancellation) =>
            (await forgot.RunAsync(request.Email, Limits.Address(http), cancellation)).Answer(CoreJson.Default.Done))
        .WithName("forgotPassword").WithSummary("Mail me a link that sets a new password")
        .WithDescription("The answer is the same whether or not the account exists. The link is good for 15 minutes, once.")
        .Gives(CoreJson.Default.Done);

    public async Task<Outcome<Done>> RunAsync(string? typed, string address, CancellationToken cancellation)
    {
        if (EmailAddress.Check(typed, out var email) is { } error) return Problem.Fields(("email", error));
        var key = EmailAddress.Key(email);
        if (limits.CheckIdentifier(address, "forgot", key) is { } tooMany) return tooMany;
        var now = time.GetUtcNow();
        await Sql.ExecuteAsync(database, [EmailTokens.IssueForOwner(EmailLink.NewId(), EmailTokens.Reset, key, now, EmailLink.ResetLifetime)], cancellation);
        mail.Wake();
        return Answer;
    }
}
