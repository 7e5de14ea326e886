using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Passwords;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Sessions;

/// <summary>Sign-in with an address or username and a password. Whether the account exists is nowhere to be seen.</summary>
internal sealed class SignInWithPassword(NpgsqlDataSource database, PasswordHashing hashing, Limits limits, Audit audit)
{
    private const int MaxNameLength = 300;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/login", async (LoginRequest request, HttpContext http, SignInWithPassword signIn, Tokens tokens, TimeProvider time, CancellationToken cancellation) =>
        {
            var session = NewSession.App(Caller.Of(http), time.GetUtcNow());
            var outcome = await signIn.RunAsync(request, session, Limits.Address(http), cancellation);
            return outcome.Failed ? outcome.Problem.Answer() : Answers.Json(tokens.Answer(http, outcome.Value), CoreJson.Default.AuthResult);
        })
        .WithName("login").WithSummary("Sign in with an address or username, and a password").Gives(CoreJson.Default.AuthResult)
        .Problems(ProblemCode.InvalidCredentials, ProblemCode.AccountDisabled)
        .WritesRefreshCookie();

    public async Task<Outcome<SignedIn>> RunAsync(LoginRequest request, NewSession session, string address, CancellationToken cancellation)
    {
        var errors = new List<(string, string)>();
        if (string.IsNullOrEmpty(request.EmailOrUsername)) errors.Add(("emailOrUsername", "Enter your e-mail address or username"));
        if (string.IsNullOrEmpty(request.Password)) errors.Add(("password", "Enter your password"));
        if (errors.Count > 0) return Problem.Fields(errors);

        // Longer than anything that is stored: no account has it, and no work is spent on it.
        if (request.EmailOrUsername!.Length > MaxNameLength || request.Password!.Length > Password.MaxTypedLength) return Refuse("too long", session);

        return await RunAsync(request.EmailOrUsername.Trim(), orAddress: true, request.Password, session, address, cancellation);
    }

    /// <summary>With a username and nothing else, taken as it is: shipped Juke apps (legacy-wire A.3). Refused for one reason only.</summary>
    public async Task<Outcome<SignedIn>> ByUsernameAsync(string username, string password, NewSession session, string address, CancellationToken cancellation) =>
        username.Length > MaxNameLength || password.Length > Password.MaxTypedLength || !Text.IsWellFormed(username)
            ? Refuse("no such name", session)
            : await RunAsync(username, orAddress: false, password, session, address, cancellation);

    private async Task<Outcome<SignedIn>> RunAsync(string text, bool orAddress, string password, NewSession session, string address, CancellationToken cancellation)
    {
        var key = Text.Key(text);
        if (limits.CheckIdentifier(address, "login", key) is { } tooMany) return tooMany;
        await limits.DelayAsync(key, cancellation);

        var outcome = await TryAsync(text, orAddress, key, password, session, cancellation);
        // Changed between reading and writing: often only by a sign-in beside this one, which stored a stronger hash of the
        // same password. So look once more.
        return outcome ?? await TryAsync(text, orAddress, key, password, session, cancellation) ?? Refuse("changed meanwhile", session);
    }

    /// <summary>
    /// Null when the account changed after it was read. Where several accounts have the name, each password is looked at, so
    /// every refusal of one text is the same work.
    /// </summary>
    private async Task<Outcome<SignedIn>?> TryAsync(string text, bool orAddress, string key, string password, NewSession session, CancellationToken cancellation)
    {
        var found = await Accounts.FindByTextAsync(database, text, key, orAddress, cancellation);
        Account? closed = null;
        foreach (var (account, passwordHash) in found)
        {
            var verified = await hashing.VerifyAsync(passwordHash, password, cancellation);
            if (verified.Failed) return verified.Problem;
            if (!verified.Value.IsRight) continue;
            if (!account.IsActive)
            {
                closed ??= account;
                continue;
            }
            if (!await SessionRows.InsertAsync(database, session.Row, account.Id, passwordHash, verified.Value.Rehash, cancellation)) return null;
            limits.Succeeded(key);
            audit.SignedIn(account.Id, "password", session.Caller.Address);
            Metrics.SignedIn("password", success: true);
            return new SignedIn(account, session, IsNewUser: false);
        }
        if (closed is { State: "pending" }) return Refuse("pending", session);
        if (closed is not null) return Refuse("disabled", session, Problem.AccountDisabled);

        if (found.Count == 0 && await hashing.VerifyAsync(hash: null, password, cancellation) is { Failed: true } busy) return busy.Problem;
        limits.Failed(key);
        return Refuse(found.Count == 0 ? "unknown" : "wrong password", session);
    }

    private Problem Refuse(string reason, NewSession session, Problem? problem = null)
    {
        audit.SignInRefused("password", reason, session.Caller.Address);
        Metrics.SignedIn("password", success: false);
        return problem ?? Problem.InvalidCredentials;
    }
}
