using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Onboarding;

/// <summary>
/// Finishes onboarding: the username and the date in one transaction, one winner per name, the date set once. Again with
/// the same name answers the same; with another name renames (contract §6).
/// </summary>
internal sealed class Complete(NpgsqlDataSource database, TimeProvider time, UsernameSuggestion suggestion)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/onboarding/complete", async (CompleteRequest request, HttpContext http, Complete complete, CancellationToken cancellation) =>
        {
            var outcome = await complete.RunAsync(CurrentUser.Of(http).Account, request.Username, cancellation);
            return outcome.Failed ? outcome.Problem.Answer() : Answers.Json(new CompleteResult(true, outcome.Value.ToUser()), CoreJson.Default.CompleteResult);
        })
        .WithName("completeOnboarding").WithSummary("Set the username and finish onboarding")
        .WithDescription("Opens everything at once, with the same tokens. Again with the same name: the same answer; with another: renames. The date of completion never moves.")
        .Gives(CoreJson.Default.CompleteResult)
        .Problems(ProblemCode.UsernameTaken);

    /// <summary>Completes for the user whom the access token or the cookie names, never for an id from the client.</summary>
    public async Task<Outcome<Account>> RunAsync(Account account, string? wanted, CancellationToken cancellation)
    {
        if (Username.Check(wanted, out var username) is { } error)
        {
            // An imported name is kept as it is; only a new choice is held to the pattern.
            if (wanted is null || wanted != account.Username || account.UsernameMissing) return Problem.Fields(("username", error));
            username = wanted;
        }

        await using var batch = database.CreateBatch();
        if (username != account.Username || account.UsernameMissing)
            batch.BatchCommands.Add(Users.SetUsername(account.Id, username, Username.Key(username)));
        batch.BatchCommands.Add(Command(
            """
            update user_profiles
               set onboarding_done = true, onboarding_done_at = coalesce(onboarding_done_at, $2)
             where user_id = $1
            returning onboarding_done_at = $2
            """,
            P(account.Id), P(time.GetUtcNow())));
        batch.BatchCommands.Add(Command(Accounts.ById, P(account.Id)));
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var isFirst = reader.GetBoolean(0);
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var after = Accounts.Read(reader);
            await reader.CloseAsync();
            if (isFirst) Metrics.Completed();
            return after;
        }
        catch (PostgresException e) when (Database.UniqueViolation(e) is Users.UsernameKeyUnique)
        {
            return new Problem(ProblemCode.UsernameTaken, "Username already taken") { Suggestion = await suggestion.LikeAsync(username, cancellation) };
        }
    }
}
