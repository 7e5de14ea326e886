using Juke.Contract;
using Juke.Server.Connections;
using Juke.Server.Plumbing;

namespace Juke.Server.JukeApi;

/// <summary>The connected Spotify account as shipped apps ask for it (legacy-wire A.6).</summary>
internal static class SpotifyRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/auth/spotify/status/", async (HttpContext http, ReadSpotifyStatus status, CancellationToken cancellation) =>
            Answers.Json(await status.RunAsync(CurrentUser.Of(http).Id, cancellation), JukeJson.Plain.SpotifyStatus))
        .WithName("spotifyStatus").WithSummary("Is Spotify connected?")
        .Gives(JukeJson.Plain.SpotifyStatus);

        routes.MapPost("/api/v1/auth/spotify/token/", async (HttpContext http, GiveStreamingToken give, CancellationToken cancellation) =>
        {
            var outcome = await give.RunAsync(CurrentUser.Of(http), cancellation);
            http.Response.Headers.CacheControl = "no-store";
            return outcome.Answer(JukeJson.Plain.StreamingToken);
        })
        .WithName("spotifyToken").WithSummary("An access token for Spotify's players")
        .WithDescription("Refreshed when it would end within 45 seconds. At most 30 a minute for each user. It carries what the person granted when connecting; a refresh token never leaves the server.")
        .Gives(JukeJson.Plain.StreamingToken)
        .Problems(ProblemCode.SpotifyNotConnected, ProblemCode.SpotifyRefreshFailed, ProblemCode.SpotifyAccessTokenUnavailable, ProblemCode.TooManyRequests, ProblemCode.ProviderUnavailable);

        routes.MapPost("/api/v1/auth/spotify/disconnect/", async (HttpContext http, DisconnectSpotify disconnect, CancellationToken cancellation) =>
        {
            await disconnect.RunAsync(CurrentUser.Of(http).Id, cancellation);
            return TypedResults.NoContent();
        })
        .WithName("spotifyDisconnect").WithSummary("Disconnect Spotify")
        .WithDescription("Also when none is connected. Signing in with Spotify ends too, unless nothing else is left to sign in with.")
        .GivesNothing();
    }
}
