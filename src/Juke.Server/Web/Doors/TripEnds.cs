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
        return GoOn(trip, PageRoutes.VisitorOf(signedIn.Account.OnboardingRequired));
    }

    /// <summary>Where a visitor goes from here. A target outside (an old app's page) is checked when the trip begins; it waits until onboarding is done.</summary>
    public static IResult GoOn(ProviderTrip trip, Visitor visitor) =>
        trip.ReturnTo is null || NextPath.Check(trip.ReturnTo) is not null || visitor == Visitor.Required
            ? new SeeOther(PageRoutes.AfterSignIn(visitor, NextPath.Check(trip.ReturnTo)))
            : TypedResults.Redirect(trip.ReturnTo);

    /// <summary>Back with a reason: where a connection was asked for, else to sign in. Callers who want JSON get the old shape.</summary>
    public static async Task<IResult> FailAsync(HttpContext http, ProviderTrip? trip, string word)
    {
        if (WantsJson(http))
        {
            var problem = word.EndsWith("_unavailable", StringComparison.Ordinal)
                ? new Problem(ProblemCode.ProviderUnavailable, "Spotify authentication is temporarily unavailable. Please try again.")
                : new Problem(ProblemCode.BadRequest, "Spotify authentication failed. Please try again.");
            await WriteOldAsync(http, problem, word.EndsWith("_unavailable", StringComparison.Ordinal) ? "spotify_unavailable" : "spotify_auth_failed");
            return Results.Empty;
        }
        var back = NextPath.Check(trip?.ReturnTo);
        if (trip?.UserId is not null && back is not null && CurrentUser.Find(http) is not null) return new SeeOther(QueryHelpers.AddQueryString(back, "error", word));
        // The page to sign in sends who is signed in already away, and the reason would be lost on the way.
        if (CurrentUser.Find(http) is not null) return new SeeOther("/settings?error=" + word);
        var login = "/login?error=" + word;
        return new SeeOther(trip is { UserId: null } && back is not null ? QueryHelpers.AddQueryString(login, "next", back) : login);
    }

    /// <summary>One generic answer for whatever is wrong with a state, and a line in the log.</summary>
    public Task<IResult> RefuseAsync(HttpContext http, string provider, string reason)
    {
        audit.TripRefused(provider, reason, http.Connection.RemoteIpAddress?.ToString());
        Metrics.SignedIn(provider, success: false);
        return FailAsync(http, null, WordOf(provider, null));
    }

    /// <summary>Whether the caller is an old app's code and no browser's navigation.</summary>
    public static bool WantsJson(HttpContext http)
    {
        var accept = http.Request.Headers.Accept.ToString();
        return accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The problem with the <c>error</c> that old clients know (legacy-wire A.5).</summary>
    public static async Task WriteOldAsync(HttpContext http, Problem problem, string error)
    {
        var status = ProblemCode.StatusOf(problem.Code);
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        await Answers.WriteJsonAsync(http, Problems.Body(problem, status) with { Error = error }, CoreJson.Default.ProblemBody, "application/json");
    }
}
