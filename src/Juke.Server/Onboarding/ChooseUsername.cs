using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Onboarding;

/// <summary>
/// The first step of the wizard: takes the name, so that it is kept on every device while the other questions are answered.
/// Onboarding stays required until it is completed.
/// </summary>
internal sealed class ChooseUsername(NpgsqlDataSource database, UsernameSuggestion suggestion, TimeProvider time)
{
    public async Task<Problem?> RunAsync(Account account, string? wanted, CancellationToken cancellation)
    {
        if (!account.UsernameMissing && wanted == account.Username) return null;
        if (Username.Check(wanted, out var username) is { } error) return Problem.Fields(("username", error));
        try
        {
            var key = Username.Key(username);
            await Sql.ExecuteAsync(database, [Users.YieldPending(username, null, time.GetUtcNow()), Users.SetUsername(account.Id, username, key)], cancellation);
            return null;
        }
        catch (PostgresException e) when (Database.UniqueViolation(e) is Users.UsernameKeyUnique)
        {
            return await suggestion.TakenAsync(username, cancellation);
        }
    }
}
