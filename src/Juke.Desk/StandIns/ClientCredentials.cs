using System.Text;
using Microsoft.AspNetCore.Http;

namespace Juke.Desk.StandIns;

/// <summary>Who an app says it is at a token endpoint: by Basic, or in the body (RFC 6749, 2.3.1).</summary>
/// <param name="Id">The client id; null = none was sent.</param>
/// <param name="Secret">The secret; null = none was sent.</param>
internal sealed record ClientCredentials(string? Id, string? Secret)
{
    /// <summary>Reads them; a Basic header that cannot be read is nobody.</summary>
    public static ClientCredentials Read(HttpRequest request, IFormCollection form)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0) return new(form["client_id"].FirstOrDefault(), form["client_secret"].FirstOrDefault());
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return new(null, null);
        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..].Trim())).Split(':', 2);
            return pair is [var id, var secret] ? new(Uri.UnescapeDataString(id), Uri.UnescapeDataString(secret)) : new(null, null);
        }
        catch (FormatException)
        {
            return new(null, null);
        }
    }
}
