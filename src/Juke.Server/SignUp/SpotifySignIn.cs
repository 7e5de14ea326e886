using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;

namespace Juke.Server.SignUp;

/// <summary>The Spotify door: a code and its verifier sign in, or make an account.</summary>
internal sealed class SpotifySignIn(SpotifyCode codes, SignInWithProvider signIn, Audit audit)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/spotify", async (SpotifySignInRequest request, HttpContext http, SpotifySignIn spotify, Tokens tokens, TimeProvider time, CancellationToken cancellation) =>
        {
            var session = NewSession.App(Caller.Of(http), time.GetUtcNow());
            var outcome = await spotify.RunAsync(request, ("code", "codeVerifier", "redirectUri"), session, cancellation);
            return outcome.Failed ? outcome.Problem.Answer() : Answers.Json(tokens.Answer(http, outcome.Value), CoreJson.Default.AuthResult);
        })
        .WithName("signInWithSpotify").WithSummary("Sign in with Spotify, or make an account")
        .WithDescription("Takes the code of Spotify's authorization code flow with PKCE. Spotify's address of the person is never used to find an account. Route by user.onboardingRequired.")
        .Gives(CoreJson.Default.AuthResult)
        .Problems(ProblemCode.InvalidProviderToken, ProblemCode.ProviderRefused, ProblemCode.AccountDisabled, ProblemCode.ProviderUnavailable)
        .WritesRefreshCookie();

    /// <summary>Redeems the code and opens the session.</summary>
    /// <param name="request">What the app sent.</param>
    /// <param name="names">What the members are called in the app's dialect.</param>
    /// <param name="session">The session to open.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task<Outcome<SignedIn>> RunAsync(
        SpotifySignInRequest request, (string Code, string Verifier, string Redirect) names, NewSession session, CancellationToken cancellation)
    {
        var errors = codes.Check(request.Code, request.CodeVerifier, request.RedirectUri, names);
        if (errors.Count > 0) return Problem.Fields(errors);
        var proof = await codes.RedeemAsync(request.Code!, request.CodeVerifier!, request.RedirectUri!, cancellation);
        if (!proof.Failed) return await signIn.RunAsync(proof.Value.Person, session, proof.Value.Tokens, cancellation);
        audit.SignInRefused(ProviderPerson.Spotify, proof.Problem.Code, session.Caller.Address);
        Metrics.SignedIn(ProviderPerson.Spotify, success: false);
        return proof.Problem;
    }
}
