using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Onboarding;

/// <summary>Whether the caller could take a name right now. A help while typing; completion decides.</summary>
internal sealed class CheckUsername(NpgsqlDataSource database, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/auth/username/check", async (string? username, HttpContext http, CheckUsername check, CancellationToken cancellation) =>
            (await check.RunAsync(CurrentUser.Of(http).Id, username, cancellation)).Answer(CoreJson.Default.UsernameAvailability))
        .WithName("checkUsername").WithSummary("Is this username free?")
        .WithDescription("A help while typing; completion decides.")
        .Gives(CoreJson.Default.UsernameAvailability)
        .Query("username", Value.Text(Username.MinLength, Username.MaxLength), "The name that is being typed.", required: true)
        .Problems(ProblemCode.ValidationFailed);

    public async Task<Outcome<UsernameAvailability>> RunAsync(long userId, string? wanted, CancellationToken cancellation)
    {
        if (Username.Check(wanted, out var username) is { } error) return Problem.Fields(("username", error));
        return new UsernameAvailability(await Users.IsUsernameFreeAsync(database, userId, username, time.GetUtcNow(), cancellation));
    }
}
