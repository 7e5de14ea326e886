using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Juke.Server.SignUp;
using Juke.Server.Spotify;

namespace Juke.Server.Web;

/// <summary>
/// Spotify for browsers: sign in, and connect who is signed in. Both come back to one callback; what they came for stands in the
/// trip, never in the address.
/// </summary>
internal sealed class SpotifyPages(
    SpotifyService spotify, SpotifyCode codes, SpotifyRedirects redirects, SignInWithProvider signIn, ConnectSpotify connect, Trips trips, TripEnds ends, Limits limits,
    Audit audit, TimeProvider time)
{
    public static void MapStart(IEndpointRouteBuilder guests) =>
        guests.MapGet("/auth/spotify/start", (HttpContext http, SpotifyPages spotify, CancellationToken cancellation) =>
            spotify.SetOutAsync(http, new ProviderTrip { Provider = ProviderPerson.Spotify, RedirectUri = spotify.Own, ReturnTo = spotify.Next(http) }, cancellation));

    public static void MapCallback(IEndpointRouteBuilder anyone) =>
        anyone.MapGet(SpotifyRedirects.Callback, (HttpContext http, SpotifyPages spotify, CancellationToken cancellation) => spotify.ComeBackAsync(http, spotify.Own, cancellation));

    /// <summary>The button in the settings, and in the wizard: <c>next</c> leads back to where it stands.</summary>
    public static void MapConnect(IEndpointRouteBuilder signedIn) =>
        signedIn.MapGet("/settings/connect/spotify", (HttpContext http, SpotifyPages spotify, CancellationToken cancellation) =>
        {
            var user = CurrentUser.Of(http);
            return spotify.SetOutAsync(
                http,
                new ProviderTrip { Provider = ProviderPerson.Spotify, RedirectUri = spotify.Own, UserId = user.Id, Sid = user.Sid, ReturnTo = spotify.Next(http) ?? "/settings" },
                cancellation);
        });

    private string? Next(HttpContext http) => ends.Next(http, ProviderPerson.Spotify);

    private string Own => redirects.Own(SpotifyRedirects.Callback);

    /// <summary>Sends the browser to Spotify.</summary>
    public async Task<IResult> SetOutAsync(HttpContext http, ProviderTrip trip, CancellationToken cancellation)
    {
        if (!spotify.IsSetUp) return TripEnds.Fail(http, trip, TripEnds.WordOf(ProviderPerson.Spotify, ProblemCode.ProviderUnavailable));
        if (limits.CheckAddress(http) is { } tooMany) return TripEnds.Fail(http, trip, ProviderPerson.Spotify, tooMany);
        var isConnect = trip.UserId is not null;
        var departure = await trips.SetOutAsync(http, trip, cancellation);
        // To connect, the person says yes to Spotify each time: a link that somebody else made must not work silently (contract §4).
        var url = spotify.AuthorizeUrl(trip.RedirectUri, departure.State, departure.Challenge, isConnect ? SpotifyScopes.Connect : SpotifyScopes.SignIn, showDialog: isConnect);
        return TypedResults.Redirect(url.AbsoluteUri);
    }

    /// <summary>The browser is back from Spotify.</summary>
    /// <param name="http">The request.</param>
    /// <param name="callback">The absolute address of the callback that was called.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task<IResult> ComeBackAsync(HttpContext http, string callback, CancellationToken cancellation)
    {
        if (await trips.ComeBackAsync(http, TripEnds.One(http, "state"), cancellation) is not { } arrival) return ends.Refuse(http, ProviderPerson.Spotify, "the state is not good");
        var trip = arrival.Trip;
        if (trip.Provider != ProviderPerson.Spotify || trip.RedirectUri != callback) return ends.Refuse(http, ProviderPerson.Spotify, "the state is of another callback", isConnect: trip.UserId is not null);
        var visitor = CurrentUser.Find(http);
        if (trip.UserId is null && visitor is not null) return TripEnds.GoOn(http, trip, PageRoutes.VisitorOf(visitor.Account.OnboardingRequired));
        // Set out from a page of ours, and somebody else or nobody is signed in now.
        if (trip is { UserId: not null, MustConfirm: false } && visitor?.Id != trip.UserId) return ends.Refuse(http, ProviderPerson.Spotify, "another page session than the one that set out", isConnect: true);
        if (TripEnds.One(http, "error") is { } error) return TripEnds.Fail(http, trip, TripEnds.WordOfError(ProviderPerson.Spotify, error));
        if (TripEnds.One(http, "code") is not { } code) return ends.Refuse(http, ProviderPerson.Spotify, "no code", isConnect: trip.UserId is not null);

        var proof = await codes.RedeemAsync(code, arrival.Verifier, trip.RedirectUri, cancellation);
        if (proof.Failed)
        {
            if (trip.UserId is { } connecting) audit.LinkRefused(connecting, ProviderPerson.Spotify, proof.Problem.Code);
            else
            {
                audit.SignInRefused(ProviderPerson.Spotify, proof.Problem.Code, http.Connection.RemoteIpAddress?.ToString());
                Metrics.SignedIn(ProviderPerson.Spotify, success: false);
            }
            return TripEnds.Fail(http, trip, ProviderPerson.Spotify, proof.Problem);
        }
        if (trip.UserId is null)
        {
            var signedIn = await signIn.RunAsync(proof.Value.Person, NewSession.Web(Caller.Of(http), time.GetUtcNow()), proof.Value.Tokens, cancellation);
            return signedIn.Failed ? TripEnds.Fail(http, trip, ProviderPerson.Spotify, signedIn.Problem) : ends.Enter(http, trip, signedIn.Value);
        }
        if (visitor?.Id != trip.UserId) return TripEnds.To(http, "/connect/spotify?state=" + await trips.AskAsync(http, trip, proof.Value, cancellation));
        var connected = await connect.RunAsync(trip.UserId.Value, trip.Sid!, proof.Value, "signed in on a page", unfinishedYields: !trip.MustConfirm, cancellation);
        return connected.Failed ? TripEnds.Fail(http, trip, ProviderPerson.Spotify, connected.Problem) : Connected(http, trip);
    }

    /// <summary>Back to where connecting was asked for.</summary>
    private static IResult Connected(HttpContext http, ProviderTrip trip) => NextPath.Check(trip.ReturnTo) switch
    {
        "/settings" => SeeOther.WithNotice("/settings", nameof(Texts.Notice_SpotifyConnected)),
        { } page => TripEnds.To(http, page),
        null when trip.ReturnTo is { } app => TypedResults.Redirect(app),
        null => TripEnds.To(http, SeeOther.Noticed("/", nameof(Texts.Notice_SpotifyConnected))),
    };
}
