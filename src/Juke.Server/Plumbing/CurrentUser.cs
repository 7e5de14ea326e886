using Juke.Server.Data;

namespace Juke.Server.Plumbing;

/// <summary>Who the Gate let through: the account as it was read for this very request, and the session that spoke.</summary>
internal sealed record CurrentUser(Account Account, byte[] Sid, string Kind)
{
    public long Id => Account.Id;

    /// <summary>The user of a request behind the gate.</summary>
    public static CurrentUser Of(HttpContext http) =>
        Find(http) ?? throw new InvalidOperationException("This route is open to guests, so there may be no user. Use Find.");

    /// <summary>The user, or null where the route is open and the caller a guest.</summary>
    public static CurrentUser? Find(HttpContext http) => http.Features.Get<CurrentUser>();
}
