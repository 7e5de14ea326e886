using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Juke.Server.SignUp;

namespace Juke.Server.Web;

/// <summary>The old server's browser paths (legacy-wire A.5), which shipped apps and Spotify's list of callbacks name.</summary>
internal sealed class OldSpotifyPaths(SpotifyPages spotify, SpotifyRedirects redirects, ReturnTargets targets, Credentials credentials, Audit audit)
{
    private static readonly Problem SignInFirst = new(ProblemCode.Unauthorized, "Please sign in before connecting Spotify.") { OldError = "spotify_auth_failed" };

    public static void Map(IEndpointRouteBuilder anyone)
    {
        anyone.MapGet("/api/v1/social-auth/login/spotify/", (HttpContext http, OldSpotifyPaths old, CancellationToken cancellation) => old.SignInAsync(http, cancellation));
        anyone.MapGet(SpotifyRedirects.OldCallback, (HttpContext http, OldSpotifyPaths old, CancellationToken cancellation) =>
            old.ComeBackAsync(http, cancellation));
        anyone.MapGet("/api/v1/auth/connect/spotify/", (HttpContext http, OldSpotifyPaths old, CancellationToken cancellation) => old.ConnectAsync(http, cancellation));
    }

    private string Callback => redirects.Own(SpotifyRedirects.OldCallback);

    /// <summary>Signs in, and goes back to the page that the browser came from.</summary>
    private Task<IResult> SignInAsync(HttpContext http, CancellationToken cancellation)
    {
        var trip = new ProviderTrip { Provider = ProviderPerson.Spotify, RedirectUri = Callback, ReturnTo = targets.Check(http.Request.Headers.Referer.ToString()) };
        return CurrentUser.Find(http) is { } visitor
            ? Task.FromResult(TripEnds.GoOn(http, trip, PageRoutes.VisitorOf(visitor.Account.OnboardingRequired)))
            : spotify.SetOutAsync(http, trip, cancellation);
    }

    private Task<IResult> ComeBackAsync(HttpContext http, CancellationToken cancellation) => spotify.ComeBackAsync(http, Callback, cancellation);

    /// <summary>
    /// Connects by a token in the address. The link may come from anybody, so the browser proved nothing: unless it turns out to
    /// be signed in as the same user, a person is asked before anything is linked (contract §4).
    /// </summary>
    private async Task<IResult> ConnectAsync(HttpContext http, CancellationToken cancellation)
    {
        var token = TripEnds.One(http, "token");
        // Only a token of the Juke dialect: no other kind may stand in an address, where logs and histories keep it.
        var user = token is null ? CurrentUser.Find(http) : await credentials.FromJukeTokenAsync(token, http);
        if (user is null)
            return TripEnds.WantsJson(http) ? SignInFirst.Answer() : TripEnds.Fail(http, null, TripEnds.WordOf(ProviderPerson.Spotify, null));
        if (token is not null) audit.TokenInAddress(user.Id, http.Connection.RemoteIpAddress?.ToString());
        var trip = new ProviderTrip
        {
            Provider = ProviderPerson.Spotify,
            RedirectUri = Callback,
            UserId = user.Id,
            Sid = user.Sid,
            MustConfirm = true,
            ReturnTo = ReturnTo(http),
        };
        return await spotify.SetOutAsync(http, trip, cancellation);
    }

    /// <summary>Where <c>return_to</c> leads; null, and noted, where that is nowhere that we send anybody.</summary>
    private string? ReturnTo(HttpContext http)
    {
        var text = http.Request.Query["return_to"].ToString();
        var target = NextPath.Check(text) ?? targets.Check(text);
        if (target is null && text.Length > 0) audit.TargetRefused(ProviderPerson.Spotify, "return_to", http.Connection.RemoteIpAddress?.ToString());
        return target;
    }
}
