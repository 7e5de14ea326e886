using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Sessions;

/// <summary>
/// Ends the session of a refresh token of any generation (body first, then cookie), or of the access token or Juke token when
/// that is all the caller has. Whatever they are worth, the answer is the same.
/// </summary>
internal sealed class SignOut(NpgsqlDataSource database, Credentials credentials, Keys keys, TimeProvider time, Audit audit)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/logout", async (LogoutRequest? request, HttpContext http, SignOut signOut, RefreshCookie cookie, CancellationToken cancellation) =>
        {
            await signOut.RunAsync(request?.RefreshToken ?? RefreshCookie.Read(http), http, cancellation);
            cookie.Clear(http);
            return Answers.Json(LogoutResult.Success, CoreJson.Default.LogoutResult);
        })
        .WithName("logout").WithSummary("End this session")
        .WithDescription("By refresh token of any generation (body or cookie), or by the access token or token in Authorization. Whatever they are worth, the answer is the same; only a request that cannot be read, or too many of them, is refused.")
        .Gives(CoreJson.Default.LogoutResult)
        .ReadsRefreshCookie().ClearsRefreshCookie()
        .Header("X-Client", Value.Choice("web"), "web: the refresh token may come as the cookie.");

    public async Task RunAsync(string? refreshToken, HttpContext http, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (RefreshToken.Parse(refreshToken) is { } refresh && await OwnerOfAsync(refresh, cancellation) is { } owner)
            await EndAsync(refresh.Sid, owner, now, cancellation);
        else if (Credentials.ReadJukeToken(http) is { } token)
        {
            if (await credentials.FromJukeTokenAsync(token, http) is { } caller) await OfCallerAsync(caller, cancellation);
        }
        else if (Credentials.ReadBearer(http) is { } bearer && AccessToken.Read(bearer, keys, now) is { } access)
        {
            await EndAsync(access.Sid, access.UserId, now, cancellation);
        }
    }

    /// <summary>Whose the token is when its session lives and it is one of ours, of whichever generation.</summary>
    private async Task<long?> OwnerOfAsync(RefreshToken refresh, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select user_id, salt from sessions where sid = $1 and ended_at is null");
        command.Parameters.Add(P(refresh.Sid));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) && refresh.IsGenuine(keys, row.GetFieldValue<byte[]>(1)) ? row.GetInt64(0) : null;
    }

    /// <summary>Ends the session that speaks, and no other: of a page's cookie, or of a token of the Juke dialect.</summary>
    public Task OfCallerAsync(CurrentUser user, CancellationToken cancellation) => EndAsync(user.Sid, user.Id, time.GetUtcNow(), cancellation);

    private async Task EndAsync(byte[] sid, long userId, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await SessionRows.EndAsync(database, sid, userId, "signed out", now, cancellation)) audit.SessionEnded(userId, "signed out");
    }
}
