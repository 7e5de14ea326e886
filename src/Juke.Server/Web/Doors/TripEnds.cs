using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Juke.Server.SignUp;
using Microsoft.AspNetCore.WebUtilities;

namespace Juke.Server.Web;

/// <summary>
/// How a trip to a provider ends for the browser: a page of ours, the app that sent it, or one line of why not. The words of
/// <c>?error=</c> are those that the old web understands, and a few more; the texts are <c>Trouble_…</c>.
/// </summary>
internal sealed class TripEnds(PageCookie cookie, Audit audit)
{
    private const string AuthFailed = "auth_failed";

    /// <summary>The word for a refusal: forged, replayed, late and foreign are all the same one.</summary>
    public static string WordOf(string provider, string? code) => code switch
    {
        ProblemCode.ProviderUnavailable or ProblemCode.ServiceUnavailable or ProblemCode.TooManyRequests => provider + "_unavailable",
        ProblemCode.ProviderRefused => provider + "_refused",
        Problem.IdentityTaken => provider + "_taken",
        ProblemCode.EmailTaken => "email_taken",
        ProblemCode.AccountDisabled => "account_disabled",
        ProblemCode.Unauthorized => "session_ended",
        ProblemCode.AccessTokenSignInOff => "sign_in_again",
        _ => provider + "_" + AuthFailed,
    };

    /// <summary>The provider's own refusal in the address: the person said no, or something else.</summary>
    public static string WordOfError(string provider, string error) => provider + (error == "access_denied" ? "_denied" : "_" + AuthFailed);

    /// <summary>The only value of a parameter, or null.</summary>
    public static string? One(HttpContext http, string name) => http.Request.Query[name] is [{ Length: > 0 and <= SpotifySignInRequest.MaxCode } value] ? value : null;

    /// <summary>Signed in: the cookie, and where the person was going. Onboarding comes first.</summary>
    public IResult Enter(HttpContext http, ProviderTrip trip, SignedIn signedIn)
    {
        cookie.Write(http, signedIn.Session);
        return GoOn(http, trip, PageRoutes.VisitorOf(signedIn.Account.OnboardingRequired));
    }

    /// <summary>Where a visitor goes from here. A target outside (an old app's page) was checked when the trip began; the wizard keeps it, and checks it again at its end.</summary>
    public static IResult GoOn(HttpContext http, ProviderTrip trip, Visitor visitor) =>
        visitor == Visitor.Done && trip.ReturnTo is { } app && NextPath.Check(app) is null
            ? TypedResults.Redirect(app)
            : To(http, PageRoutes.AfterSignIn(visitor, trip.ReturnTo));

    /// <summary>To a page of ours: 302 on the old server's paths, as it answered there (legacy-wire A.5); 303 on ours.</summary>
    public static IResult To(HttpContext http, string page) => Problems.IsJuke(http.Request.Path) ? TypedResults.Redirect(page) : new SeeOther(page);

    /// <summary>Back with what a use case said.</summary>
    public static IResult Fail(HttpContext http, ProviderTrip? trip, string provider, Problem problem) => Fail(http, trip, WordOf(provider, problem.Code), problem.RetryAfter);

    /// <summary>Back with a reason: where a connection was asked for, else to sign in. Old apps that want JSON get the old shape.</summary>
    public static IResult Fail(HttpContext http, ProviderTrip? trip, string word, TimeSpan? retryAfter = null)
    {
        if (WantsJson(http)) return OldProblem(word, retryAfter).Answer();
        var back = NextPath.Check(trip?.ReturnTo);
        if (trip?.UserId is not null && back is not null && CurrentUser.Find(http) is not null) return To(http, QueryHelpers.AddQueryString(back, "error", word));
        // The page to sign in sends who is signed in already away, and the reason would be lost on the way.
        if (CurrentUser.Find(http) is { } user) return To(http, (user.Account.OnboardingRequired ? "/onboarding/connect" : "/settings") + "?error=" + word);
        var login = "/login?error=" + word;
        return To(http, trip is { UserId: null } && back is not null ? QueryHelpers.AddQueryString(login, "next", back) : login);
    }

    /// <summary>One generic answer for whatever is wrong with a state, and a line in the log.</summary>
    /// <param name="http">The request.</param>
    /// <param name="provider">Whose door.</param>
    /// <param name="reason">For the log only.</param>
    /// <param name="isConnect">The trip is known, and was to connect: no sign-in was refused.</param>
    public IResult Refuse(HttpContext http, string provider, string reason, bool isConnect = false)
    {
        audit.TripRefused(provider, reason, http.Connection.RemoteIpAddress?.ToString());
        if (!isConnect) Metrics.SignedIn(provider, success: false);
        return Fail(http, null, WordOf(provider, null));
    }

    /// <summary>The page of this site to go on to, which <c>next</c> names. Anything else is not gone to, and noted: somebody may be trying.</summary>
    public string? Next(HttpContext http, string provider)
    {
        var next = NextPath.Of(http.Request);
        if (next is null && http.Request.Query["next"] is [{ Length: > 0 }, ..]) audit.TargetRefused(provider, "next", http.Connection.RemoteIpAddress?.ToString());
        return next;
    }

    /// <summary>Whether the caller is an old app's code and no browser's navigation.</summary>
    public static bool WantsJson(HttpContext http)
    {
        var accept = http.Request.Headers.Accept.ToString();
        return Problems.IsJuke(http.Request.Path) && accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The problem with the <c>error</c> that old clients know: one of two words, whatever it was (legacy-wire A.5).</summary>
    private static Problem OldProblem(string word, TimeSpan? retryAfter) => word.EndsWith("_unavailable", StringComparison.Ordinal)
        ? new Problem(ProblemCode.ProviderUnavailable, "Spotify authentication is temporarily unavailable. Please try again.") { OldError = "spotify_unavailable", RetryAfter = retryAfter }
        : new Problem(ProblemCode.BadRequest, word == WordOf(ProviderPerson.Spotify, Problem.IdentityTaken) ? ConnectSpotify.TakenText : "Spotify authentication failed. Please try again.") { OldError = "spotify_auth_failed" };
}
