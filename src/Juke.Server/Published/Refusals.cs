using Juke.Contract;
using Juke.Server.Plumbing;

namespace Juke.Server.Published;

/// <summary>One refusal of each code in each dialect, as the server says it: a test holds each against what that dialect answers.</summary>
internal static class Refusals
{
    public static Problem Of(string code, bool isJuke) => code switch
    {
        ProblemCode.ValidationFailed when isJuke => Problem.Fields(("bio", "Not a valid string.")),
        ProblemCode.ValidationFailed => Problem.Fields(("username", "Username must be at least 3 characters long")),
        ProblemCode.OnboardingRequired => new Problem(code, "Onboarding required. Please complete onboarding first.") { Missing = ["username"] },
        ProblemCode.OnboardingIncomplete => new Problem(code, "Some required answers are missing: favorite_genres.") { Missing = ["favorite_genres"] },
        ProblemCode.UsernameTaken => new Problem(code, "Username already taken") { Suggestion = "ada_lovelace42" },
        _ => new Problem(code, (isJuke ? JukeText(code) : null) ?? Text(code)),
    };

    // Where the Juke dialect keeps the old server's words, or refuses somewhere else.
    private static string? JukeText(string code) => code switch
    {
        ProblemCode.BadRequest => "JSON parse error - the body is not valid JSON.",
        ProblemCode.InvalidLink => "Invalid signature",
        ProblemCode.Unauthorized => "Authentication credentials were not provided.",
        ProblemCode.Forbidden => "You do not have permission to perform this action.",
        ProblemCode.NotFound => "Not found.",
        ProblemCode.PayloadTooLarge => "The request body is too large.",
        ProblemCode.UnsupportedMediaType => "Unsupported media type \"text/plain\" in request.",
        ProblemCode.TooManyRequests => "Request was throttled. Expected available in 60 seconds.",
        _ => null,
    };

    private static string Text(string code) => code switch
    {
        ProblemCode.BadRequest => "The body is not valid JSON of the expected shape.",
        ProblemCode.ProfileExists => "Profile already exists for this user.",
        ProblemCode.RegistrationOff => "Registration is temporarily disabled. Please try again later.",
        ProblemCode.InvalidLink => "Invalid or expired link",
        ProblemCode.NoPassword => "This account has no password to change.",
        ProblemCode.AccessTokenSignInOff => "Signing in with an access token is switched off. Send 'code', 'code_verifier' and 'redirect_uri' instead.",
        ProblemCode.SpotifyNotConnected => "Connect Spotify before requesting a streaming token.",
        ProblemCode.SpotifyRefreshFailed or ProblemCode.SpotifyAccessTokenUnavailable => "Spotify authentication expired. Please reconnect your account.",
        ProblemCode.UnsupportedContractVersion => $"Supported contract versions: {string.Join(", ", ContractVersion.All)}.",
        ProblemCode.Unauthorized => "Unauthorized",
        ProblemCode.InvalidCredentials => "Invalid credentials",
        ProblemCode.InvalidProviderToken => "Spotify does not know this sign-in, or it is too old. Please try again.",
        ProblemCode.InvalidRefreshToken or ProblemCode.SessionExpired => "Invalid or expired refresh token",
        ProblemCode.AccountDisabled => "This account has been disabled.",
        ProblemCode.ProviderRefused => "Spotify does not let this account use Juke. Please use another way.",
        ProblemCode.Forbidden => "This link belongs to another account. Sign in to that account and follow the link again.",
        ProblemCode.NotFound => "There is no such session.",
        ProblemCode.MethodNotAllowed => "Music profiles cannot be listed. Use the search endpoint instead.",
        ProblemCode.RequestTimeout => "The request body came too slowly.",
        ProblemCode.EmailTaken => "Email already registered",
        ProblemCode.AlreadySignedIn => "You are already signed in. Use /api/v1/auth/connect/spotify/ to link or relink Spotify.",
        ProblemCode.PreconditionFailed => "The profile was changed since it was read. Read it again, then save.",
        ProblemCode.PayloadTooLarge => "Payload too large.",
        ProblemCode.UnsupportedMediaType => "Unsupported media type.",
        ProblemCode.TooManyRequests => "Too many requests. Try again later.",
        ProblemCode.Internal => "Something went wrong on our side.",
        ProblemCode.ServiceUnavailable => "Juke cannot be reached right now. Please try again.",
        ProblemCode.ProviderUnavailable => "Spotify authentication is temporarily unavailable. Please try again.",
        _ => throw new InvalidOperationException($"{code} has no sample: write what the server says into Published/Refusals.cs. The document shows it, and contract/samples keeps it."),
    };
}
