using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;

namespace Juke.Server.JukeApi;

/// <summary>Signing in and out as shipped Juke apps do (legacy-wire A.3): one opaque token a sign-in, ended by signing out (contract §5).</summary>
internal static class TokenSignIn
{
    /// <summary>The one refusal, whatever the reason: unknown, wrong, missing, pending, disabled.</summary>
    public static readonly Problem Refused = Problem.Fields(("non_field_errors", "Unable to log in with provided credentials."));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/auth/api-auth-token/", async (HttpContext http, SignInWithPassword signIn, TimeProvider time, CancellationToken cancellation) =>
        {
            var body = await RequestFields.ReadAsync(http, cancellation);
            if (body.Failed) return body.Problem.Answer();
            if (body.Value.Peek("username") is not { } username || body.Value.Peek("password") is not { } password) return Refused.Answer();
            var outcome = await signIn.ByUsernameAsync(username, password, NewSession.Juke(Caller.Of(http), time.GetUtcNow()), Limits.Address(http), cancellation);
            if (!outcome.Failed) return Answers.Json(new TokenResult(outcome.Value.Session.Secret!), JukeJson.Plain.TokenResult);
            return (outcome.Problem.Code is ProblemCode.InvalidCredentials or ProblemCode.AccountDisabled ? Refused : outcome.Problem).Answer();
        })
        .WithName("obtainToken").WithSummary("Sign in with a username and a password, for a token")
        .WithDescription("An `Authorization` header counts for nothing here. Every refusal is the same.")
        .Takes(JukeJson.Plain.TokenRequest)
        .Gives(JukeJson.Plain.TokenResult);

        routes.MapPost("/api/v1/auth/session/logout/", async (HttpContext http, SignOut signOut, CancellationToken cancellation) =>
        {
            await signOut.OfCallerAsync(CurrentUser.Of(http), cancellation);
            return TypedResults.NoContent();
        })
        .WithName("endToken").WithSummary("End the session of this token, and no other")
        .GivesNothing();
    }
}
