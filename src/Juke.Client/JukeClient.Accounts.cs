using System.Text.Json.Nodes;
using Juke.Contract.Wire;
using static Juke.Client.Call;

namespace Juke.Client;

/// <content>Onboarding, and the account's name, address and password.</content>
public sealed partial class JukeClient
{
    /// <summary>
    /// <c>POST /auth/onboarding/complete</c>: sets the username, saves the answers and finishes onboarding. Through
    /// <see cref="Session.Juke"/> the session's user is read anew before the answer is given.
    /// </summary>
    /// <param name="username">The name; 409 <c>USERNAME_TAKEN</c> brings a free one in <see cref="ProblemBody.Suggestion"/>.</param>
    /// <param name="profile">Answers to save with it, keys as in <see cref="ProfileAnswers"/>; null saves none.</param>
    /// <param name="cancellation">The caller no longer waits.</param>
    public Task<CompleteResult> CompleteOnboardingAsync(string username, JsonObject? profile = null, CancellationToken cancellation = default)
    {
        var body = new JsonObject { ["username"] = username };
        if (profile is not null) body["profile"] = profile.DeepClone();
        return call.SendAsync(HttpMethod.Post, CompletePath, Json(body, ClientJson.Default.JsonObject), ClientJson.Default.CompleteResult, cancellation);
    }

    internal const string CompletePath = "/auth/onboarding/complete";

    /// <summary><c>GET /api/onboarding</c>: what is asked, what is answered, what comes next.</summary>
    public Task<OnboardingState> GetOnboardingAsync(CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Get, "/api/onboarding", null, ClientJson.Default.OnboardingState, cancellation);

    /// <summary><c>POST /api/onboarding/skip</c>: do not ask this step again.</summary>
    public Task<OnboardingState> SkipOnboardingStepAsync(SkipRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/api/onboarding/skip", Json(request, ClientJson.Default.SkipRequest), ClientJson.Default.OnboardingState, cancellation);

    /// <summary><c>GET /auth/username/check</c>: could the user take this name now?</summary>
    public Task<UsernameAvailability> CheckUsernameAsync(string username, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Get, "/auth/username/check?username=" + Uri.EscapeDataString(username), null, ClientJson.Default.UsernameAvailability, cancellation);

    /// <summary><c>POST /auth/change-password</c>: ends every other session. 401 <c>INVALID_CREDENTIALS</c> is a wrong current password, and signs nobody out.</summary>
    public Task<Done> ChangePasswordAsync(ChangePasswordRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/auth/change-password", Json(request, ClientJson.Default.ChangePasswordRequest), ClientJson.Default.Done, cancellation);

    /// <summary><c>POST /auth/forgot-password</c>: mails a link, if there is such an account; the answer is the same either way.</summary>
    public Task<Done> ForgotPasswordAsync(ForgotPasswordRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/auth/forgot-password", Json(request, ClientJson.Default.ForgotPasswordRequest), ClientJson.Default.Done, cancellation);

    /// <summary><c>POST /auth/reset-password</c>: a new password by the link of a mail. Ends every session.</summary>
    public Task<Done> ResetPasswordAsync(ResetPasswordRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/auth/reset-password", Json(request, ClientJson.Default.ResetPasswordRequest), ClientJson.Default.Done, cancellation);

    /// <summary><c>POST /auth/email</c>: add or change the address; it counts once its link was followed.</summary>
    public Task<Done> AddEmailAsync(AddEmailRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/auth/email", Json(request, ClientJson.Default.AddEmailRequest), ClientJson.Default.Done, cancellation);

    /// <summary><c>POST /auth/verify-email</c>: proves the address, in a session of the same account.</summary>
    public Task<Done> VerifyEmailAsync(EmailTokenRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/auth/verify-email", Json(request, ClientJson.Default.EmailTokenRequest), ClientJson.Default.Done, cancellation);

    /// <summary><c>POST /auth/verify-email/reject</c>: "not me" takes the address off the account.</summary>
    public Task<Done> RejectEmailAsync(EmailTokenRequest request, CancellationToken cancellation = default) =>
        call.SendAsync(HttpMethod.Post, "/auth/verify-email/reject", Json(request, ClientJson.Default.EmailTokenRequest), ClientJson.Default.Done, cancellation);
}
