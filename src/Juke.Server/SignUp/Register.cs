using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Passwords;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;

namespace Juke.Server.SignUp;

/// <summary>The e-mail door: an address and a password are enough; the rest is onboarding.</summary>
internal sealed class Register(AccountCreation accounts, PasswordHashing hashing, Limits limits, Onboarding.UsernameSuggestion suggestion, Settings settings)
{
    /// <summary>The operator said that nobody can register for now (JUKE_DISABLE_REGISTRATION).</summary>
    public static Problem Off { get; } = new(ProblemCode.RegistrationOff, "Registration is temporarily disabled. Please try again later.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/register", async (RegisterRequest request, HttpContext http, Register register, Tokens tokens, TimeProvider time, CancellationToken cancellation) =>
        {
            var session = NewSession.App(Caller.Of(http), time.GetUtcNow());
            var outcome = await register.RunAsync(request, session, Limits.Address(http), cancellation);
            return outcome.Failed ? outcome.Problem.Answer() : Answers.Json(tokens.Answer(http, outcome.Value), CoreJson.Default.AuthResult);
        })
        .WithName("register").WithSummary("Make an account with an e-mail address and a password, and sign in")
        .WithDescription("The address gets a link that confirms it. Route by user.onboardingRequired: a new account goes through onboarding first.")
        .Gives(CoreJson.Default.AuthResult)
        .Problems(ProblemCode.EmailTaken, ProblemCode.UsernameTaken, ProblemCode.RegistrationOff)
        .WritesRefreshCookie();

    /// <summary>Makes the account and opens the session.</summary>
    public async Task<Outcome<SignedIn>> RunAsync(RegisterRequest request, NewSession session, string address, CancellationToken cancellation)
    {
        if (settings.RegistrationIsOff) return Off;
        var errors = new List<(string, string)>();
        if (EmailAddress.Check(request.Email, out var email) is { } emailError) errors.Add(("email", emailError));
        if (NewPassword.Check(request.Password) is { } passwordError) errors.Add(("password", passwordError));
        string? username = null;
        if (request.Username is not null && Username.Check(request.Username, out username) is { } usernameError) errors.Add(("username", usernameError));
        var name = request.Name?.Trim() is { Length: > 0 } text ? text : null;
        if (name?.Length > 255) errors.Add(("name", "The name must be at most 255 characters long"));
        if (errors.Count > 0) return Problem.Fields(errors);

        if (limits.CheckIdentifier(address, "register", EmailAddress.Key(email)) is { } tooMany) return tooMany;
        var hash = await hashing.HashAsync(request.Password!, cancellation);
        if (hash.Failed) return hash.Problem;

        var made = await accounts.CreateAsync(new NewAccount("email", email, Username: username, Name: name, PasswordHash: hash.Value), session, cancellation);
        if (made.Failed)
            return made.Problem.Code == ProblemCode.UsernameTaken ? await suggestion.TakenAsync(username!, cancellation) : made.Problem;
        return new SignedIn(made.Value, session, IsNewUser: true);
    }
}
