namespace Juke.Server.Plumbing;

/// <summary>
/// The security log: one line an event, category <c>Juke.Audit</c>, with ids and reasons, never a credential, an address
/// typed by somebody, or a provider's body (ASVS 16.2.5, 16.3.1).
/// </summary>
internal sealed class Audit(ILoggerFactory loggers)
{
    private readonly ILogger logger = loggers.CreateLogger("Juke.Audit");

    public void SignedIn(long userId, string door, string? address) =>
        logger.LogInformation("Signed in: user {UserId} through {Door} from {Address}", userId, door, address);

    public void SignInRefused(string door, string reason, string? address) =>
        logger.LogInformation("Sign-in refused: {Door}, {Reason}, from {Address}", door, reason, address);

    public void AccountMade(long userId, string door) => logger.LogInformation("Account made: user {UserId} through {Door}", userId, door);

    public void SessionEnded(long userId, string reason) => logger.LogInformation("Session ended: user {UserId}, {Reason}", userId, reason);

    public void Alarm(long userId, string what) => logger.LogWarning("Alarm: user {UserId}, {What}", userId, what);

    public void PasswordChanged(long userId, string how) => logger.LogInformation("Password changed: user {UserId}, {How}", userId, how);

    public void AddressProved(long userId, string how) => logger.LogInformation("Address proved: user {UserId}, {How}", userId, how);

    public void IdentityLinked(long userId, string provider, string how) => logger.LogInformation("Identity linked: user {UserId}, {Provider}, {How}", userId, provider, how);

    public void LinkRefused(long userId, string provider, string reason) => logger.LogInformation("Link refused: user {UserId}, {Provider}, {Reason}", userId, provider, reason);

    public void AccessTokenUsed(string outcome, string? address) => logger.LogInformation("Deprecated access token at social-login: {Outcome}, from {Address}", outcome, address);

    public void TokenInAddress(long userId, string? address) => logger.LogInformation("Connect with a token in the address: user {UserId}, from {Address}", userId, address);

    public void TripRefused(string provider, string reason, string? address) => logger.LogInformation("Trip refused: {Provider}, {Reason}, from {Address}", provider, reason, address);

    public void TargetRefused(string provider, string parameter, string? address) =>
        logger.LogInformation("Trip target refused: {Provider}, {Parameter} leads elsewhere, from {Address}", provider, parameter, address);

    public void AddressRemoved(long userId, string how) => logger.LogInformation("Address removed: user {UserId}, {How}", userId, how);

    public void ConnectionEnded(long userId, string provider, string reason) =>
        logger.LogInformation("Connection ended: user {UserId}, {Provider}, {Reason}", userId, provider, reason);
}
