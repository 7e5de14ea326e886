using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Apis.Auth;
using Google.Apis.Http;

namespace Juke.Server.Google;

/// <summary>
/// Whether an ID token is signed by this key of Google, asked of Google.Apis.Auth. The library speaks with nobody: what it
/// believes to fetch is the one key that the token names, so that it cannot take another one for it.
/// </summary>
internal static class GoogleSignature
{
    // The library's clock cannot be set, so its view of time is switched off here, and GoogleClaims judges by ours.
    private static readonly TimeSpan AnyTime = TimeSpan.FromDays(36_500);

    public static async Task<bool> IsGoodAsync(string token, JsonElement key, CancellationToken cancellation)
    {
        var set = Encoding.UTF8.GetBytes($$"""{"keys":[{{key.GetRawText()}}]}""");
        var options = new SignedTokenVerificationOptions
        {
            // It keeps what it fetched for an hour by this text, in a static cache: one entry for each key that Google ever had.
            CertificatesUrl = "https://keys.invalid/" + Convert.ToHexStringLower(SHA256.HashData(set)),
            HttpClientFactory = new Handed(set),
            IssuedAtClockTolerance = AnyTime,
            ExpiryClockTolerance = AnyTime,
        };
        try
        {
            await JsonWebSignature.VerifySignedTokenAsync(token, options, cancellation);
            return true;
        }
        // InvalidJwtException, and for odd tokens FormatException, ArgumentException, those of Newtonsoft.Json…: none of them is ours.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return false;
        }
    }

    private sealed class Handed(byte[] set) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new Answer(set);

        private sealed class Answer(byte[] set) : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
                Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(set), RequestMessage = request });
        }
    }
}
