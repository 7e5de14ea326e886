using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Profiles;

/// <summary>The camelCase profile: user and profile of the caller in one. Behind the whole gate.</summary>
internal sealed class UserProfiles(NpgsqlDataSource database, Onboarding.UsernameSuggestion suggestion, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // The gate's query has read everything already: no second one.
        routes.MapGet("/api/users/profile", (HttpContext http) => Answers.Json(ToWire(CurrentUser.Of(http).Account), CoreJson.Default.UserProfile))
        .WithName("getUserProfile").WithSummary("The caller's user and profile").Gives(CoreJson.Default.UserProfile);

        routes.MapPatch("/api/users/profile", async (UpdateProfileRequest request, HttpContext http, UserProfiles profiles, CancellationToken cancellation) =>
        {
            var outcome = await profiles.UpdateAsync(CurrentUser.Of(http).Account, request, cancellation);
            return outcome.Failed ? outcome.Problem.Answer() : Answers.Json(ToWire(outcome.Value), CoreJson.Default.UserProfile);
        })
        .WithName("updateUserProfile").WithSummary("Change username, name or image").Gives(CoreJson.Default.UserProfile)
        .Problems(ProblemCode.UsernameTaken);
    }

    public static UserProfile ToWire(Account a) => new(
        new ProfileUser(a.Id, a.Email, a.Username, a.Name, a.Image, a.Role),
        new ProfileExtras(a.Level, a.DailyStreak, a.LastClaimAt, a.FavouriteTeamId, a.FavouriteLeagueId, OnboardingDone: !a.OnboardingRequired));

    /// <summary>Changes what is present in one update; the unique key decides a race for a name.</summary>
    public async Task<Outcome<Account>> UpdateAsync(Account account, UpdateProfileRequest request, CancellationToken cancellation)
    {
        var errors = new List<(string, string)>();
        var username = account.Username;
        if (request.Username.IsPresent && request.Username.Value != account.Username && Username.Check(request.Username.Value, out username) is { } usernameError)
            errors.Add(("username", usernameError));
        var name = request.Name.IsPresent ? request.Name.Value?.Trim() : account.Name;
        if (request.Name.IsPresent && name is not { Length: >= 1 and <= 100 }) errors.Add(("name", "The name must be 1 to 100 characters long"));
        var image = request.Image.IsPresent ? request.Image.Value : account.Image;
        if (request.Image.IsPresent && image is not null && !IsImage(image)) errors.Add(("image", "The image must be an http or https address of at most 2048 characters"));
        if (errors.Count > 0) return Problem.Fields(errors);

        try
        {
            await using var batch = database.CreateBatch();
            if (request.Username.IsPresent && username is not null)
            {
                batch.BatchCommands.Add(Users.YieldPending(username, null, time.GetUtcNow()));
                batch.BatchCommands.Add(Users.SetUsername(account.Id, username, Username.Key(username)));
            }
            if (request.Name.IsPresent || request.Image.IsPresent)
                batch.BatchCommands.Add(Command(
                    "update users set name = case when $2 then $3 else name end, image = case when $4 then $5 else image end where id = $1",
                    P(account.Id), P(request.Name.IsPresent), Text(name), P(request.Image.IsPresent), Text(image)));
            batch.BatchCommands.Add(Command(Accounts.ById, P(account.Id)));
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var after = Accounts.Read(reader);
            await reader.CloseAsync();
            return after;
        }
        catch (PostgresException e) when (Database.UniqueViolation(e) is Users.UsernameKeyUnique)
        {
            return await suggestion.TakenAsync(username!, cancellation);
        }
    }

    private static bool IsImage(string text) =>
        text.Length <= 2048 && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;
}
