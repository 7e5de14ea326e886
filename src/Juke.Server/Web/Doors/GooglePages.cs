using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Google;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Juke.Server.SignUp;

namespace Juke.Server.Web;

/// <summary>Google's door for browsers: out and back, with a callback of its own (RFC 9700 §4.4).</summary>
internal sealed class GooglePages(GoogleService google, SignInWithProvider signIn, Trips trips, TripEnds ends, Settings settings, Limits limits, Audit audit, TimeProvider time)
{
    private const string Callback = "/auth/google/callback";

    private string CallbackUrl => new Uri(settings.PublicUrl, Callback).AbsoluteUri;

    public static void MapStart(IEndpointRouteBuilder guests) =>
        guests.MapGet("/auth/google/start", (HttpContext http, GooglePages google, CancellationToken cancellation) => google.StartAsync(http, cancellation));

    public static void MapCallback(IEndpointRouteBuilder anyone) =>
        anyone.MapGet(Callback, (HttpContext http, GooglePages google, CancellationToken cancellation) => google.ComeBackAsync(http, cancellation));

    private async Task<IResult> StartAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!google.HasPages || limits.CheckAddress(http) is not null) return TripEnds.Fail(http, null, TripEnds.WordOf(ProviderPerson.Google, ProblemCode.ProviderUnavailable));
        var trip = new ProviderTrip { Provider = ProviderPerson.Google, RedirectUri = CallbackUrl, ReturnTo = ends.Next(http, ProviderPerson.Google) };
        var departure = await trips.SetOutAsync(http, trip, cancellation);
        return TypedResults.Redirect(google.AuthorizeUrl(CallbackUrl, departure.State, departure.Challenge, departure.Nonce).AbsoluteUri);
    }

    private async Task<IResult> ComeBackAsync(HttpContext http, CancellationToken cancellation)
    {
        if (await trips.ComeBackAsync(http, TripEnds.One(http, "state"), cancellation) is not { } arrival) return ends.Refuse(http, ProviderPerson.Google, "the state is not good");
        var trip = arrival.Trip;
        if (trip.Provider != ProviderPerson.Google) return ends.Refuse(http, ProviderPerson.Google, "the state is of another provider", isConnect: trip.UserId is not null);
        if (CurrentUser.Find(http) is { } visitor) return TripEnds.GoOn(http, trip, PageRoutes.VisitorOf(visitor.Account.OnboardingRequired));
        if (TripEnds.One(http, "error") is { } error) return TripEnds.Fail(http, trip, TripEnds.WordOfError(ProviderPerson.Google, error));
        if (TripEnds.One(http, "code") is not { } code) return ends.Refuse(http, ProviderPerson.Google, "no code");
        var person = await google.ExchangeAsync(code, arrival.Verifier, trip.RedirectUri, arrival.Nonce, cancellation);
        var session = NewSession.Web(Caller.Of(http), time.GetUtcNow());
        if (person.Failed)
        {
            audit.SignInRefused(ProviderPerson.Google, person.Problem.Code, session.Caller.Address);
            Metrics.SignedIn(ProviderPerson.Google, success: false);
            return TripEnds.Fail(http, trip, ProviderPerson.Google, person.Problem);
        }
        var outcome = await signIn.RunAsync(person.Value, session, tokens: null, cancellation);
        return outcome.Failed ? TripEnds.Fail(http, trip, ProviderPerson.Google, outcome.Problem) : ends.Enter(http, trip, outcome.Value);
    }
}
