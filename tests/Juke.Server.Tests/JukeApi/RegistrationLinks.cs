using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Juke.Testing;

namespace Juke.Server.Tests.JukeApi;

/// <summary>The link of a registration mail, as the page or app behind it takes it apart.</summary>
internal static partial class RegistrationLinks
{
    /// <summary>The body for <c>verify-registration/</c>: three texts, as they stand in the address.</summary>
    public static async Task<JsonObject> WaitForAsync(JukeServer server, string email, int count = 1)
    {
        var mail = await server.Mailbox.WaitForAsync(email, "verify your Account", count);
        var link = Link().Match(mail.Body);
        return new JsonObject { ["user_id"] = link.Groups[1].Value, ["timestamp"] = link.Groups[2].Value, ["signature"] = link.Groups[3].Value };
    }

    [GeneratedRegex(@"/verify-user/\?user_id=(\d+)&timestamp=(\d+)&signature=([\w-]+)")]
    private static partial Regex Link();
}
