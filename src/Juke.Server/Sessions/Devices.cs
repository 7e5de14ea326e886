using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Sessions;

/// <summary>Where the user is signed in; signing out there, or everywhere. It acts on the very next request.</summary>
internal sealed class Devices(NpgsqlDataSource database, TimeProvider time, Audit audit)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/auth/sessions", async (HttpContext http, Devices devices, CancellationToken cancellation) =>
            Answers.Json(await devices.ListAsync(CurrentUser.Of(http), cancellation), CoreJson.Default.SessionList))
        .WithName("listSessions").WithSummary("Where am I signed in?").Gives(CoreJson.Default.SessionList);

        routes.MapDelete("/auth/sessions/{id}", async (string id, HttpContext http, Devices devices, CancellationToken cancellation) =>
            (await devices.EndAsync(CurrentUser.Of(http), id, cancellation)).Answer(CoreJson.Default.Revoked))
        .WithName("revokeSession").WithSummary("Sign out there").Gives(CoreJson.Default.Revoked)
        .Path("id", Value.Text(), "SessionInfo.id of the list.")
        .Problems(ProblemCode.NotFound);

        routes.MapPost("/auth/sessions/revoke-all", async (HttpContext http, Devices devices, RefreshCookie cookie, CancellationToken cancellation) =>
        {
            await devices.EndAllAsync(CurrentUser.Of(http), keepCurrent: false, cancellation);
            cookie.Clear(http);
            return Answers.Json(Revoked.Yes, CoreJson.Default.Revoked);
        })
        .WithName("revokeAllSessions").WithSummary("Sign out everywhere, here too").Gives(CoreJson.Default.Revoked)
        .ClearsRefreshCookie();
    }

    public async Task<SessionList> ListAsync(CurrentUser user, CancellationToken cancellation) =>
        new(await SessionRows.ListAsync(database, user.Id, user.Sid, time.GetUtcNow(), cancellation));

    public async Task<Outcome<Revoked>> EndAsync(CurrentUser user, string id, CancellationToken cancellation)
    {
        var sid = new byte[16];
        if (id.Length == 22 && Base64UrlText.TryRead(id, sid)
            && await SessionRows.EndAsync(database, sid, user.Id, "revoked", time.GetUtcNow(), cancellation))
        {
            audit.SessionEnded(user.Id, "revoked");
            return Revoked.Yes;
        }
        return new Problem(ProblemCode.NotFound, "There is no such session.");
    }

    public async Task EndAllAsync(CurrentUser user, bool keepCurrent, CancellationToken cancellation)
    {
        await Sql.ExecuteAsync(database, [SessionRows.EndAll(user.Id, keepCurrent ? user.Sid : null, "revoked", time.GetUtcNow())], cancellation);
        audit.SessionEnded(user.Id, keepCurrent ? "all others revoked" : "all revoked");
    }
}
