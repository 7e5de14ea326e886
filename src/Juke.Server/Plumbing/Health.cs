using Juke.Server.Data;
using Npgsql;

namespace Juke.Server.Plumbing;

/// <summary>Is the process up, and can it serve: for load balancers and <c>./dev up</c>.</summary>
internal static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Text("live\n")).WithName("live").ExcludeFromDescription();
        routes.MapGet("/health/ready", async (NpgsqlDataSource database, CancellationToken cancellation) =>
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            try
            {
                return await Migrations.AreAppliedAsync(database, patience.Token)
                    ? TypedResults.Text("ready\n")
                    : Results.Text("not migrated\n", statusCode: StatusCodes.Status503ServiceUnavailable);
            }
            catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
            {
                return Results.Text("database not reached\n", statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        }).WithName("ready").ExcludeFromDescription();
    }
}
