using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Juke.Server.SignUp;

namespace Juke.Server.JukeApi;

/// <summary>Registering as shipped Juke apps do, and the link that completes it: <c>/api/v1/auth/accounts/…</c> (legacy-wire A.2).</summary>
internal static class Registration
{
    private static readonly string[] Fields = ["username", "email", "password", "password_confirm"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/auth/accounts/register/", async (HttpContext http, RegisterPending register, Limits limits, Settings settings, CancellationToken cancellation) =>
        {
            if (settings.RegistrationIsOff) return Register.Off.Answer();
            var body = await RequestFields.ReadAsync(http, cancellation);
            if (body.Failed) return body.Problem.Answer();
            var outcome = await RegisterAsync(body.Value, register, limits, Limits.Address(http), FrontendOrigin.Of(http, settings), cancellation);
            if (outcome.Failed) return outcome.Problem.Answer();
            var made = new Contract.Wire.Registration(outcome.Value.Id, outcome.Value.Username!, "", "", outcome.Value.Email!);
            return Answers.Json(made, JukeJson.Plain.Registration, StatusCodes.Status201Created);
        })
        .WithName("registerAccount").WithSummary("Make an account that can be used once the link of its mail was followed")
        .WithDescription("After 7 days without that, its name and address are anybody's again.")
        .Takes(JukeJson.Plain.RegistrationRequest)
        .Gives(JukeJson.Plain.Registration, StatusCodes.Status201Created)
        .Problems(ProblemCode.RegistrationOff);

        routes.MapPost("/api/v1/auth/accounts/verify-registration/", async (HttpContext http, VerifyRegistration verify, TimeProvider time, CancellationToken cancellation) =>
        {
            var body = await RequestFields.ReadAsync(http, cancellation);
            if (body.Failed) return body.Problem.Answer();
            var fields = body.Value;
            var link = new RegistrationLink(fields.Text("user_id"), fields.Digits("timestamp"), fields.Text("signature"));
            if (fields.Errors.Count > 0) return Problem.Fields(fields.Errors).Answer();
            var session = NewSession.Juke(Caller.Of(http), time.GetUtcNow());
            var outcome = await verify.RunAsync(link, session, Limits.Address(http), cancellation);
            if (outcome.Failed) return outcome.Problem.Answer();
            return Answers.Json(new Verification("Account verified.", session.Secret!, outcome.Value.Username ?? ""), JukeJson.Plain.Verification);
        })
        .WithName("verifyRegistration").WithSummary("Follow the link of a registration, and sign in")
        .WithDescription("The link is good once, for 7 days.")
        .Takes(JukeJson.Plain.VerificationRequest)
        .Gives(JukeJson.Plain.Verification)
        .Problems(ProblemCode.InvalidLink);

        routes.MapPost("/api/v1/auth/accounts/resend-registration/", async (HttpContext http, ResendRegistration resend, Settings settings, CancellationToken cancellation) =>
        {
            if (settings.RegistrationIsOff) return Register.Off.Answer();
            var body = await RequestFields.ReadAsync(http, cancellation);
            if (body.Failed) return body.Problem.Answer();
            var (email, username) = (body.Value.Optional("email"), body.Value.Optional("username"));
            if (body.Value.Errors.Count > 0) return Problem.Fields(body.Value.Errors).Answer();
            var problem = await resend.RunAsync(email, username, FrontendOrigin.Of(http, settings), Limits.Address(http), cancellation);
            return problem is null ? Answers.Json(new Said(ResendRegistration.Answer), JukeJson.Plain.Said) : problem.Answer();
        })
        .WithName("resendRegistration").WithSummary("Mail the link of a registration once more")
        .WithDescription("The earlier link is good for nothing then.")
        .Takes(JukeJson.Plain.ResendRequest)
        .Gives(JukeJson.Plain.Said)
        .Problems(ProblemCode.RegistrationOff);
    }

    // In the old order: every field by itself and whether it is taken, all at once; the passwords only when those are fine.
    private static async Task<Outcome<Account>> RegisterAsync(
        RequestFields fields, RegisterPending register, Limits limits, string address, string? origin, CancellationToken cancellation)
    {
        var username = RegistrationTexts.Username(fields);
        var email = RegistrationTexts.Email(fields);
        var (password, confirm) = (fields.Exact("password"), fields.Exact("password_confirm"));
        if (password.Length == 0) fields.NoteBlank("password");
        if (confirm.Length == 0) fields.NoteBlank("password_confirm");
        // Without an address it is a question for names, and all of those count together.
        if (limits.CheckIdentifier(address, "register", email is null ? "" : EmailAddress.Key(email)) is { } tooMany) return tooMany;

        var taken = await register.AreTakenAsync(username, email, cancellation);
        if (taken.Username) fields.Errors.Add(RegistrationTexts.UsernameTaken);
        if (taken.Email) fields.Errors.Add(RegistrationTexts.EmailTaken);
        if (fields.Errors.Count > 0) return InFieldOrder(fields.Errors);

        if (password != confirm) fields.Errors.Add(("password_confirm", "Passwords don't match"));
        fields.Errors.AddRange(RegistrationTexts.Password(password, username!, email!).Select(fault => ("password", fault)));
        if (fields.Errors.Count > 0)
        {
            // The old answer had this list as well, empty, and clients that look there find it.
            var problem = InFieldOrder(fields.Errors);
            return problem with { Errors = problem.Errors!.SetItem("non_field_errors", []) };
        }

        var made = await register.RunAsync(new PendingRegistration(username!, email!, password, origin), cancellation);
        return made switch
        {
            // Somebody was quicker.
            { Problem.Code: ProblemCode.UsernameTaken } => Problem.Fields(RegistrationTexts.UsernameTaken),
            { Problem.Code: ProblemCode.EmailTaken } => Problem.Fields(RegistrationTexts.EmailTaken),
            _ => made,
        };
    }

    private static Problem InFieldOrder(IEnumerable<(string Field, string Message)> errors) => Problem.Fields([.. errors.OrderBy(e => Array.IndexOf(Fields, e.Field))]);
}

/// <summary>Which app's pages a mailed link leads to.</summary>
internal static class FrontendOrigin
{
    /// <summary>The browser app that asks, if it is one that may; null: our own pages.</summary>
    public static string? Of(HttpContext http, Settings settings)
    {
        if (Find(http.Request.Headers.Origin.ToString()) is { } origin) return origin;
        return Uri.TryCreate(http.Request.Headers.Referer.ToString(), UriKind.Absolute, out var referer) ? Find(referer.GetLeftPart(UriPartial.Authority)) : null;

        string? Find(string asked) => settings.Origins.FirstOrDefault(o => o == asked);
    }
}
