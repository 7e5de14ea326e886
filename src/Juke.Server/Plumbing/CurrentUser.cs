using Juke.Server.Data;

namespace Juke.Server.Plumbing;

/// <summary>Who the Gate let through: the account as it was read for this very request, and the session that spoke.</summary>
/// <param name="Account">The account.</param>
/// <param name="Sid">The session.</param>
/// <param name="Kind">The session's, one of <c>Sessions.Lifetimes</c>.</param>
/// <param name="ByBareToken">An access token opened the session that may have been made for another app: whoever is behind it does nothing that would be theirs to keep (C8).</param>
internal sealed record CurrentUser(Account Account, byte[] Sid, string Kind, bool ByBareToken)
{
    public long Id => Account.Id;

    /// <summary>The user of a request behind the gate.</summary>
    public static CurrentUser Of(HttpContext http) =>
        Find(http) ?? throw new InvalidOperationException("This route is open to guests, so there may be no user. Use Find.");

    /// <summary>The user, or null where the route is open and the caller a guest.</summary>
    public static CurrentUser? Find(HttpContext http) => http.Features.Get<CurrentUser>();
}
