namespace Juke.Server.Gate;

/// <summary>
/// What is open, spelled out. A route that is in neither list is behind the whole gate: signed in, and onboarding done
/// (contract §3). Opening a route is an edit to this file, and to nothing else.
/// </summary>
internal static class OpenRoutes
{
    /// <summary>No credential asked.</summary>
    public static readonly string[] Anonymous =
    [
        "POST /auth/register",
        "POST /auth/login",
        "POST /auth/spotify",
        "POST /auth/google",
        "POST /api/v1/auth/social-login",
        "POST /auth/refresh",
        "POST /auth/logout",
        "POST /auth/forgot-password",
        "POST /auth/reset-password",
        "POST /auth/verify-email/reject",
        "POST /api/v1/auth/accounts/register",
        "POST /api/v1/auth/accounts/verify-registration",
        "POST /api/v1/auth/accounts/resend-registration",
        "POST /api/v1/auth/api-auth-token",
        "GET /health/live",
        "GET /health/ready",
        "GET /openapi/v1.json",
        "GET /docs",
        "GET /docs/{file}",

        // Pages
        "GET /",
        "GET /login",
        "POST /login",
        "GET /register",
        "POST /register",
        "GET /forgot-password",
        "POST /forgot-password",
        "GET /reset-password",
        "POST /reset-password",
        "GET /verify-email",
        "POST /verify-email",
        "POST /verify-email/reject",
        "GET /verify-user",
        "POST /verify-user",
        "POST /logout",
        "GET /auth/spotify/start",
        "GET /auth/spotify/callback",
        "GET /auth/google/start",
        "GET /auth/google/callback",
        "GET /connect/spotify",
        "POST /connect/spotify",
        "GET /api/v1/social-auth/login/spotify",
        "GET /api/v1/social-auth/complete/spotify",
        "GET /api/v1/auth/connect/spotify",
        "GET /offline",
    ];

    /// <summary>A credential, but onboarding is not asked.</summary>
    public static readonly string[] SignedIn =
    [
        "GET /auth/me",
        "POST /auth/onboarding/complete",
        "GET /auth/username/check",
        "GET /api/onboarding",
        "POST /api/onboarding/skip",
        "GET /api/v1/onboarding",
        "GET /api/v1/music-profiles/me",
        "PATCH /api/v1/music-profiles/me",
        "POST /api/v1/music-profiles/me",
        "PUT /api/v1/music-profiles/me",
        "POST /api/v1/auth/session/logout",
        "GET /auth/sessions",
        "DELETE /auth/sessions/{id}",
        "POST /auth/sessions/revoke-all",
        "POST /auth/change-password",
        "POST /auth/email",
        "POST /auth/verify-email",

        "GET /api/v1/auth/spotify/status",
        "POST /api/v1/auth/spotify/token",
        "POST /api/v1/auth/spotify/disconnect",

        // What onboarding asks about
        "GET /api/v1/genres/featured",
        "GET /api/v1/cities",
        "GET /api/v1/artists",

        // Pages
        "GET /onboarding",
        "GET /onboarding/{step}",
        "POST /onboarding/{step}",
        "GET /onboarding/username/check",
        "GET /settings",
        "GET /settings/connect/spotify",
        "POST /settings/sessions/{id}/end",
        "POST /settings/sessions/end-others",
        "POST /settings/password",
        "POST /settings/email",
        "POST /settings/disconnect/spotify",
    ];
}
