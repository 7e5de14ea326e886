using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Google;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;

namespace Juke.Server.SignUp;

/// <summary>The Google door: an ID token of one of our client ids signs in, or makes an account.</summary>
internal sealed class GoogleSignIn(GoogleService google, SignInWithProvider signIn, Audit audit)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/google", async (GoogleSignInRequest request, HttpContext http, GoogleSignIn google, Tokens tokens, TimeProvider time, CancellationToken cancellation) =>
        {
            var session = NewSession.App(Caller.Of(http), time.GetUtcNow());
            var outcome = await google.RunAsync(request, session, cancellation);
            return outcome.Failed ? outcome.Problem.Answer() : Answers.Json(tokens.Answer(http, outcome.Value), CoreJson.Default.AuthResult);
        })
        .WithName("signInWithGoogle").WithSummary("Sign in with Google, or make an account")
        .WithDescription("Takes Google's ID token. An account with the same address is opened only where Google runs the mailbox. Route by user.onboardingRequired.")
        .Gives(CoreJson.Default.AuthResult)
        .Problems(ProblemCode.InvalidProviderToken, ProblemCode.AccountDisabled, ProblemCode.EmailTaken, ProblemCode.ProviderUnavailable)
        .WritesRefreshCookie();

    /// <summary>Verifies the token and opens the session.</summary>
    public async Task<Outcome<SignedIn>> RunAsync(GoogleSignInRequest request, NewSession session, CancellationToken cancellation)
    {
        var errors = new List<(string, string)>();
        if (request.IdToken is not { Length: > 0 and <= GoogleSignInRequest.MaxToken }) errors.Add(("idToken", "Google's ID token is required"));
        if (request.Nonce is { Length: 0 or > 200 }) errors.Add(("nonce", "The nonce must be 1 to 200 characters long"));
        // Empty, or longer than any token is: the field is wrong, as the published document says; a forger's line in the log all the same.
        var person = errors.Count > 0 ? Problem.Fields(errors) : await google.VerifyAsync(request.IdToken!, request.Nonce, cancellation);
        if (!person.Failed) return await signIn.RunAsync(person.Value, session, tokens: null, cancellation);
        audit.SignInRefused(ProviderPerson.Google, person.Problem.Code, session.Caller.Address);
        Metrics.SignedIn(ProviderPerson.Google, success: false);
        return person.Problem;
    }
}
