using System.Globalization;
using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Juke.Server.SignUp;
using Juke.Server.Spotify;

namespace Juke.Server.JukeApi;

/// <summary>
/// <c>POST /api/v1/auth/social-login/</c> (legacy-wire A.4): the Spotify door in the Juke dialect. The old form, a bare access
/// token, is contained: off outside development, announced as going, counted, no way into an account that has another one, and its
/// session gets nothing that was granted to Juke alone.
/// </summary>
internal sealed class SocialLogin(SpotifySignIn withCode, SignInWithProvider signIn, SpotifyService spotify, Credentials credentials, Limits limits, Audit audit, Settings settings, TimeProvider time)
{
    private static readonly DateTimeOffset DeprecatedAt = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset GoneAt = new(2027, 5, 21, 0, 0, 0, TimeSpan.Zero);

    private static readonly (string, string, string) Names = ("code", "code_verifier", "redirect_uri");

    private static readonly Problem AlreadySignedIn = new(
        ProblemCode.AlreadySignedIn, "You are already signed in. Use /api/v1/auth/connect/spotify/ to link or relink Spotify.");

    private static readonly Problem Off = new(
        ProblemCode.AccessTokenSignInOff, "Signing in with an access token is switched off. Send 'code', 'code_verifier' and 'redirect_uri' instead.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/auth/social-login/", async (HttpContext http, SocialLogin login, CancellationToken cancellation) =>
        {
            var outcome = await login.RunAsync(http, cancellation);
            return outcome.Failed ? outcome.Problem.Answer() : Answers.Json(login.Answer(outcome.Value), JukeJson.Plain.SocialLoginResult);
        })
        .WithName("socialLogin").WithSummary("Sign in with Spotify, or make an account")
        .WithDescription("Send code, code_verifier and redirect_uri. A bare access_token is deprecated: it is refused unless the server is told otherwise, and its answers carry Deprecation, Sunset and Link. Route by onboarding_required.")
        .Takes(JukeJson.Plain.SocialLoginRequest)
        .Gives(JukeJson.Plain.SocialLoginResult)
        .GivesHeader("Deprecation", "When the form with access_token was deprecated (RFC 9745); on its answers only.")
        .GivesHeader("Sunset", "When it will be gone (RFC 8594); on its answers only.")
        .GivesHeader("Link", "rel=deprecation: what to send instead; on its answers only.")
        .Problems(
            ProblemCode.AlreadySignedIn, ProblemCode.AccessTokenSignInOff, ProblemCode.InvalidProviderToken, ProblemCode.ProviderRefused, ProblemCode.AccountDisabled,
            ProblemCode.ProviderUnavailable);

    private async Task<Outcome<SignedIn>> RunAsync(HttpContext http, CancellationToken cancellation)
    {
        var body = await RequestFields.ReadAsync(http, cancellation);
        if (body.Failed) return body.Problem;
        var read = Read(body.Value);
        var session = NewSession.Juke(Caller.Of(http), time.GetUtcNow());
        if (IsBare(body.Value))
        {
            Announce(http);
            var outcome = read.Failed ? read.Problem
                : read.Value.AccessToken is { } token ? await WithAccessTokenAsync(http, token, session, cancellation)
                : Missing(settings.Spotify is { AcceptAccessTokens: true } ? "access_token" : "code");
            Metrics.SignedInWithAccessToken(outcome.Failed ? outcome.Problem.Code.ToLowerInvariant() : "success");
            audit.AccessTokenUsed(outcome.Failed ? outcome.Problem.Code : "signed in", session.Caller.Address);
            return outcome;
        }
        if (read.Failed) return read.Problem;
        if (await credentials.FromHeaderAsync(http) is not null) return AlreadySignedIn;
        var request = read.Value;
        if (request.Code is null) return Missing(settings.Spotify is { AcceptAccessTokens: true } ? "access_token" : "code");
        if (request.CodeVerifier is null) return Missing("code_verifier");
        if (request.RedirectUri is null) return Missing("redirect_uri");
        return await withCode.RunAsync(new SpotifySignInRequest(request.Code, request.CodeVerifier, request.RedirectUri), Names, session, cancellation);
    }

    private async Task<Outcome<SignedIn>> WithAccessTokenAsync(HttpContext http, string token, NewSession session, CancellationToken cancellation)
    {
        if (await credentials.FromHeaderAsync(http) is not null) return AlreadySignedIn;
        if (settings.Spotify is { AcceptAccessTokens: false }) return Off;
        if (limits.CheckIdentifier(Limits.Address(http), "social-login", "access token") is { } tooMany) return tooMany;
        var person = await spotify.WhoIsAsync(token, cancellation);
        if (!person.Failed) return await signIn.RunAsync(person.Value, session with { ByBareToken = true }, tokens: null, cancellation);
        audit.SignInRefused(ProviderPerson.Spotify, person.Problem.Code, session.Caller.Address);
        Metrics.SignedIn(ProviderPerson.Spotify, success: false);
        return person.Problem;
    }

    /// <summary>The old keys in their order, and the two new ones.</summary>
    private SocialLoginResult Answer(SignedIn signedIn)
    {
        var user = signedIn.Account.ToUser();
        var url = new Uri(settings.PublicUrl, string.Create(CultureInfo.InvariantCulture, $"/api/v1/users/{user.Id}/")).AbsoluteUri;
        return new SocialLoginResult(url, user.Username ?? "", user.Email ?? "", [], signedIn.Account.IsActive, signedIn.Session.Secret!, user.OnboardingRequired, signedIn.IsNewUser);
    }

    private void Announce(HttpContext http)
    {
        // RFC 9745: a structured date, seconds of Unix time. RFC 8594: an HTTP date.
        http.Response.Headers["Deprecation"] = "@" + DeprecatedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["Sunset"] = GoneAt.ToString("R", CultureInfo.InvariantCulture);
        http.Response.Headers.Link = $"<{new Uri(settings.PublicUrl, "/docs").AbsoluteUri}>; rel=\"deprecation\"; type=\"text/html\"";
    }

    /// <summary>Whether it is the old form, however wrong its members are.</summary>
    private static bool IsBare(RequestFields fields) => string.IsNullOrWhiteSpace(fields.Peek("code")) && fields.Has("access_token");

    /// <summary>The four members that count; others are ignored, as everywhere in this dialect.</summary>
    private static Outcome<SocialLoginRequest> Read(RequestFields fields)
    {
        var request = new SocialLoginRequest(AtMost("code"), fields.Optional("code_verifier"), fields.Optional("redirect_uri"), AtMost("access_token"));
        if (request.CodeVerifier is not null && !SpotifyCode.IsVerifier(request.CodeVerifier)) fields.Errors.Add(("code_verifier", SpotifyCode.VerifierText));
        return fields.Errors.Count > 0 ? Problem.Fields(fields.Errors) : request;

        string? AtMost(string name)
        {
            var text = fields.Optional(name);
            if (text?.Length > SpotifySignInRequest.MaxCode) fields.Errors.Add((name, $"Ensure this field has no more than {SpotifySignInRequest.MaxCode} characters."));
            return text;
        }
    }

    private static Problem Missing(string name) => new(ProblemCode.BadRequest, $"'{name}' is required.");
}
