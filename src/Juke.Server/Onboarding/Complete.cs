using System.Text.Json;
using Juke.Contract;
using Juke.Contract.Profiles;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Onboarding;

/// <summary>
/// Finishes onboarding: answers, username and the date in one transaction, one winner per name, the date set once. Again
/// with the same name answers the same; with another name renames (contract §6).
/// </summary>
internal sealed class Complete(NpgsqlDataSource database, TimeProvider time, Settings settings, UsernameSuggestion suggestion, Progress progress)
{
    private static readonly ProfileChange NoAnswers = new();

    // Never answered: the save looks again.
    private static readonly Problem DoneMeanwhile = new(ProblemCode.Internal, "Completed meanwhile.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/onboarding/complete", async (CompleteRequest request, HttpContext http, Complete complete, CancellationToken cancellation) =>
        {
            var outcome = await complete.RunAsync(CurrentUser.Of(http).Account, request.Username, request.Profile, cancellation);
            return outcome.Failed ? outcome.Problem.Answer() : Answers.Json(new CompleteResult(true, outcome.Value.ToUser()), CoreJson.Default.CompleteResult);
        })
        .WithMetadata(JsonBody.WholeProfile)
        .WithName("completeOnboarding").WithSummary("Set the username, save the answers and finish onboarding")
        .WithDescription("Opens everything at once, with the same tokens. Again with the same name: the same answer; with another: renames. The date of completion never moves.")
        .Gives(CoreJson.Default.CompleteResult)
        .Problems(ProblemCode.UsernameTaken, ProblemCode.OnboardingIncomplete);

    /// <summary>Completes for the user whom the access token or the cookie names, never for an id from the client.</summary>
    public async Task<Outcome<Account>> RunAsync(Account account, string? wanted, JsonElement? profile, CancellationToken cancellation)
    {
        if (Username.Check(wanted, out var username) is { } error)
        {
            // An imported name is kept as it is; only a new choice is held to the pattern.
            if (wanted is null || wanted != account.Username || account.UsernameMissing) return Problem.Fields(("username", error));
            username = wanted;
        }
        var change = await JudgeAsync(account, profile, cancellation);
        if (change.Failed) return change.Problem;
        try
        {
            return await FinishAsync(account, change.Value, username, cancellation);
        }
        catch (PostgresException e) when (Database.UniqueViolation(e) is Users.UsernameKeyUnique)
        {
            return await suggestion.TakenAsync(username, cancellation);
        }
    }

    /// <summary>
    /// A shipped app's request to complete (contract §6): saves the answers, and completes if nothing required is missing. With
    /// no username yet the suggestion is taken, and another one when somebody was quicker.
    /// </summary>
    /// <returns>False when another device completed meanwhile: nothing was saved, and the answers are to be judged as a replay.</returns>
    public async Task<Outcome<bool>> ByMarkerAsync(Account account, ProfileChange change, int? revision, CancellationToken cancellation)
    {
        while (true)
        {
            var username = account.UsernameMissing ? await suggestion.ForAsync(account, cancellation) : account.Username!;
            try
            {
                var outcome = await FinishAsync(account, change, username, cancellation, byMarker: true, revision);
                if (outcome.Problem == DoneMeanwhile) return false;
                return outcome.Problem?.Code == ProblemCode.PreconditionFailed ? outcome.Problem : true;
            }
            catch (PostgresException e) when (account.UsernameMissing && Database.UniqueViolation(e) is Users.UsernameKeyUnique)
            {
                // The suggestion was free a moment ago. Nothing was kept; the next one is free now.
            }
        }
    }

    /// <summary>One transaction: save, look whether anything required is missing, name, date.</summary>
    private async Task<Outcome<Account>> FinishAsync(
        Account account, ProfileChange change, string username, CancellationToken cancellation, bool byMarker = false, int? revision = null)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!change.IsEmpty || settings.Onboarding.Steps.Any(s => s.Required && s.Step != "username"))
        {
            // The account before its profile, as everybody who writes both: two that lock in another order wait for each other.
            await using (var hold = new NpgsqlCommand("select from users where id = $1 for no key update", connection, transaction) { Parameters = { P(account.Id) } })
                await hold.ExecuteNonQueryAsync(cancellation);
            if (byMarker && !await IsRequiredAsync(transaction, account.Id, cancellation)) return DoneMeanwhile;
            // The update locks the row, so what is judged is what is committed.
            if (await MusicProfileRows.SaveAsync(transaction, account.Id, change, revision, now, cancellation) is not { } row) return SaveAnswers.Stale;
            revision = null; // It was the one, and has moved.
            var missing = progress.Of(username, row).Missing;
            if (missing.Count > 0)
            {
                if (byMarker) await transaction.CommitAsync(cancellation);
                return new Problem(ProblemCode.OnboardingIncomplete, "Some required answers are missing: " + string.Join(", ", missing) + ".") { Missing = missing };
            }
        }

        await using var batch = new NpgsqlBatch(connection, transaction);
        if (!byMarker)
        {
            batch.BatchCommands.Add(Users.YieldPending(username, null, now));
            batch.BatchCommands.Add(Users.SetUsername(account.Id, username, Username.Key(username)));
        }
        else if (account.UsernameMissing) batch.BatchCommands.Add(Users.SetMissingUsername(account.Id, account.Username, username, Username.Key(username)));
        batch.BatchCommands.Add(Command(
            """
            update user_profiles
               set onboarding_done = true, onboarding_done_at = coalesce(onboarding_done_at, $2), revision = revision + 1
             where user_id = $1 and ($3::integer is null or revision = $3)
            returning onboarding_done_at = $2
            """,
            P(account.Id), P(now), new NpgsqlParameter { Value = (object?)revision ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer }));
        batch.BatchCommands.Add(Command(Accounts.ById, P(account.Id)));
        bool isFirst;
        Account after;
        await using (var reader = await batch.ExecuteReaderAsync(cancellation))
        {
            if (!await reader.ReadAsync(cancellation)) return SaveAnswers.Stale;
            isFirst = reader.GetBoolean(0);
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            after = Accounts.Read(reader);
        }
        await transaction.CommitAsync(cancellation);
        if (isFirst) Metrics.Completed();
        return after;
    }

    private static async Task<bool> IsRequiredAsync(NpgsqlTransaction transaction, long userId, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select onboarding_required from accounts where id = $1", transaction.Connection, transaction) { Parameters = { P(userId) } };
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<Outcome<ProfileChange>> JudgeAsync(Account account, JsonElement? profile, CancellationToken cancellation)
    {
        if (profile is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } payload) return NoAnswers;
        var stored = await MusicProfileRows.FindAsync(database, account.Id, cancellation);
        var outcome = ProfileRules.Judge(payload, stored!.Profile, !account.OnboardingRequired, OtherKeys.Refused);
        var errors = outcome.Change is { } change ? OnboardingAnswers.Check(settings.Onboarding, change) : outcome.Errors;
        return errors.Count == 0
            ? outcome.Change!
            : Problem.Fields([.. errors.Select(e => (e.Field == ProfileFields.WholeBody ? "profile" : e.Field, e.Message))]) with { Code = outcome.Code ?? ProblemCode.ValidationFailed };
    }
}
