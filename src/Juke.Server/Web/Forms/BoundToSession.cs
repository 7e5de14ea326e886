using System.Buffers.Text;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.Antiforgery;

namespace Juke.Server.Web;

/// <summary>Binds antiforgery tokens to the session: one that a guest or somebody else was given is of no use.</summary>
internal sealed class BoundToSession : IAntiforgeryAdditionalDataProvider
{
    public string GetAdditionalData(HttpContext context) =>
        CurrentUser.Find(context) is { } user ? Base64Url.EncodeToString(user.Sid) : "";

    public bool ValidateAdditionalData(HttpContext context, string additionalData) =>
        string.Equals(additionalData, GetAdditionalData(context), StringComparison.Ordinal);
}
