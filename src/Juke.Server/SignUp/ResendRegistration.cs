using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Mail;
using Juke.Server.Plumbing;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.SignUp;

/// <summary>
/// Mails the link of a Juke registration once more; the earlier one is good for nothing then. The old sentences tell whether
/// a name is known, as registration does (decision 18), so it is limited like a sign-in.
/// </summary>
internal sealed class ResendRegistration(NpgsqlDataSource database, TimeProvider time, Limits limits, MailSignal mail)
{
    /// <summary>Longer than any address or name that is stored; what is longer becomes no key of a limit.</summary>
    private const int MaxLength = 300;

    public const string Answer = "Verification email sent. Please check your inbox.";

    /// <param name="email">Looked up before the username; null when it was not given.</param>
    /// <param name="username">Null when it was not given.</param>
    /// <param name="origin">Where the page of the link is; null: at ours.</param>
    /// <param name="address">Of the caller, for the limits.</param>
    /// <param name="cancellation">The request's.</param>
    /// <returns>Null when the mail is on its way.</returns>
    public async Task<Problem?> RunAsync(string? email, string? username, string? origin, string address, CancellationToken cancellation)
    {
        if ((email ?? username) is not { } typed) return Refuse("Email or username is required.");
        if (email?.Length > MaxLength || username?.Length > MaxLength) return Unknown;
        if (limits.CheckIdentifier(address, "resend", Contract.Text.Key(typed)) is { } tooMany) return tooMany;
        var found = await FindAsync(email, username, cancellation);
        if (found is { State: "active" }) return Refuse("Account is already verified. Please sign in.");
        if (found is not { State: "pending", EmailKey: { } key }) return Unknown;
        var now = time.GetUtcNow();
        await ExecuteAsync(
            database,
            [
                EmailTokens.CloseAll(found.Id, now),
                EmailTokens.IssueFor(found.Id, EmailLink.NewId(), EmailTokens.Registration, found.Email!, key, now, Users.PendingFor, origin),
            ],
            cancellation);
        mail.Wake();
        return null;
    }

    private static Problem Unknown { get; } = Refuse("No account found for that email or username.");

    private static Problem Refuse(string text) => new(ProblemCode.BadRequest, text);

    private async Task<Found?> FindAsync(string? email, string? username, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select id, state, email, email_key from users
             where email_key = $1 or username = $2 or username_key = $3
             order by (email_key = $1) desc nulls last, (username = $2) desc nulls last, state = 'pending' desc, (username_key = $3) desc nulls last, id limit 1
            """);
        command.Parameters.AddAll(Sql.Text(email is null ? null : EmailAddress.Key(email)), Sql.Text(username), Sql.Text(username is null ? null : Username.Key(username)));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new Found(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3))
            : null;
    }

    private sealed record Found(long Id, string State, string? Email, string? EmailKey);
}
